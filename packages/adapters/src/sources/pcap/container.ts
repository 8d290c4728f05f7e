import type { Packet } from "./packet.ts";

/** What a capture file can be wrong about; `packet` is the number of the packet, from 1. */
export interface Damage {
  readonly packet: number;
  readonly reason: string;
  readonly message: string;
}

export interface Sink {
  /** The packet's place and time are set; its headers are not. */
  readonly packet: (linkType: number) => void;
  readonly damage: (damage: Damage) => void;
  /** How many packets the capturing program has dropped so far at one interface, as it says itself. */
  readonly dropped?: (interfaceIndex: number, packets: number) => void;
}

/** A parser of one container: takes what stands in `bytes` and returns how many of them it is done with; -1 when nothing more can be read. */
export type Container = (bytes: Uint8Array, sink: Sink) => number;

// Wireshark's own limit (WTAP_MAX_PACKET_SIZE_STANDARD): beyond it a length is damage, not a packet.
const packetMax = 262_144;
const blockMax = 16 << 20;

/** The container that the first bytes announce, or null. Needs 24 bytes. */
export function containerOf(head: Uint8Array, packet: Packet): Container | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12) return null;
  if (view.getUint32(0) === 0x0a0d0d0a) return pcapng(packet);
  for (const isLittle of [true, false]) {
    const magic = view.getUint32(0, isLittle);
    if (magic === 0xa1b2c3d4 || magic === 0xa1b23c4d || magic === 0xa1b2cd34)
      return classic({ isLittle, isNano: magic === 0xa1b23c4d, recordBytes: magic === 0xa1b2cd34 ? 24 : 16 }, packet);
  }
  return null;
}

interface Classic {
  readonly isLittle: boolean;
  readonly isNano: boolean;
  /** 16, or 24 in Kuznetzov's variant. */
  readonly recordBytes: number;
}

function classic({ isLittle, isNano, recordBytes }: Classic, packet: Packet): Container {
  let linkType = -1;
  let count = 0;
  return (bytes, sink) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (linkType < 0) {
      if (bytes.length < 24) return 0;
      linkType = view.getUint32(20, isLittle) & 0xffff;
      at = 24;
    }
    packet.bytes = bytes;
    while (at + recordBytes <= bytes.length) {
      const captured = view.getUint32(at + 8, isLittle);
      if (captured > packetMax) {
        sink.damage({ packet: count + 1, reason: "absurd-length", message: `packet ${count + 1} claims ${captured} bytes; nothing behind it can be trusted` });
        return -1;
      }
      if (at + recordBytes + captured > bytes.length) break;
      count += 1;
      const fraction = view.getUint32(at + 4, isLittle);
      packet.at = view.getUint32(at, isLittle) * 1_000_000 + (isNano ? Math.floor(fraction / 1000) : fraction);
      packet.uncaptured = Math.max(0, view.getUint32(at + 12, isLittle) - captured);
      packet.start = at + recordBytes;
      packet.end = packet.start + captured;
      sink.packet(linkType);
      at += recordBytes + captured;
    }
    return at;
  };
}

interface Interface {
  readonly linkType: number;
  /** Ticks of a second. */
  readonly ticks: number;
  readonly offsetSeconds: number;
}

function pcapng(packet: Packet): Container {
  let isLittle = true;
  let interfaces: Interface[] = [];
  let count = 0;
  return (bytes, sink) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    packet.bytes = bytes;
    let at = 0;
    while (at + 12 <= bytes.length) {
      const type = view.getUint32(at, isLittle);
      if (type === 0x0a0d0d0a) {
        isLittle = view.getUint32(at + 8, true) === 0x1a2b3c4d;
        interfaces = [];
      }
      const length = view.getUint32(at + 4, isLittle);
      if (length < 12 || length % 4 !== 0 || length > blockMax) {
        sink.damage({
          packet: count + 1,
          reason: "absurd-length",
          message: `a block behind packet ${count} claims ${length} bytes; nothing behind it can be trusted`,
        });
        return -1;
      }
      if (at + length > bytes.length) break;
      const block = { view, at: at + 8, end: at + length - 4, isLittle };
      if (type === 1) interfaces.push(interfaceOf(block));
      else if (type === 5) tellDrops(block, sink);
      else if (type === 6 || type === 3 || type === 2) {
        count += 1;
        const linkType = placed(type, block, { interfaces, packet });
        if (linkType >= 0) sink.packet(linkType);
        else
          sink.damage({
            packet: count,
            reason: "bad-block",
            message: `packet ${count} is longer than its block, of an interface that was not described, or of no time`,
          });
      }
      at += length;
    }
    return at;
  };
}

