import type { Connection } from "@bulkhead/core/model/connection";
import { fourText, sixText } from "../address-texts.ts";
import { isAnsweredBy, type Way, wayOf } from "../one-way.ts";
import { hasPorts, isIcmp, noLabels, protocolOf } from "../record.ts";
import { slot } from "./elements.ts";
import { hasNames, labelsOf, noteOf, verdictOf } from "./firewall.ts";
import type { Message } from "./memory.ts";
import { samplingOf } from "./sampling.ts";
import { emptyTimes, readTimes } from "./times.ts";
import { absent, type Values } from "./template.ts";

/** The two ends of a record as its exporter names them. */
interface Ends {
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  protocol: number;
  /** Which fields named them. */
  named: "plain" | "inner" | "client";
}

// One of each is used again for every record.
const ends: Ends = { source: "", destination: "", sourcePort: absent, destinationPort: absent, protocol: absent, named: "plain" };
const times = emptyTimes();

/** What one record says of a flow, or null when it names no two addresses. */
export function flowOf(values: Values, message: Message): Connection | null {
  const { numbers } = values;
  if (!readEnds(values)) return null;
  readTimes(times, values, message);
  const protocol = protocolOf(ends.protocol < 0 ? unsaid : ends.protocol);
  const isPorted = hasPorts(protocol);
  const sourcePort = isPorted ? portOf(ends.sourcePort) : null;
  const destinationPort = isPorted ? portOf(ends.destinationPort) : null;
  const packets = firstOf(numbers, packetsThere);
  const bytes = firstOf(numbers, bytesThere);
  const replyPackets = firstOf(numbers, packetsBack);
  const replyBytes = firstOf(numbers, bytesBack);
  const isBothWays = replyPackets !== null || replyBytes !== null;
  const { isReply, direction } = openedBy(values, { sourcePort, destinationPort, packets, replyPackets, isBothWays });
  const sampling = samplingOf(values, message.domain);
  const { verdict, reason, rule } = verdictOf(values);
  const isNamed = hasNames(values);
  message.place.records += 1;
  return {
    source: message.source,
    file: message.place.file,
    record: message.place.records,
    observer: observerOf(values) ?? message.place.observer,
    first: times.first,
    last: times.last,
    client: isReply ? ends.destination : ends.source,
    clientPort: isReply ? destinationPort : sourcePort,
    server: isReply ? ends.source : ends.destination,
    serverPort: isReply ? sourcePort : destinationPort,
    protocol,
    icmpType: isIcmp(protocol) ? icmpTypeOf(numbers) : null,
    packetsToServer: isReply ? replyPackets : packets,
    bytesToServer: isReply ? replyBytes : bytes,
    packetsToClient: isReply ? packets : replyPackets,
    bytesToClient: isReply ? bytes : replyBytes,
    direction,
    answered:
      verdict === "denied"
        ? false
        : isBothWays
          ? (replyPackets ?? replyBytes) !== 0 && (packets ?? bytes) !== 0
          : isAnsweredBy(flagsOf(numbers), sampling !== null),
    verdict,
    rule,
    reason,
    sampling,
    clientLabels: isNamed ? labelsOf(values, isReply ? "destination" : "source") : noLabels,
    serverLabels: isNamed ? labelsOf(values, isReply ? "source" : "destination") : noLabels,
    note: noteOf(values, { isOfExport: times.isOfExport, isInner: ends.named === "inner", isUnsaid: ends.protocol < 0 }),
  };
}

// IANA reserves it: what the record does not say has no other number.
const unsaid = 255;

/** Finds the ends; false when there are none. */
function readEnds({ numbers, bytes }: Values): boolean {
  ends.named = "plain";
  const innerFour = numbers[slot.innerSourceFour]! > 0;
  if (innerFour || numbers[slot.innerSourceSix]! >= 0) {
    const isSix = !innerFour && !isZero(bytes, numbers[slot.innerSourceSix]!);
    if (innerFour || isSix) return readInner(numbers, bytes, isSix);
  }
  ends.protocol = numbers[slot.protocol]!;
  ends.sourcePort = numbers[slot.sourcePort]!;
  ends.destinationPort = numbers[slot.destinationPort]!;
  const four = numbers[slot.sourceFour]!;
  const six = numbers[slot.sourceSix]!;
  // Some templates have room for both families; the one that is not meant is zero.
  if (four >= 0 && numbers[slot.destinationFour]! >= 0 && (six < 0 || four !== 0 || isZero(bytes, six))) {
    ends.source = fourText(four);
    ends.destination = fourText(numbers[slot.destinationFour]!);
    return true;
  }
  if (six >= 0 && numbers[slot.destinationSix]! >= 0) {
    ends.source = sixText(bytes, six);
    ends.destination = sixText(bytes, numbers[slot.destinationSix]!);
    return true;
  }
  return readClient(numbers, bytes);
}

