import type { Connection } from "@bulkhead/core/model/connection";
import { addressOf, hasPorts, isIcmp, noLabels, protocolOf } from "../record.ts";
import { type Conversation, seen } from "./conversations.ts";
import { tcp } from "./packet.ts";
import type { V6Ids } from "./v6-ids.ts";

export interface Setting {
  readonly file: string;
  /** Records of the file before this capture. */
  readonly before: number;
  readonly names: AddressNames;
  readonly note: string | null;
}

export interface AddressNames {
  readonly textOf: (family: 4 | 6, id: number) => string;
}

const namesMax = 65_536;

/** Texts of addresses; the few thousand of a network come again and again. */
export function addressNames(ids: V6Ids): AddressNames {
  const known = { 4: new Map<number, string>(), 6: new Map<number, string>() };
  return {
    textOf(family, id) {
      const texts = known[family];
      const already = texts.get(id);
      if (already !== undefined) return already;
      const text = family === 4 ? `${id >>> 24}.${(id >>> 16) & 255}.${(id >>> 8) & 255}.${id & 255}` : (addressOf(ids.textOf(id)) ?? "::");
      if (texts.size >= namesMax) texts.clear();
      texts.set(id, text);
      return text;
    },
  };
}

/** The record of a conversation. Written out in full: a spread for each costs more than all its packets. */
export function recordOf(conversation: Conversation, { file, before, names, note }: Setting): Connection {
  const protocol = protocolOf(conversation.protocol);
  const client = names.textOf(conversation.family, conversation.client);
  const server = names.textOf(conversation.family, conversation.server);
  const { isTurned, direction } = wayOf(conversation, server);
  const { clientPort, serverPort, packetsThere, packetsBack, bytesThere, bytesBack } = conversation;
  const hasThem = hasPorts(protocol);
  const [openerPort, otherPort] = isTurned ? [serverPort, clientPort] : [clientPort, serverPort];
  return {
    source: "pcap",
    file,
    record: before + conversation.number,
    observer: null,
    first: conversation.first,
    last: conversation.last,
    client: isTurned ? server : client,
    clientPort: hasThem ? openerPort : null,
    server: isTurned ? client : server,
    serverPort: hasThem ? otherPort : null,
    protocol,
    icmpType: isIcmp(protocol) ? openerPort : null,
    packetsToServer: isTurned ? packetsBack : packetsThere,
    bytesToServer: isTurned ? bytesBack : bytesThere,
    packetsToClient: isTurned ? packetsThere : packetsBack,
    bytesToClient: isTurned ? bytesThere : bytesBack,
    direction,
    answered: isAnswered(conversation, isTurned),
    verdict: null,
    rule: null,
    reason: null,
    sampling: null,
    clientLabels: noLabels,
    serverLabels: noLabels,
    note,
  };
}

/** Whether an address is multicast (224/4, ff00::/8) or broadcast. */
const isOfMany = (address: string): boolean => /^(?:22[4-9]|23\d)\.|^ff[0-9a-f]{2}:|^255\.255\.255\.255$/.test(address);

/** Who opened: a handshake says it; without one, the first packet, unless a lone side speaks from a well-known port to a high one. */
function wayOf(
  { flags, protocol, packetsBack, clientPort, serverPort }: Conversation,
  server: string,
): { readonly isTurned: boolean; readonly direction: Connection["direction"] } {
  if ((flags & (seen.syn | seen.synAck)) !== 0) return { isTurned: false, direction: "handshake" };
  // DHCP is the one well-known service whose clients have a well-known port, too.
  const isFromKnown = (clientPort < 1024 && serverPort >= 1024) || (clientPort === 67 && serverPort === 68);
  const looksLikeReply = hasPorts(protocolOf(protocol)) && isFromKnown && !isOfMany(server);
  if (looksLikeReply && (protocol === tcp || packetsBack === 0)) return { isTurned: true, direction: "port" };
  return { isTurned: false, direction: "first-packet" };
}

function isAnswered({ flags, protocol, packetsThere, packetsBack }: Conversation, isTurned: boolean): boolean {
  const replies = isTurned ? packetsThere : packetsBack;
  if (protocol !== tcp || (flags & (seen.syn | seen.synAck)) === 0) return replies > 0;
  return (flags & (seen.synAck | seen.dataBack)) !== 0;
}