interface Block {
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
  readonly isLittle: boolean;
}

/** The options of a block behind its fixed part: code, length, and where the value stands. */
function* optionsOf({ view, end, isLittle }: Block, from: number): Generator<readonly [code: number, length: number, at: number]> {
  for (let option = from; option + 4 <= end;) {
    const [code, length] = [view.getUint16(option, isLittle), view.getUint16(option + 2, isLittle)];
    if (code === 0 || option + 4 + length > end) return;
    yield [code, length, option + 4];
    option += 4 + length + ((4 - (length % 4)) % 4);
  }
}

/** Interface statistics (draft-ietf-opsawg-pcapng §4.6): what the interface and the operating system dropped since the capture began. */
function tellDrops(block: Block, { dropped }: Sink): void {
  const { view, at, end, isLittle } = block;
  if (at + 12 > end) return;
  let packets = 0;
  for (const [code, length, value] of optionsOf(block, at + 12))
    if ((code === 5 || code === 7) && length >= 8) packets += Number(view.getBigUint64(value, isLittle));
  if (packets > 0 && Number.isSafeInteger(packets)) dropped?.(view.getUint32(at, isLittle), packets);
}

function interfaceOf(block: Block): Interface {
  const { view, at, end, isLittle } = block;
  let [ticks, offsetSeconds] = [1_000_000, 0];
  for (const [code, length, value] of optionsOf(block, at + 8)) {
    if (code === 9 && length >= 1) {
      const written = view.getUint8(value);
      ticks = (written & 0x80) !== 0 ? 2 ** (written & 0x7f) : 10 ** written;
    }
    if (code === 14 && length >= 8) offsetSeconds = Number(view.getBigInt64(value, isLittle));
  }
  return { linkType: at + 2 <= end ? view.getUint16(at, isLittle) : -1, ticks, offsetSeconds };
}

/** Sets the packet's place and time; the link type, or -1 when the block cannot be right. */
function placed(
  type: 2 | 3 | 6,
  { view, at, end, isLittle }: Block,
  { interfaces, packet }: { readonly interfaces: readonly Interface[]; readonly packet: Packet },
): number {
  const isSimple = type === 3;
  if (end - at < (isSimple ? 4 : 20)) return -1;
  const index = isSimple ? 0 : type === 6 ? view.getUint32(at, isLittle) : view.getUint16(at, isLittle);
  const one = interfaces[index];
  if (one === undefined || one.linkType < 0) return -1;
  packet.start = at + (isSimple ? 4 : 20);
  const onWire = view.getUint32(at + (isSimple ? 0 : 16), isLittle);
  const captured = isSimple ? Math.min(onWire, end - packet.start) : view.getUint32(at + 12, isLittle);
  packet.end = packet.start + captured;
  if (packet.end > end) return -1;
  packet.uncaptured = Math.max(0, onWire - captured);
  if (!isSimple) packet.at = microsOf(one, view.getUint32(at + 4, isLittle), view.getUint32(at + 8, isLittle));
  // A time that is no instant (base/instant.ts) is damage like a length.
  if (!Number.isSafeInteger(packet.at) || packet.at < 0) {
    packet.at = 0;
    return -1;
  }
  return one.linkType;
}

/** Ticks to microseconds without losing digits: nanoseconds since 1970 do not fit a double. */
function microsOf({ ticks, offsetSeconds }: Interface, high: number, low: number): number {
  const offset = offsetSeconds * 1_000_000;
  const per = ticks / 1_000_000;
  // Up to picoseconds every intermediate result is exact: (2^32 - 1) * 999,999 + 2^32 is below 2^53.
  if (Number.isInteger(per) && per <= 1_000_000) {
    const rest = 4_294_967_296 % per;
    return high * ((4_294_967_296 - rest) / per) + Math.floor((high * rest + low) / per) + offset;
  }
  const all = (BigInt(high) << 32n) | BigInt(low);
  return Number((all * 1_000_000n) / BigInt(ticks)) + offset;
}
