import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoded, Decoder, DecoderInput, FlowFormat } from "@bulkhead/core/outside";
import { addressOf, connectionOf, hasPorts, isIcmp, protocolOf } from "../record.ts";
import { type Container, containerOf, type Damage } from "./container.ts";
import { type Conversation, conversations, seen } from "./conversations.ts";
import { fragments } from "./fragments.ts";
import { isKnownLink, toNetwork } from "./link.ts";
import { readNetwork, readTransport, v6Ids } from "./network.ts";
import { emptyPacket, type Packet } from "./packet.ts";
import { closedTunnelOf, enterTunnel } from "./tunnel.ts";

/** Captures, pcap and pcapng: one record for each connection, counted in IP bytes. */
export const pcap: FlowFormat = {
  name: "pcap",
  recognises: (head) => containerOf(head.subarray(0, 64), emptyPacket()) !== null,
  decoder: captureDecoder,
};

const sweepEvery = 30_000_000;
const layersMax = 6;

function captureDecoder({ file }: DecoderInput): Decoder {
  const packet = emptyPacket();
  const ids = v6Ids();
  const pieces = fragments();
  const names = notes();
  const layers: string[] = [];
  const unreadLinks = new Set<number>();
  let [ready, rest, swept]: [Decoded[], Uint8Array, number] = [[], new Uint8Array(0), 0];
  let container: Container | null = null;
  let isDone = false;
  let [packets, unreadable] = [0, 0];

  const table = conversations((conversation) =>
    ready.push({ kind: "connection", connection: recordOf(conversation, { file, ids, note: names.textOf(conversation.note) }) }),
  );

  function take(linkType: number): void {
    packets += 1;
    layers.length = 0;
    if (!isKnownLink(linkType)) {
      if (!unreadLinks.has(linkType)) damage({ packet: packets, reason: "link-type", message: `packets of link type ${linkType} are not read` });
      unreadLinks.add(linkType);
      return;
    }
    if (!toNetwork(packet, linkType, layers)) return;
    for (let depth = 0; depth < layersMax; depth += 1) {
      if (!readNetwork(packet, ids)) {
        unreadable += 1;
        return;
      }
      readTransport(packet);
      if (!enterTunnel(packet, layers)) break;
    }
    const closed = closedTunnelOf(packet);
    counted(packet, layers.length === 0 && closed === null ? 0 : names.idOf(layers, closed));
  }

  function counted(one: Packet, note: number): void {
    const whole = one.fragmentOffset >= 0 ? pieces.add(one) : one;
    if (whole !== null) table.add(whole, note);
    if (one.at - swept < sweepEvery && one.at >= swept) return;
    table.sweep(one.at);
    swept = one.at;
  }

  const damage = ({ packet: number, reason, message }: Damage): void =>
    void ready.push({ kind: "reject", reject: { file, record: number, line: null, reason, message } });

  function given(): Decoded[] {
    const out = ready;
    ready = [];
    return out;
  }

  return {
    push(bytes) {
      if (isDone) return [];
      const all = rest.length === 0 ? bytes : joined(rest, bytes);
      container ??= all.length >= 64 ? containerOf(all, packet) : null;
      const done = container === null ? 0 : container(all, { packet: take, damage });
      isDone = done < 0;
      rest = isDone ? new Uint8Array(0) : all.slice(done);
      return given();
    },
    end() {
      container ??= containerOf(rest, packet);
      if (!isDone && container !== null && rest.length > 0) rest = rest.slice(Math.max(0, container(rest, { packet: take, damage })));
      for (const piece of pieces.rest()) table.add(piece, 0);
      table.endAll();
      if (rest.length > 0 && !isDone)
        damage({
          packet: packets + 1,
          reason: "truncated",
          message: container === null ? "the file ends inside its header" : `the file ends inside packet ${packets + 1}`,
        });
      if (unreadable > 0) damage({ packet: packets, reason: "bad-ip-header", message: `${unreadable} packets have an IP header that cannot be read` });
      return given();
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

interface Notes {
  readonly idOf: (layers: readonly string[], closed: string | null) => number;
  readonly textOf: (id: number) => string | null;
}

/** The few notes that a capture needs, by number: 0 is none. */
function notes(): Notes {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    idOf(layers, closed) {
      const inner = layers.length > 0 ? `${layers.join(", ")} inner` : "";
      const text = closed === null ? inner : `${inner === "" ? "" : `${inner}, `}${closed} outer`;
      const known = ids.get(text);
      if (known !== undefined) return known;
      texts.push(text);
      ids.set(text, texts.length);
      return texts.length;
    },
    textOf: (id) => texts[id - 1] ?? null,
  };
}

interface Setting {
  readonly file: string;
  readonly ids: { readonly textOf: (id: number) => string };
  readonly note: string | null;
}

function recordOf(conversation: Conversation, { file, ids, note }: Setting): Connection {
  const textOf = (id: number): string =>
    conversation.family === 4 ? `${id >>> 24}.${(id >>> 16) & 255}.${(id >>> 8) & 255}.${id & 255}` : (addressOf(ids.textOf(id)) ?? "::");
  const protocol = protocolOf(conversation.protocol);
  const { isTurned, direction } = wayOf(conversation, protocol);
  const there = { packets: conversation.packetsThere, bytes: conversation.bytesThere };
  const back = { packets: conversation.packetsBack, bytes: conversation.bytesBack };
  const near = { address: textOf(conversation.client), port: conversation.clientPort, sent: there };
  const far = { address: textOf(conversation.server), port: conversation.serverPort, sent: back };
  const [client, server] = isTurned ? [far, near] : [near, far];
  const portsOf = hasPorts(protocol) ? { clientPort: client.port, serverPort: server.port } : {};
  return connectionOf({
    source: "pcap",
    file,
    record: conversation.number,
    client: client.address,
    server: server.address,
    protocol,
    ...portsOf,
    icmpType: isIcmp(protocol) ? client.port : null,
    first: conversation.first,
    last: conversation.last,
    packetsToServer: client.sent.packets,
    bytesToServer: client.sent.bytes,
    packetsToClient: server.sent.packets,
    bytesToClient: server.sent.bytes,
    direction,
    answered: isAnswered(conversation, isTurned),
    note,
  });
}

/** Who opened: a handshake says it; without one, the first packet, unless a lone side speaks from a well-known port to a high one. */
function wayOf(
  { flags, packetsBack, clientPort, serverPort, family, server }: Conversation,
  protocol: string,
): { readonly isTurned: boolean; readonly direction: Connection["direction"] } {
  if ((flags & (seen.syn | seen.synAck)) !== 0) return { isTurned: false, direction: "handshake" };
  const isOfMany = family === 4 && (server >>> 28 === 14 || server === 0xffffffff);
  // DHCP is the one well-known service whose clients have a well-known port, too.
  const isFromKnown = (clientPort < 1024 && serverPort >= 1024) || (clientPort === 67 && serverPort === 68);
  const looksLikeReply = hasPorts(protocol) && isFromKnown && !isOfMany;
  if (looksLikeReply && (protocol === "tcp" || packetsBack === 0)) return { isTurned: true, direction: "port" };
  return { isTurned: false, direction: "first-packet" };
}

function isAnswered({ flags, protocol, packetsThere, packetsBack }: Conversation, isTurned: boolean): boolean {
  const replies = isTurned ? packetsThere : packetsBack;
  if (protocol !== 6 || (flags & (seen.syn | seen.synAck)) === 0) return replies > 0;
  return (flags & (seen.synAck | seen.dataBack)) !== 0;
}
