import { expect, test } from "vitest";
import { decodedBy } from "../testing/decoded-by.ts";
import { pcap } from "./decode.ts";
import { ethernet, ip, nextCapture, classicCapture, tcp, type Stamped } from "./testing/packets.ts";
import { rejected, told } from "./testing/told.ts";

const there = ethernet(ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 6 }, tcp([40_000, 443], "S")));
const back = ethernet(ip({ from: "10.0.0.2", to: "10.0.0.1", protocol: 6 }, tcp([443, 40_000], "SA")));
const packets: readonly Stamped[] = [
  [0.000001, there],
  [1.25, back],
];
const line = "tcp 10.0.0.1:40000>10.0.0.2:443 1/40 1/40 handshake 0.000001-1.25";

test("a capture of either byte order, in micro- or nanoseconds, says the same", () => {
  for (const isLittle of [true, false])
    for (const isNano of [true, false]) {
      expect(told(classicCapture(packets, { isLittle, isNano }))).toEqual([line]);
      expect(rejected(classicCapture(packets, { isLittle, isNano }))).toEqual([]);
    }
});

test("a next-generation capture says the same, whatever its byte order and the resolution of its clock", () => {
  for (const isLittle of [true, false])
    for (const resolution of [undefined, 6, 9])
      expect(
        told(
          nextCapture(
            [{ linkType: 1, ...(resolution === undefined ? {} : { resolution }) }],
            packets.map((one) => [0, ...one] as const),
            isLittle,
          ),
        ),
      ).toEqual([line]);
  // A clock of 2^-20 seconds cannot say every microsecond.
  expect(told(nextCapture([{ linkType: 1, resolution: 0x80 | 20 }], [[0, 1.25, back]]))).toEqual([
    "tcp 10.0.0.1:40000>10.0.0.2:443 0/0 1/40 handshake 1.25-1.25",
  ]);
  expect(told(nextCapture([{ linkType: 1, resolution: 3 }], [[0, 1.25, back]]))).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 0/0 1/40 handshake 1.25-1.25"]);
});

test("one conversation seen by several interfaces of different link types and clocks is one record", () => {
  const interfaces = [
    { linkType: 1, resolution: 6 },
    { linkType: 101, resolution: 9 },
  ];
  expect(
    told(
      nextCapture(interfaces, [
        [0, 0.000001, there],
        [1, 1.25, back.slice(14)],
      ]),
    ),
  ).toEqual([line]);
});

test("a packet of an interface that was not described is damage, and the next is read", () => {
  const strange = nextCapture([{ linkType: 1 }, { linkType: 1 }], [[1, 0.5, there]]);
  const section = nextCapture(
    [{ linkType: 1 }],
    packets.map((one) => [0, ...one] as const),
  );
  // The block of the packet alone, behind a section that has one interface.
  const lone = strange.slice(28 + 20 * 2);
  expect(rejected(Uint8Array.from([...section, ...lone]))).toEqual(["bad-block"]);
  expect(told(Uint8Array.from([...section, ...lone, ...section]))).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 2/80 2/80 handshake 0.000001-1.25"]);
});

test("a capture that ends inside a packet says so, and keeps what came before", () => {
  const whole = classicCapture(packets);
  expect(rejected(whole.slice(0, -1))).toEqual(["truncated"]);
  expect(told(whole.slice(0, -1))).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 1/40 0/0 handshake 0.000001-0.000001"]);
  expect(rejected(whole.slice(0, 30))).toEqual(["truncated"]);
  expect(rejected(whole.slice(0, 20))).toEqual(["truncated"]);
  expect(rejected(whole.slice(0, 24))).toEqual([]);
});

test("a length that no packet has ends the reading with one reject, and what came before stays", () => {
  const capture = classicCapture([...packets, ...packets]);
  const third = 24 + 2 * (16 + there.length);
  capture.set([255, 255, 255, 127], third + 8);
  expect(rejected(capture)).toEqual(["absurd-length"]);
  expect(told(capture)).toEqual([line]);
  const next = nextCapture(
    [{ linkType: 1 }],
    packets.map((one) => [0, ...one] as const),
  );
  next.set([2, 0, 0, 0], 28 + 20 + 4);
  expect(rejected(next)).toEqual(["absurd-length"]);
});

test("what is no capture is told as one thing that cannot be read", () => {
  const noise = Uint8Array.from({ length: 4096 }, (_, at) => (at * 167 + 13) & 255);
  expect(rejected(noise)).toEqual(["no-capture"]);
  expect(told(noise)).toEqual([]);
  expect(told(new Uint8Array(0))).toEqual([]);
});

test("what the capturing program says that it dropped is told, each interface once and by its last word", () => {
  const statistics = (index: number, code: number, count: number): readonly number[] => [
    5,
    0,
    0,
    0,
    36,
    0,
    0,
    0,
    index,
    0,
    0,
    0,
    ...Array.from({ length: 8 }, () => 0),
    code,
    0,
    8,
    0,
    count,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    36,
    0,
    0,
    0,
  ];
  const said = (...blocks: readonly (readonly number[])[]) =>
    decodedBy(pcap, Uint8Array.from([...nextCapture([{ linkType: 1 }], []), ...blocks.flat()])).map((one) =>
      one.kind === "notice" ? `${one.count} × ${one.reason}` : one.kind,
    );
  expect(said(statistics(0, 5, 3), statistics(0, 5, 7), statistics(1, 7, 2))).toEqual(["9 × the capturing program dropped packets"]);
  expect(said(statistics(0, 4, 3)), "what was received").toEqual([]);
});
