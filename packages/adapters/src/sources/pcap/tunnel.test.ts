import { expect, test } from "vitest";
import { be16, be32, type Bytes, classicCapture, ethernet, ip, type Ports, tcp, udp, zeros } from "./testing/packets.ts";
import { told } from "./testing/told.ts";

const outer = { from: "192.0.2.1", to: "192.0.2.2" };
const inner4 = ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 6 }, tcp([5000, 80], "S"));
const inner6 = ip({ from: "2001:db8::1", to: "2001:db8::2", protocol: 6 }, tcp([5000, 80], "S"));
const frame = ethernet(inner4);
const line4 = "tcp 10.0.0.1:5000>10.0.0.2:80 1/40 0/0 handshake 0-0";
const line6 = "tcp 2001:db8::1:5000>2001:db8::2:80 1/60 0/0 handshake 0-0";

const said = (...packets: readonly Bytes[]): readonly string[] =>
  told(
    classicCapture(
      packets.map((packet, at) => [at, packet]),
      { linkType: 101 },
    ),
  );
const over = (protocol: number, body: Bytes): Bytes => ip({ ...outer, protocol }, body);
const gre = (flags: number, type: number, ...rest: readonly Bytes[]): Bytes => over(47, [...be16(flags), ...be16(type), ...rest.flat()]);
const datagram = (ports: Ports, payload: Bytes): Bytes => over(17, udp(ports, payload));
const inside = (line: string, note: string): readonly string[] => [`${line} (${note} inner)`];

test("IP in IP, in both versions, either way round", () => {
  expect(said(over(4, inner4))).toEqual(inside(line4, "IP-in-IP"));
  expect(said(over(41, inner6))).toEqual(inside(line6, "IP-in-IP"));
  expect(said(ip({ from: "2001:db8::a", to: "2001:db8::b", protocol: 4 }, inner4))).toEqual(inside(line4, "IP-in-IP"));
  expect(said(over(41, ip({ from: "2001:db8::a", to: "2001:db8::b", protocol: 41 }, inner6)))).toEqual(inside(line6, "IP-in-IP, IP-in-IP"));
  expect(said(over(97, [0x30, 0, ...frame]))).toEqual(inside(line4, "EtherIP"));
  expect(said(over(137, [0, 1, 0x11, 64, ...inner6]))).toEqual(inside(line6, "MPLS"));
});

test("GRE with each of its flags, and with all of them", () => {
  const [key, sequence, checksum] = [be32(7), be32(8), be32(9)];
  const route = [...be16(0x0800), 0, 4, 192, 0, 2, 9, ...zeros(4)];
  for (const [flags, fields] of [
    [0, []],
    [0x8000, checksum],
    [0x2000, key],
    [0x1000, sequence],
    [0xb000, [...checksum, ...key, ...sequence]],
    [0x4000, [...checksum, ...route]],
    [0xf800, [...checksum, ...key, ...sequence, ...route]],
  ] as const) {
    expect(said(gre(flags, 0x0800, fields, inner4)), flags.toString(16)).toEqual(inside(line4, "GRE"));
    expect(said(gre(flags, 0x86dd, fields, inner6)), flags.toString(16)).toEqual(inside(line6, "GRE"));
    expect(said(gre(flags, 0x6558, fields, frame)), flags.toString(16)).toEqual(inside(line4, "GRE"));
  }
  expect(said(gre(0, 0x8847, [0, 1, 0x11, 64], inner4))).toEqual(inside(line4, "GRE, MPLS"));
});

test("what stands in GRE that is no packet of its own: PPTP, WCCP, EoIP, Aruba's wireless frames", () => {
  const pptp = [...be16(44), ...be16(1)];
  expect(said(gre(0x2001, 0x880b, pptp, [0xff, 3, 0, 0x21], inner4))).toEqual(inside(line4, "PPTP"));
  expect(said(gre(0x3081, 0x880b, pptp, be32(1), be32(2), [0x21], inner4))).toEqual(inside(line4, "PPTP"));
  expect(said(gre(0, 0x883e, inner4))).toEqual(inside(line4, "GRE"));
  expect(said(gre(0, 0x883e, [0, 0, 0, 5], inner4))).toEqual(inside(line4, "GRE"));
  expect(said(gre(0x2001, 0x6400, be16(54), [1, 0], frame))).toEqual(inside(line4, "EoIP"));
  expect(said(gre(0, 0x9000, [8, 1, ...zeros(22), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0], inner4))).toEqual(inside(line4, "GRE"));
});

