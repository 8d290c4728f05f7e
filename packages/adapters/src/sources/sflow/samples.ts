import { sixText, fourText } from "../address-texts.ts";
import { u32 } from "../big-endian.ts";
import { headerOfFrame, headerOfPacket, type SampledHeader } from "../sampled-header.ts";

/** A flow sample or a discarded packet: what was sampled, from which source, and what the agent says of it. */
export interface Sample {
  /** Null where it holds no IP packet that can be read. */
  readonly header: SampledHeader | null;
  /** Class and index of what was sampled, and the kind of sample, as one number: each counts its drops apart. */
  readonly source: number;
  /** N for 1 in N packets; null where every packet of its kind is told. */
  readonly rate: number | null;
  /** Samples that the agent could not take, since it started. */
  readonly drops: number;
  /** Why the packet was discarded; -1 when it was not. */
  readonly reason: number;
  /** The records in which the agent names users and translations. */
  readonly user: Frame | null;
  readonly nat: Frame | null;
}

/** A stretch of bytes. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

interface Layout {
  /** Where the rate, drops, the way out, the reason and the number of records stand, in words. */
  readonly rate: number;
  readonly drops: number;
  readonly output: number;
  readonly reason: number;
  readonly records: number;
  /** Whether class and index of the source are words of their own. */
  readonly isExpanded: boolean;
}

const none = -1;
/** sFlow 5 §5, and the structures of discarded packets. */
const layouts: Readonly<Record<number, Layout>> = {
  1: { rate: 2, drops: 4, output: 6, reason: none, records: 7, isExpanded: false },
  3: { rate: 3, drops: 5, output: 8, reason: none, records: 10, isExpanded: true },
  5: { rate: none, drops: 3, output: none, reason: 6, records: 7, isExpanded: true },
};

/** Counters are samples, too, of interfaces and not of packets. */
export const isCounter = (format: number): boolean => format === 2 || format === 4;

/** Reads the body of a sample; null when this format holds no packets, undefined when it is damaged. */
export function sampleOf(format: number, frame: Frame): Sample | null | undefined {
  const layout = layouts[format];
  if (layout === undefined) return null;
  const { bytes, at, end } = frame;
  if (at + (layout.records + 1) * 4 > end) return undefined;
  const word = (index: number): number => (index < 0 ? none : u32(bytes, at + index * 4));
  const read = recordsOf({ bytes, at: at + (layout.records + 1) * 4, end }, word(layout.records));
  if (read === undefined) return undefined;
  const rate = word(layout.rate);
  const source = layout.isExpanded ? word(1) * 16_777_216 + word(2) : (word(1) >>> 24) * 16_777_216 + (word(1) & 0xffffff);
  return { ...read, source: source * 8 + format, rate: rate > 1 ? rate : null, drops: word(layout.drops), reason: reasonOf(layout, word) };
}

/** Why the packet went nowhere: as an event of its own says it, or where the way out would stand. */
function reasonOf({ output, reason, isExpanded }: Layout, word: (index: number) => number): number {
  if (reason >= 0) return word(reason);
  // Two bits say what the rest of the way out means; 1 is a packet that was discarded.
  if (isExpanded) return word(output) === 1 ? word(output + 1) : none;
  return word(output) >>> 30 === 1 ? word(output) & 0x3fff_ffff : none;
}

type Records = Pick<Sample, "header" | "user" | "nat">;

/** Takes the packet out of the records of a sample; undefined when they are longer than it. */
function recordsOf({ bytes, at: from, end }: Frame, count: number): Records | undefined {
  let header: SampledHeader | null = null;
  let user: Frame | null = null;
  let nat: Frame | null = null;
  let at = from;
  for (let record = 0; record < count && at < end; record += 1) {
    if (at + 8 > end) return undefined;
    const [format, length] = [u32(bytes, at), u32(bytes, at + 4)];
    const body = { bytes, at: at + 8, end: at + 8 + length };
    if (body.end > end) return undefined;
    if (format >= 1 && format <= 4) header ??= packetOf(format, body);
    if (format === 1004) user = body;
    if (format === 1007) nat = body;
    // XDR: everything takes whole words.
    at = body.end + ((4 - (length % 4)) % 4);
  }
  return { header, user, nat };
}

function packetOf(format: number, { bytes, at, end }: Frame): SampledHeader | null {
  if (format === 1) return at + 16 > end ? null : rawPacketOf(u32(bytes, at), { bytes, at: at + 16, end: Math.min(end, at + 16 + u32(bytes, at + 12)) });
  if (format === 3) return at + 32 > end ? null : fieldsOf({ bytes, at, end }, { isSix: false, behind: 16 });
  return format === 4 && at + 56 <= end ? fieldsOf({ bytes, at, end }, { isSix: true, behind: 40 }) : null;
}

/** The first bytes of a packet, by sFlow's numbers of what they begin with. */
function rawPacketOf(protocol: number, { bytes, at, end }: Frame): SampledHeader | null {
  if (protocol === 1) return headerOfFrame(bytes, at, end);
  if (protocol === 11 || protocol === 12) return headerOfPacket(bytes, at, end);
  if (protocol !== 13) return null;
  let packet = at;
  while (packet + 4 < end && (bytes[packet + 2]! & 1) === 0) packet += 4;
  return headerOfPacket(bytes, packet + 4, end);
}

/** A packet whose header the agent has read itself. */
function fieldsOf({ bytes, at }: Frame, { isSix, behind }: { readonly isSix: boolean; readonly behind: number }): SampledHeader {
  const protocol = u32(bytes, at + 4);
  const isIcmp = protocol === 1 || protocol === 58;
  const ports = at + behind;
  return {
    source: isSix ? sixText(bytes, at + 8) : fourText(u32(bytes, at + 8)),
    destination: isSix ? sixText(bytes, at + 24) : fourText(u32(bytes, at + 12)),
    protocol: protocol & 0xff,
    sourcePort: isIcmp ? none : u32(bytes, ports) & 0xffff,
    destinationPort: isIcmp ? none : u32(bytes, ports + 4) & 0xffff,
    tcpFlags: protocol === 6 ? u32(bytes, ports + 8) & 0xff : none,
    icmpType: none,
    tunnel: null,
    bytes: u32(bytes, at),
  };
}
