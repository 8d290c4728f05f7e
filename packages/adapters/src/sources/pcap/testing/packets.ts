/** Captures for tests, built layer by layer: each function wraps what the layer above it gave. */
import { numberOf } from "@bulkhead/core/base/ip";

export type Bytes = readonly number[];

export const be16 = (value: number): Bytes => [(value >>> 8) & 255, value & 255];
export const be32 = (value: number): Bytes => [...be16(value >>> 16), ...be16(value & 0xffff)];
export const zeros = (count: number): Bytes => Array.from({ length: count }, () => 0);

/** The bytes of an address. */
function addressBytes(text: string): Bytes {
  const { family, value } = numberOf(text)!;
  const count = family === 4 ? 4 : 16;
  return Array.from({ length: count }, (_, at) => Number((value >> BigInt(8 * (count - 1 - at))) & 255n));
}

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
}

interface Fragment {
  /** In bytes, a multiple of 8. */
  readonly offset: number;
  readonly isLast: boolean;
  readonly id: number;
}

/** An IP packet of either version; `fragment` is written into the header or into an extension header. */
export function ip({ from, to, protocol }: Ends, body: Bytes, fragment?: Fragment): Bytes {
  const ends = [...addressBytes(from), ...addressBytes(to)];
  if (!from.includes(":")) {
    const field = fragment === undefined ? 0 : (fragment.offset >> 3) | (fragment.isLast ? 0 : 0x2000);
    return [0x45, 0, ...be16(20 + body.length), ...be16(fragment?.id ?? 0), ...be16(field), 64, protocol, 0, 0, ...ends, ...body];
  }
  if (fragment === undefined) return [0x60, 0, 0, 0, ...be16(body.length), protocol, 64, ...ends, ...body];
  const extension = [protocol, 0, ...be16(fragment.offset | (fragment.isLast ? 0 : 1)), ...be32(fragment.id)];
  return [0x60, 0, 0, 0, ...be16(body.length + 8), 44, 64, ...ends, ...extension, ...body];
}

/** The ports of a packet, source first. */
export type Ports = readonly [number, number];

const flagBits: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

/** A TCP segment; `flags` are letters of F, S, R, P, A. */
export function tcp([from, to]: Ports, flags: string, { sequence = 0, payload = 0 } = {}): Bytes {
  const bits = [...flags].reduce((all, flag) => all | flagBits[flag]!, 0);
  return [...be16(from), ...be16(to), ...be32(sequence), ...be32(0), 0x50, bits, ...be16(1024), 0, 0, 0, 0, ...zeros(payload)];
}

export function udp([from, to]: Ports, payload: number | Bytes = 0): Bytes {
  const body = typeof payload === "number" ? zeros(payload) : payload;
  return [...be16(from), ...be16(to), ...be16(8 + body.length), 0, 0, ...body];
}

export const sctp = ([from, to]: Ports): Bytes => [...be16(from), ...be16(to), ...be32(1), ...be32(0), 1, 0, 0, 4];

export const icmp = (type: number, code = 0): Bytes => [type, code, 0, 0, 0, 1, 0, 1];

/** Ethernet; with tags from the outermost to the innermost. */
export function ethernet(packet: Bytes, tags: readonly number[] = []): Bytes {
  const type = packet[0]! >> 4 === 4 ? 0x0800 : 0x86dd;
  return [...zeros(12), ...tags.flatMap((tag) => [...be16(tag), ...be16(7)]), ...be16(type), ...packet];
}

/** A packet at so many seconds after 1,000,000,000. */
export type Stamped = readonly [seconds: number, packet: Bytes];

/** The time of a stamp, in microseconds since 1970. */
export const microsAt = (seconds: number): number => 1_000_000_000_000_000 + Math.round(seconds * 1_000_000);

const little = (bytes: Bytes): Bytes => [...bytes].reverse();

export interface ClassicOptions {
  readonly linkType?: number;
  readonly isLittle?: boolean;
  readonly isNano?: boolean;
}

/** A capture in the classic format. */
export function classicCapture(packets: readonly Stamped[], { linkType = 1, isLittle = true, isNano = false }: ClassicOptions = {}): Uint8Array {
  const n32 = (value: number): Bytes => (isLittle ? little(be32(value)) : be32(value));
  const n16 = (value: number): Bytes => (isLittle ? little(be16(value)) : be16(value));
  const head = [...n32(isNano ? 0xa1b23c4d : 0xa1b2c3d4), ...n16(2), ...n16(4), ...n32(0), ...n32(0), ...n32(65_535), ...n32(linkType)];
  const records = packets.flatMap(([seconds, packet]) => {
    const micros = microsAt(seconds);
    const fraction = (micros % 1_000_000) * (isNano ? 1000 : 1);
    return [...n32(Math.floor(micros / 1_000_000)), ...n32(fraction), ...n32(packet.length), ...n32(packet.length), ...packet];
  });
  return Uint8Array.from([...head, ...records]);
}

export interface NextInterface {
  readonly linkType: number;
  /** The option `if_tsresol` as it is written; 6 when it is left out. */
  readonly resolution?: number;
}

/** A block of pcapng. */
function block(type: number, body: Bytes, isLittle: boolean): Bytes {
  const n32 = (value: number): Bytes => (isLittle ? little(be32(value)) : be32(value));
  const padded = [...body, ...zeros((4 - (body.length % 4)) % 4)];
  return [...n32(type), ...n32(padded.length + 12), ...padded, ...n32(padded.length + 12)];
}

/** A capture in the next generation's format; each packet says by which of the interfaces it came. */
export function nextCapture(
  interfaces: readonly NextInterface[],
  packets: readonly (readonly [index: number, ...stamped: Stamped])[],
  isLittle = true,
): Uint8Array {
  const order = (bytes: Bytes): Bytes => (isLittle ? little(bytes) : bytes);
  const section = block(0x0a0d0d0a, [...order(be32(0x1a2b3c4d)), ...order(be16(1)), ...order(be16(0)), ...zeros(8)], isLittle);
  const described = interfaces.flatMap(({ linkType, resolution }) => {
    const option = resolution === undefined ? [] : [...order(be16(9)), ...order(be16(1)), resolution, 0, 0, 0, ...zeros(4)];
    return block(1, [...order(be16(linkType)), 0, 0, ...order(be32(0)), ...option], isLittle);
  });
  const blocks = packets.flatMap(([index, seconds, packet]) => {
    const ticks = ticksOf(seconds, interfaces[index]!.resolution ?? 6);
    const head = [index, Number(ticks >> 32n), Number(ticks & 0xffff_ffffn), packet.length, packet.length].flatMap((word) => order(be32(word)));
    return block(6, [...head, ...packet], isLittle);
  });
  return Uint8Array.from([...section, ...described, ...blocks]);
}

function ticksOf(seconds: number, resolution: number): bigint {
  const perSecond = (resolution & 0x80) !== 0 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
  return (BigInt(microsAt(seconds)) * perSecond) / 1_000_000n;
}