test("mirrored frames of the three types of ERSPAN", () => {
  expect(said(gre(0, 0x88be, frame))).toEqual(inside(line4, "ERSPAN"));
  expect(said(gre(0x1000, 0x88be, be32(1), [0x10, 1, 0, 1, ...be32(0)], frame))).toEqual(inside(line4, "ERSPAN"));
  const third = (last: number): Bytes => [0x20, 1, 0, 1, ...zeros(7), last];
  expect(said(gre(0x1000, 0x22eb, be32(1), third(0), frame))).toEqual(inside(line4, "ERSPAN"));
  expect(said(gre(0x1000, 0x22eb, be32(1), third(1), zeros(8), frame))).toEqual(inside(line4, "ERSPAN"));
  expect(said(gre(0x1000, 0x22eb, be32(1), [0x20, 1, 0, 1, ...zeros(6), 8, 0], inner6))).toEqual(inside(line6, "ERSPAN"));
});

test("VXLAN, its extensions, and GENEVE with its options", () => {
  const from = 50_000;
  expect(said(datagram([from, 4789], [8, 0, 0, 0, 0, 0, 7, 0, ...frame]))).toEqual(inside(line4, "VXLAN"));
  expect(said(datagram([from, 4789], [0x88, 0, 0, 9, 0, 0, 7, 0, ...frame])), "with a group").toEqual(inside(line4, "VXLAN"));
  expect(said(datagram([from, 8472], [8, 0, 0, 0, 0, 0, 7, 0, ...frame])), "Linux").toEqual(inside(line4, "VXLAN"));
  expect(said(datagram([from, 4790], [0x0c, 0, 0, 1, 0, 0, 7, 0, ...inner4]))).toEqual(inside(line4, "VXLAN-GPE"));
  expect(said(datagram([from, 4790], [0x0c, 0, 0, 2, 0, 0, 7, 0, ...inner6]))).toEqual(inside(line6, "VXLAN-GPE"));
  expect(said(datagram([from, 4790], [0x0c, 0, 0, 3, 0, 0, 7, 0, ...frame]))).toEqual(inside(line4, "VXLAN-GPE"));
  const chain = [0x0f, 0xc2, 2, 3, 0, 0, 1, 255];
  expect(said(datagram([from, 4790], [0x0c, 0, 0, 4, 0, 0, 7, 0, ...chain, ...frame]))).toEqual(inside(line4, "VXLAN-GPE, NSH"));
  const geneve = (first: number, type: number): Bytes => [first, 0, ...be16(type), 0, 0, 7, 0];
  expect(said(datagram([from, 6081], [...geneve(0, 0x6558), ...frame]))).toEqual(inside(line4, "GENEVE"));
  expect(said(datagram([from, 6081], [...geneve(2, 0x0800), ...zeros(8), ...inner4]))).toEqual(inside(line4, "GENEVE"));
  expect(said(datagram([from, 6081], [...geneve(63, 0x86dd), ...zeros(252), ...inner6]))).toEqual(inside(line6, "GENEVE"));
});

const gtp = (flags: number, optional: Bytes, packet: Bytes): Bytes => [
  flags,
  255,
  ...be16(optional.length + packet.length),
  ...be32(9),
  ...optional,
  ...packet,
];