function readInner(numbers: Float64Array, bytes: Uint8Array, isSix: boolean): boolean {
  ends.named = "inner";
  ends.protocol = numbers[slot.innerProtocol]!;
  ends.sourcePort = numbers[slot.innerSourcePort]!;
  ends.destinationPort = numbers[slot.innerDestinationPort]!;
  const [source, destination] = isSix
    ? [numbers[slot.innerSourceSix]!, numbers[slot.innerDestinationSix]!]
    : [numbers[slot.innerSourceFour]!, numbers[slot.innerDestinationFour]!];
  if (destination < 0) return false;
  ends.source = isSix ? sixText(bytes, source) : fourText(source);
  ends.destination = isSix ? sixText(bytes, destination) : fourText(destination);
  return true;
}

/** Cisco's performance monitoring names client and server instead of source and destination. */
function readClient(numbers: Float64Array, bytes: Uint8Array): boolean {
  const isSix = numbers[slot.clientFour]! < 0;
  const client = numbers[isSix ? slot.clientSix : slot.clientFour]!;
  const server = numbers[isSix ? slot.serverSix : slot.serverFour]!;
  if (client < 0 || server < 0) return false;
  ends.named = "client";
  ends.source = isSix ? sixText(bytes, client) : fourText(client);
  ends.destination = isSix ? sixText(bytes, server) : fourText(server);
  if (numbers[slot.clientPort]! >= 0) ends.sourcePort = numbers[slot.clientPort]!;
  if (numbers[slot.serverPort]! >= 0) ends.destinationPort = numbers[slot.serverPort]!;
  return true;
}

const isZero = (bytes: Uint8Array, at: number): boolean => {
  for (let byte = at; byte < at + 16; byte += 1) if (bytes[byte] !== 0) return false;
  return true;
};

interface Opening {
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly packets: number | null;
  readonly replyPackets: number | null;
  readonly isBothWays: boolean;
}

const asWritten: Way = { isReply: false, direction: "stated" };
const turned: Way = { isReply: true, direction: "stated" };
const firstPacket: Way = { isReply: false, direction: "first-packet" };

/** Who opened: as stated, by the flags of the first packet, by the sides that spoke, by the ports. */
function openedBy({ numbers }: Values, { sourcePort, destinationPort, packets, replyPackets, isBothWays }: Opening): Way {
  const stated = numbers[slot.biflowDirection]!;
  if (stated === 1) return asWritten;
  if (stated === 2) return turned;
  if (ends.named === "client" || numbers[slot.initiatorBytes]! >= 0 || numbers[slot.initiatorPackets]! >= 0) return asWritten;
  const { source, destination } = ends;
  const isTcp = ends.protocol === 6;
  const first = isTcp ? numbers[slot.firstFlags]! : absent;
  const flags = first > 0 ? first : isTcp && !isBothWays ? flagsOf(numbers) : null;
  const way = wayOf({ source, destination, sourcePort, destinationPort, flags, packets: first > 0 ? 1 : packets });
  if (!isBothWays || way.direction === "handshake" || way.direction === "stated") return way;
  // Of both ways the exporter saw the first packet, unless it came to a conversation that was already there.
  return way.isReply && (isTcp || replyPackets === 0) ? way : firstPacket;
}

/** Every TCP flag that went from source to destination; null where the record does not say. */
function flagsOf(numbers: Float64Array): number | null {
  if (ends.protocol !== 6) return null;
  const flags = numbers[slot.tcpFlags]!;
  if (flags >= 0) return flags & 0xff;
  const first = numbers[slot.firstFlags]!;
  return first < 0 ? null : first | Math.max(0, numbers[slot.laterFlags]!);
}

/** The ICMP type: of its own, as type and code in one, or where version 5 put it, in the destination port. */
function icmpTypeOf(numbers: Float64Array): number | null {
  for (const at of [slot.icmpTypeFour, slot.icmpTypeSix]) if (numbers[at]! >= 0) return numbers[at]!;
  for (const at of [slot.icmpFour, slot.icmpSix]) if (numbers[at]! >= 0) return numbers[at]! >>> 8;
  return ends.destinationPort > 0 ? (ends.destinationPort >>> 8) & 0xff : null;
}

/** Who observed, where a record that passed a mediator names it. */
function observerOf({ numbers, bytes }: Values): string | null {
  if (numbers[slot.exporterFour]! > 0) return fourText(numbers[slot.exporterFour]!);
  const six = numbers[slot.exporterSix]!;
  return six >= 0 && !isZero(bytes, six) ? sixText(bytes, six) : null;
}

const packetsThere = [slot.packets, slot.packetsTotal, slot.initiatorPackets, slot.packetsOut];
const bytesThere = [slot.bytes, slot.bytesTotal, slot.initiatorBytes, slot.bytesOut, slot.bytesOfFrames];
const packetsBack = [slot.packetsBack, slot.packetsBackTotal, slot.responderPackets];
const bytesBack = [slot.bytesBack, slot.bytesBackTotal, slot.responderBytes];

/** The first of these counts that the record has and a double holds exactly. */
function firstOf(numbers: Float64Array, slots: readonly number[]): number | null {
  for (const at of slots) {
    const count = numbers[at]!;
    if (count >= 0) return count <= Number.MAX_SAFE_INTEGER ? count : null;
  }
  return null;
}

const portOf = (port: number): number | null => (port >= 0 && port <= 65_535 ? port : null);
