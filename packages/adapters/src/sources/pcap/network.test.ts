import { expect, test } from "vitest";
import { be16, type Bytes, classicCapture, ethernet, ip, tcp, udp, zeros } from "./testing/packets.ts";
import { noticed, rejected, told } from "./testing/told.ts";

const four = ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 17 }, udp([5000, 6000], 4));
const line = "udp 10.0.0.1:5000>10.0.0.2:6000 1/32 0/0 first-packet 0-0";
const saidOn = (linkType: number, packet: Bytes): readonly string[] => told(classicCapture([[0, packet]], { linkType }));

test("a packet is the same whatever carries it: Ethernet, VLAN, QinQ, Linux cooked, raw, loopback, PPP and what else captures are made of", () => {
  const carried: readonly (readonly [linkType: number, packet: Bytes])[] = [
    [1, ethernet(four)],
    [1, ethernet(four, [0x8100])],
    [1, ethernet(four, [0x88a8, 0x8100])],
    [113, [...zeros(14), ...be16(0x0800), ...four]],
    [276, [...be16(0x0800), ...zeros(18), ...four]],
    [101, four],
    [12, four],
    [228, four],
    [0, [2, 0, 0, 0, ...four]],
    [108, [0, 0, 0, 2, ...four]],
    [9, [0xff, 3, 0, 0x21, ...four]],
    [9, [0, 0x21, ...four]],
    [50, [0xff, 3, 0, 0x21, ...four]],
    [51, [0x11, 0, 0, 1, 0, 0, 0, 0x21, ...four]],
    [166, [1, 3, 0, 0x21, ...four]],
    [204, [1, 0xff, 3, 0x21, ...four]],
    [104, [0x0f, 0, 8, 0, ...four]],
    [100, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...four]],
    [10, [...zeros(13), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...four]],
    [107, [0x18, 0x41, 3, 0xcc, ...four]],
    [107, [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0, ...four]],
    [109, [...zeros(12), ...four]],
    [113, [...zeros(14), 0, 4, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...four]],
    [117, [61, 2, ...zeros(62), ...four]],
    [138, [...zeros(16), 8, 0, ...four]],
    [197, [...zeros(8), 2, ...zeros(9), ...ethernet(four)]],
    [226, [...zeros(24), ...four]],
    [229, four],
    [239, [2, 0, 0, 0, 5, 0, 10, 0, 0, 0, 0, 0, 4 + four.length, 0, 9, 0, ...four]],
    [240, [...zeros(4), ...ethernet(four)]],
    [258, [16, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, ...zeros(4), ...ethernet(four)]],
    [274, [...zeros(8), ...ethernet(four)]],
  ];
  for (const [linkType, packet] of carried) expect(saidOn(linkType, packet), `link type ${linkType}`).toEqual([line]);
});

test("tags and headers between Ethernet and IP are peeled off, and those that make a network of their own are named", () => {
  const typed = (type: number, between: Bytes, next = 0x0800): Bytes => [...zeros(12), ...be16(type), ...between, ...be16(next), ...four];
  expect(saidOn(1, typed(0x893f, zeros(6)))).toEqual([`${line} (802.1BR inner)`]);
  expect(saidOn(1, typed(0x8926, zeros(4)))).toEqual([`${line} (VNTAG inner)`]);
  expect(saidOn(1, typed(0x892f, zeros(4))), "HSR").toEqual([line]);
  expect(saidOn(1, typed(0xf1c1, zeros(4))), "R-TAG").toEqual([line]);
  expect(saidOn(1, typed(0x8909, [1, 1, 0, 1, 0, 7])), "Cisco's group").toEqual([line]);
  expect(saidOn(1, typed(0x88e7, zeros(16)))).toEqual([`${line} (PBB inner)`]);
  expect(saidOn(1, typed(0x22f3, zeros(18)))).toEqual([`${line} (TRILL inner)`]);
  expect(saidOn(1, typed(0x8903, zeros(14)))).toEqual([`${line} (FabricPath inner)`]);
  expect(saidOn(1, typed(0x88e5, zeros(6)))).toEqual([`${line} (MACsec inner)`]);
  expect(saidOn(1, typed(0x88e5, [0x20, ...zeros(13)]))).toEqual([`${line} (MACsec inner)`]);
  expect(saidOn(1, [...zeros(12), ...be16(0x8864), 0x11, 0, 0, 1, 0, 0, 0, 0x21, ...four])).toEqual([`${line} (PPPoE inner)`]);
});

test("behind MPLS labels stands IP, or a pseudowire with Ethernet, with a control word or without", () => {
  const labels = [0, 1, 0x10, 64, 0, 1, 0x11, 64];
  for (const behind of [four, ethernet(four), [...zeros(4), ...ethernet(four)]])
    expect(saidOn(1, [...zeros(12), ...be16(0x8847), ...labels, ...behind])).toEqual([`${line} (MPLS inner)`]);
});

test("what MACsec encrypts is refused in words", () => {
  const capture = classicCapture([
    [0, [...zeros(12), ...be16(0x88e5), 0x2c, ...zeros(60)]],
    [1, [...zeros(12), ...be16(0x88e5), 0x2c, ...zeros(60)]],
  ]);
  expect(told(capture)).toEqual([]);
  expect(noticed(capture)).toEqual(["2 frames are encrypted on their link (MACsec): nothing in them can be read"]);
});

test("Ethernet's padding behind a short packet counts nothing", () => {
  expect(saidOn(1, [...ethernet(four), ...zeros(20)])).toEqual([line]);
});