test("GTP-U with its optional fields and extension headers, and on other ports when every length agrees", () => {
  for (const [flags, optional] of [
    [0x30, []],
    [0x32, [0, 1, 0, 0]],
    [0x34, [0, 0, 0, 0x85, 1, 0, 1, 0]],
    [0x34, [0, 0, 0, 0x85, 1, 0, 1, 0x40, 2, ...zeros(6), 0]],
  ] as const) {
    expect(said(datagram([2152, 2152], gtp(flags, optional, inner4)))).toEqual(inside(line4, "GTP-U"));
    expect(said(datagram([5906, 7777], gtp(flags, optional, inner6)))).toEqual(inside(line6, "GTP-U"));
  }
  const elsewhere = gtp(0x30, [], inner4);
  expect(said(datagram([5906, 7777], [...elsewhere, 0])), "one byte too many").toHaveLength(1);
  expect(said(datagram([5906, 7777], [...elsewhere, 0]))[0]).not.toContain("inner");
  expect(said(datagram([2152, 2152], [0x30, 1, 0, 4, ...be32(0), ...zeros(4)])), "an echo").toEqual([
    "udp 192.0.2.1:2152>192.0.2.2:2152 1/40 0/0 first-packet 0-0 (GTP-U outer)",
  ]);
});

test("Teredo behind its indications, from relays on other ports, and its bubbles", () => {
  const authentication = [0, 1, 2, 3, ...zeros(5), ...zeros(8), 0];
  const origin = [0, 0, 1, 2, 3, 4, 5, 6];
  for (const indications of [[], authentication, origin, [...authentication, ...origin]])
    expect(said(datagram([3544, 5000], [...indications, ...inner6]))).toEqual(inside(line6, "Teredo"));
  const guest = "2001:0:c000:201::5";
  const relayed = ip({ from: "2001:db8::1", to: guest, protocol: 6 }, tcp([80, 5000], "SA"));
  expect(said(datagram([32_900, 3797], relayed))).toEqual([`tcp ${"2001:0:c000:201::5"}:5000>2001:db8::1:80 0/0 1/60 handshake 0-0 (Teredo inner)`]);
  const bubble = ip({ from: guest, to: "fe80::1", protocol: 59 }, []);
  expect(said(datagram([3797, 32_900], [...bubble, 1, 2, 3, 4]))).toEqual([`59 ${guest}>fe80::1 1/40 0/0 first-packet 0-0 (Teredo inner)`]);
  expect(said(datagram([3797, 32_900], inner6)), "IPv6 of nobody's tunnel").toEqual(["udp 192.0.2.1:3797>192.0.2.2:32900 1/88 0/0 first-packet 0-0"]);
});

test("AYIYA, LISP, GUE, GRE, MPLS and mirrored frames in UDP", () => {
  const ayiya = (opcode: number, next: number): Bytes => [0x42, 0x52, 0x10 | opcode, next, ...be32(1), ...zeros(16), ...zeros(20)];
  expect(said(datagram([40_000, 5072], [...ayiya(1, 41), ...inner6]))).toEqual(inside(line6, "AYIYA"));
  expect(said(datagram([40_000, 5072], ayiya(0, 59)))).toEqual(["udp 192.0.2.1:40000>192.0.2.2:5072 1/72 0/0 first-packet 0-0 (AYIYA outer)"]);
  expect(said(datagram([40_000, 4341], [...zeros(8), ...inner4]))).toEqual(inside(line4, "LISP"));
  expect(said(datagram([40_000, 6080], inner4))).toEqual(inside(line4, "GUE"));
  expect(said(datagram([40_000, 6080], [1, 41, 0, 0, ...zeros(4), ...inner6]))).toEqual(inside(line6, "GUE"));
  expect(said(datagram([40_000, 4754], [0x20, 0, 8, 0, ...be32(7), ...inner4]))).toEqual(inside(line4, "GRE"));
  expect(said(datagram([40_000, 6635], [0, 1, 0x11, 64, ...inner4]))).toEqual(inside(line4, "MPLS"));
  expect(said(datagram([40_000, 37_008], [1, 0, 0, 1, 10, 1, 200, 0, 1, ...frame]))).toEqual(inside(line4, "TZSP"));
});

test("L2TP in its versions, over UDP and over IP, with and without a cookie; control stays outside", () => {
  expect(said(datagram([1701, 1701], [0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21, ...inner4]))).toEqual(inside(line4, "L2TP"));
  expect(said(datagram([1701, 1701], [0x4a, 2, 0, 50, 0, 1, 0, 2, 0, 3, 0, 4, 0, 2, 9, 9, 0, 0x57, ...inner6]))).toEqual(inside(line6, "L2TP"));
  for (const cookie of [0, 4, 8]) {
    expect(said(datagram([1701, 1701], [0, 3, 0, 0, ...be32(5), ...zeros(cookie), ...frame]))).toEqual(inside(line4, "L2TP"));
    expect(said(over(115, [...be32(5), ...zeros(cookie), ...frame]))).toEqual(inside(line4, "L2TP"));
  }
  expect(said(datagram([1701, 1701], [0xc8, 2, 0, 12, ...zeros(8)]))[0]).toContain("(L2TP outer)");
});

