import { be16, be32, type Bytes, classicCapture, ethernet, icmp, ip, nextCapture, type Stamped, tcp, udp, zeros } from "./packets.ts";

const ends = { from: "10.0.0.1", to: "10.0.0.2" };
const ends6 = { from: "2001:db8::1", to: "2001:db8::2" };
/** What tunnels carry. */
const inner = ip({ ...ends6, protocol: 6 }, tcp([5000, 80], "S"));
/** A conversation a packet, but for the two fragments. */
const packets: readonly Bytes[] = [
  ethernet(ip({ ...ends, protocol: 6 }, tcp([40_000, 443], "S", { sequence: 1 }))),
  ethernet(ip({ ...ends6, protocol: 58 }, icmp(128)), [0x88a8, 0x8100]),
  ethernet(ip({ ...ends, protocol: 17 }, udp([1, 2], 800), { offset: 0, isLast: false, id: 7 })),
  ethernet(ip({ ...ends, protocol: 17 }, zeros(100), { offset: 808, isLast: true, id: 7 })),
  ethernet(ip({ ...ends, protocol: 41 }, inner)),
  ethernet(ip({ ...ends, protocol: 47 }, [0, 0, ...be16(0x86dd), ...inner])),
  ethernet(ip({ ...ends, protocol: 17 }, udp([5000, 4789], [8, 0, 0, 0, 0, 0, 1, 0, ...ethernet(inner)]))),
  ethernet(ip({ ...ends, protocol: 17 }, udp([5000, 6081], [0, 0, ...be16(0x6558), 0, 0, 1, 0, ...ethernet(inner)]))),
  ethernet(ip({ ...ends, protocol: 17 }, udp([5000, 2152], [0x30, 255, 0, 60, 0, 0, 0, 1, ...inner]))),
  ethernet(ip({ ...ends, protocol: 17 }, udp([3544, 5000], inner))),
  ethernet(ip({ ...ends6, protocol: 43 }, [6, 0, ...zeros(6), ...tcp([5000, 80], "FA")])),
];
const stamped = packets.map((packet, second): Stamped => [second, packet]);

const inner4 = ip({ ...ends, protocol: 17 }, udp([5000, 6000], 4));
const frame = ethernet(inner4);
const over = (protocol: number, body: Bytes): Bytes => ethernet(ip({ ...ends, protocol }, body));
const datagram = (ports: readonly [number, number], body: Bytes): Bytes => over(17, udp(ports, body));
const typed = (type: number, body: Bytes): Bytes => [...zeros(12), ...be16(type), ...body];
const llc: Bytes = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];

/** Every other tunnel, tag and header that is read. */
const tunnels: readonly Bytes[] = [
  over(47, [0xb0, 0, 8, 0, ...zeros(12), ...inner4]),
  over(47, [0x10, 0, 0x88, 0xbe, ...be32(1), 0x10, 1, 0, 1, ...be32(0), ...frame]),
  over(47, [0x10, 0, 0x22, 0xeb, ...be32(1), 0x20, 1, 0, 1, ...zeros(7), 1, ...zeros(8), ...frame]),
  over(47, [0x30, 0x81, 0x88, 0x0b, 0, 44, 0, 1, ...be32(1), ...be32(2), 0x21, ...inner4]),
  over(47, [0x40, 0, 8, 0, ...be32(0), 8, 0, 0, 4, ...zeros(4), ...zeros(4), ...inner4]),
  over(97, [0x30, 0, ...frame]),
  over(115, [...be32(5), ...zeros(4), ...frame]),
  over(137, [0, 1, 0x11, 64, ...zeros(4), ...frame]),
  datagram([50_000, 4790], [0x0c, 0, 0, 4, 0, 0, 7, 0, 0x0f, 0xc2, 2, 3, 0, 0, 1, 255, ...frame]),
  datagram([50_000, 6081], [3, 0, 0x65, 0x58, 0, 0, 7, 0, ...zeros(12), ...frame]),
  datagram([2152, 2152], [0x34, 255, 0, 44, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 1, 0x40, 1, 0, 0, 0, ...inner4]),
  datagram([50_000, 5072], [0x42, 0x52, 0x11, 4, ...be32(1), ...zeros(36), ...inner4]),
  datagram([1701, 1701], [0x4a, 2, 0, 50, 0, 1, 0, 2, 0, 3, 0, 4, 0, 2, 9, 9, 0, 0x21, ...inner4]),
  datagram([50_000, 5247], [0, 0x10, 3, 0, ...zeros(4), 8, 1, ...zeros(22), ...llc, ...inner4]),
  datagram([50_000, 37_008], [1, 0, 0, 1, 10, 1, 200, 0, 1, ...frame]),
  datagram([50_000, 6080], [1, 4, 0, 0, ...zeros(4), ...inner4]),
  datagram([3544, 5000], [0, 1, 2, 3, ...zeros(14), 0, 0, 1, 2, 3, 4, 5, 6, ...inner]),
  typed(0x8847, [0, 1, 0x10, 64, 0, 1, 0x11, 64, ...inner4]),
  typed(0x8864, [0x11, 0, 0, 1, 0, 0, 0, 0x21, ...inner4]),
  typed(0x88e5, [0x20, ...zeros(13), 8, 0, ...inner4]),
  typed(0x88e5, [0x2c, ...zeros(40)]),
  typed(0x22f3, [0, 0x40, ...zeros(4), ...zeros(4), ...frame]),
  typed(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, ...zeros(6), 10, 0, 0, 1]),
];

const radiotap: Bytes = [0, 0, 18, 0, 3, 0, 0, 0, ...zeros(8), 0x20, 0];
const wireless: readonly Bytes[] = [
  [...radiotap, 0x88, 1, ...zeros(24), ...zeros(2), ...llc, ...inner4],
  [...radiotap, 0x88, 1, ...zeros(22), 0x80, 0, ...zeros(2), ...zeros(12), ...be16(llc.length + inner4.length), ...llc, ...inner4],
  [...radiotap, 8, 0x41, ...zeros(40)],
];

const stampedOf = (all: readonly Bytes[]): readonly Stamped[] => all.map((packet, second): Stamped => [second, packet]);

/** The same conversations in each container. */
export const plainCaptures: readonly Uint8Array[] = [
  classicCapture(stamped),
  classicCapture(stamped, { isLittle: false, isNano: true }),
  nextCapture(
    [{ linkType: 1, resolution: 9 }, { linkType: 1 }],
    stamped.map((one, at) => [at % 2, ...one] as const),
  ),
];

/** Captures of everything that is read. */
export const captures: readonly Uint8Array[] = [...plainCaptures, classicCapture(stampedOf(tunnels)), classicCapture(stampedOf(wireless), { linkType: 127 })];