test("what carries no IP is no connection and no damage; an unknown link type is said once", () => {
  const arp = [...zeros(12), 0x08, 0x06, ...zeros(28)];
  expect(saidOn(1, arp)).toEqual([]);
  expect(rejected(classicCapture([[0, arp]]))).toEqual([]);
  expect(
    rejected(
      classicCapture(
        [
          [0, four],
          [1, four],
        ],
        { linkType: 147 },
      ),
    ),
  ).toEqual(["link-type"]);
});

/** IPv6 with these headers before UDP; each is its number and its body behind the two first bytes. */
function extended(headers: readonly (readonly [number: number, rest: Bytes])[]): Bytes {
  const numbers = [...headers.map(([number]) => number), 17];
  const body = headers.flatMap(([number, rest], at) => [numbers[at + 1]!, number === 51 ? rest.length / 4 : (rest.length - 6) / 8, ...rest]);
  return ip({ from: "2001:db8::1", to: "2001:db8::2", protocol: numbers[0]! }, [...body, ...udp([5000, 6000], 4)]);
}

test("ports are found behind IPv6 extension headers", () => {
  const six = (bytes: number): string => `udp 2001:db8::1:5000>2001:db8::2:6000 1/${bytes} 0/0 first-packet 0-0`;
  expect(saidOn(101, extended([]))).toEqual([six(52)]);
  expect(saidOn(101, extended([[0, zeros(6)]]))).toEqual([six(60)]);
  expect(
    saidOn(
      101,
      extended([
        [0, zeros(6)],
        [43, zeros(14)],
        [60, zeros(6)],
      ]),
    ),
  ).toEqual([six(84)]);
  // An atomic fragment is none.
  expect(saidOn(101, extended([[44, zeros(6)]]))).toEqual([six(60)]);
});

test("behind a routing header stands the last destination, behind a home address the true source", () => {
  const last = [0x20, 1, 0xd, 0xb8, ...zeros(11), 9];
  const said = (number: number, rest: Bytes): readonly string[] => saidOn(101, extended([[number, rest]])).map((one) => one.split(" ")[1]!);
  for (const [type, segments] of [
    [0, [...zeros(16), ...last]],
    [2, last],
    [4, [...last, ...zeros(16)]],
  ] as const) {
    expect(said(43, [type, 1, 0, 0, 0, 0, ...segments]), `type ${type}`).toEqual(["2001:db8::1:5000>2001:db8::9:6000"]);
    expect(said(43, [type, 0, 0, 0, 0, 0, ...segments]), `type ${type}, used up`).toEqual(["2001:db8::1:5000>2001:db8::2:6000"]);
  }
  expect(said(60, [1, 2, 0, 0, 201, 16, ...last])).toEqual(["2001:db8::9:5000>2001:db8::2:6000"]);
});

test("addresses are written canonically, and the unspecified one is itself", () => {
  expect(saidOn(101, ip({ from: "::", to: "ff02::1", protocol: 17 }, udp([1, 2])))).toEqual(["udp :::1>ff02::1:2 1/48 0/0 first-packet 0-0"]);
  expect(saidOn(101, ip({ from: "::", to: "::", protocol: 17 }, udp([1, 2])))).toEqual(["udp :::1>:::2 1/48 0/0 first-packet 0-0"]);
});

test("options and padding do not count as TCP payload, and a segment that the card was to cut counts what was captured", () => {
  const segment = tcp([5000, 80], "A", { payload: 10 });
  const packet = [...ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 6 }, segment)];
  expect(saidOn(101, packet)).toEqual(["tcp 10.0.0.1:5000>10.0.0.2:80 1/50 0/0 first-packet 0-0"]);
  packet.splice(2, 2, 0, 0);
  expect(saidOn(101, packet)).toEqual(["tcp 10.0.0.1:5000>10.0.0.2:80 1/50 0/0 first-packet 0-0"]);
});

test("IP headers that cannot be right are counted in one reject", () => {
  const short = [0x41, ...four.slice(1)];
  const tiny = [0x45, 0, 0, 3, ...four.slice(4)];
  expect(
    rejected(
      classicCapture(
        [
          [0, short],
          [1, tiny],
          [2, four],
        ],
        { linkType: 101 },
      ),
    ),
  ).toEqual(["bad-ip-header"]);
  expect(rejected(classicCapture([[0, four.slice(0, 12)]], { linkType: 101 }))).toEqual(["bad-ip-header"]);
});

test("a packet cut by the capturing program counts what was on the wire", () => {
  expect(saidOn(101, four.slice(0, 24))).toEqual([line]);
  expect(saidOn(101, four.slice(0, 20))).toEqual(["udp 10.0.0.1:0>10.0.0.2:0 1/32 0/0 first-packet 0-0"]);
});

test("a segment that the network card was to cut is as long as it was on the wire, however little of it was captured", () => {
  const segment = [...ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 6 }, tcp([40_000, 443], "SA", { payload: 60 }))];
  const lengthless = [...segment.slice(0, 2), 0, 0, ...segment.slice(4)];
  const capture = classicCapture([[0, ethernet(lengthless)]]);
  expect(told(capture)[0]).toContain(`1/${20 + 20 + 60}`);
  // What stands behind the captured length is the length on the wire: 3,000 bytes more.
  new DataView(capture.buffer).setUint32(24 + 12, ethernet(lengthless).length + 3000, true);
  expect(told(capture)[0]).toContain(`1/${20 + 20 + 60 + 3000}`);
});