test("CAPWAP with Ethernet, with wireless frames, and with those whose control stands swapped", () => {
  const head = (third: number): Bytes => [0, 2 << 3, third, 0, ...zeros(4)];
  const wlan = (a: number, b: number): Bytes => [a, b, ...zeros(22), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...inner4];
  expect(said(datagram([40_000, 5247], [...head(0), ...frame]))).toEqual(inside(line4, "CAPWAP"));
  expect(said(datagram([40_000, 5247], [...head(3), ...wlan(8, 1)]))).toEqual(inside(line4, "CAPWAP"));
  expect(said(datagram([40_000, 5247], [...head(3), ...wlan(1, 8)]))).toEqual(inside(line4, "CAPWAP"));
  expect(said(datagram([40_000, 5247], [1, ...zeros(20)]))[0]).toContain("(CAPWAP outer)");
});

test("a tunnel that cannot be read is its own conversation, and says which it is", () => {
  for (const [protocol, name] of [
    [50, "ESP"],
    [47, "GRE"],
    [41, "IP-in-IP"],
  ] as const)
    expect(said(over(protocol, zeros(24)))).toEqual([`${protocol} 192.0.2.1>192.0.2.2 1/44 0/0 first-packet 0-0 (${name} outer)`]);
  expect(said(datagram([4500, 4500], zeros(24)))[0]).toContain("(ESP outer)");
});

test("a tunnel of which one packet could not be read is told with everything that it carried", () => {
  const echo = datagram([2152, 2152], [0x30, 1, 0, 4, ...be32(0), ...zeros(4)]);
  const carried = datagram([2152, 2152], gtp(0x30, [], inner4));
  expect(said(carried, echo, carried)).toEqual([
    "udp 192.0.2.1:2152>192.0.2.2:2152 3/192 0/0 first-packet 0-2 (GTP-U outer)",
    "tcp 10.0.0.1:5000>10.0.0.2:80 2/80 0/0 handshake 0-2 (GTP-U inner)",
  ]);
  expect(said(carried, carried)).toEqual(["tcp 10.0.0.1:5000>10.0.0.2:80 2/80 0/0 handshake 0-1 (GTP-U inner)"]);
});

test("a tunnel that was cut into fragments is entered when its datagram is whole, in fragments of its own too", () => {
  const whole = udp([50_000, 4789], [8, 0, 0, 0, 0, 0, 7, 0, ...ethernet(ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 17 }, udp([5000, 6000], 800)))]);
  const piece = (offset: number, until: number): Bytes =>
    ip({ ...outer, protocol: 17 }, whole.slice(offset, until), { offset, isLast: until >= whole.length, id: 7 });
  const line = "udp 10.0.0.1:5000>10.0.0.2:6000 1/828 0/0 first-packet 0-0 (VXLAN inner)";
  expect(said(piece(0, 400), piece(400, 9999))).toEqual([line]);
  const part = (offset: number, until: number, isLast: boolean): Bytes =>
    over(4, ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 17 }, udp([5000, 6000], 800).slice(offset, until), { offset, isLast, id: 9 }));
  expect(said(part(0, 400, false), part(400, 808, true))).toEqual(["udp 10.0.0.1:5000>10.0.0.2:6000 1/828 0/0 first-packet 0-0 (IP-in-IP inner)"]);
});

test("a port of a tunnel that a well-known service answers to is nobody's tunnel", () => {
  expect(said(datagram([53, 4789], [8, 0, 0, 0, 0, 0, 7, 0, ...frame]))).toEqual(["udp 192.0.2.2:4789>192.0.2.1:53 0/0 1/90 port 0-0"]);
  expect(said(datagram([4789, 53], zeros(20)))[0]).not.toContain("outer");
});
