/** Datagrams of sFlow version 5, written as its specification draws them. */

export type Bytes = readonly number[];

export const be16 = (value: number): Bytes => [(value >>> 8) & 255, value & 255];
export const be32 = (value: number): Bytes => [...be16(Math.floor(value / 65_536)), ...be16(value % 65_536)];
export const four = (text: string): Bytes => text.split(".").map(Number);

/** Whole words, as XDR has everything. */
const padded = (bytes: Bytes): Bytes => [...bytes, ...Array<number>((4 - (bytes.length % 4)) % 4).fill(0)];
/** An XDR string or opaque. */
export const opaque = (bytes: Bytes): Bytes => [...be32(bytes.length), ...padded(bytes)];
export const text = (value: string): Bytes => opaque([...new TextEncoder().encode(value)]);

const tagged = (format: number, body: Bytes): Bytes => [...be32(format), ...be32(body.length), ...body];

/** The first bytes of a packet, and what they begin with: 1 Ethernet, 11 IPv4, 12 IPv6, 13 MPLS. */
export const rawHeader = (packet: Bytes, protocol = 1): Bytes => tagged(1, [...be32(protocol), ...be32(packet.length + 4), ...be32(4), ...opaque(packet)]);
export const record = tagged;

interface Sampling {
  readonly rate?: number;
  readonly drops?: number;
  readonly source?: number;
  /** Where it went out; with 1 in the two high bits, why it did not. */
  readonly output?: number;
}

export const flowSample = (records: readonly Bytes[], { rate = 512, drops = 0, source = 3, output = 4 }: Sampling = {}): Bytes =>
  tagged(1, [
    ...be32(1),
    ...be32(source),
    ...be32(rate),
    ...be32(rate * 10),
    ...be32(drops),
    ...be32(3),
    ...be32(output),
    ...be32(records.length),
    ...records.flat(),
  ]);

export const expandedSample = (records: readonly Bytes[], { rate = 512, drops = 0, source = 3, output = 4 }: Sampling = {}): Bytes =>
  tagged(3, [
    ...be32(1),
    ...be32(0),
    ...be32(source),
    ...be32(rate),
    ...be32(rate * 10),
    ...be32(drops),
    ...be32(0),
    ...be32(3),
    ...be32(output >>> 30),
    ...be32(output & 0x3fff_ffff),
    ...be32(records.length),
    ...records.flat(),
  ]);

/** A packet that was not forwarded, and why. */
export const discarded = (records: readonly Bytes[], reason: number): Bytes =>
  tagged(5, [...be32(1), ...be32(0), ...be32(3), ...be32(7), ...be32(3), ...be32(0), ...be32(reason), ...be32(records.length), ...records.flat()]);

export const counters = tagged(2, [...be32(1), ...be32(3), ...be32(0)]);

export const datagram = (samples: readonly Bytes[], sequence = 1): Uint8Array =>
  Uint8Array.from([...be32(5), ...be32(1), ...four("192.0.2.9"), ...be32(0), ...be32(sequence), ...be32(60_000), ...be32(samples.length), ...samples.flat()]);

/** An IPv4 packet with the first bytes of TCP: from, to, ports, flags. */
export const tcpPacket = (from: string, to: string, [source, destination]: readonly [number, number], flags: number): Bytes => [
  69,
  0,
  ...be16(1500),
  0,
  0,
  64,
  0,
  64,
  6,
  0,
  0,
  ...four(from),
  ...four(to),
  ...be16(source),
  ...be16(destination),
  ...be32(1),
  ...be32(2),
  80,
  flags,
  0,
  0,
  0,
  0,
  0,
  0,
];

export const ethernet = (packet: Bytes, tags: readonly number[] = [], type = 0x0800): Bytes => [
  ...Array<number>(12).fill(2),
  ...tags.flatMap((tag) => [...be16(tag), 0, 7]),
  ...be16(type),
  ...packet,
];
