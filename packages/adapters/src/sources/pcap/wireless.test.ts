import { expect, test } from "vitest";
import { be16, be32, type Bytes, classicCapture, ip, udp, zeros } from "./testing/packets.ts";
import { noticed, told } from "./testing/told.ts";

const packet = ip({ from: "10.0.0.1", to: "10.0.0.2", protocol: 17 }, udp([5000, 6000], 4));
const line = "udp 10.0.0.1:5000>10.0.0.2:6000 1/32 0/0 first-packet 0-0";
const llc: Bytes = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
const capture = (linkType: number, frame: Bytes): Uint8Array => classicCapture([[0, frame]], { linkType });
const said = (linkType: number, frame: Bytes): readonly string[] => told(capture(linkType, frame));
/** A data frame with this control, so many bytes of header in all. */
const frame = (control: number, flags: number, headerBytes = 24, body: Bytes = [...llc, ...packet]): Bytes => [
  control,
  flags,
  ...zeros(headerBytes - 2),
  ...body,
];

test("data frames are read with every header that they may have; beacons, acknowledgements and empty ones are no connection", () => {
  expect(said(105, frame(0x08, 1))).toEqual([line]);
  expect(said(105, frame(0x08, 2))).toEqual([line]);
  expect(said(105, frame(0x08, 3, 30)), "between two access points").toEqual([line]);
  expect(said(105, frame(0x88, 1, 26)), "with a class of service").toEqual([line]);
  expect(said(105, frame(0x88, 0x81, 30)), "and with a field for throughput").toEqual([line]);
  for (const control of [0x80, 0xd4, 0x48, 0xc8]) expect(said(105, frame(control, 1)), control.toString(16)).toEqual([]);
});

test("an aggregate holds several packets", () => {
  const part = (body: Bytes): Bytes => [...zeros(12), ...be16(body.length), ...body];
  const padded = [...part([...llc, ...packet]), ...zeros(2), ...part([...llc, ...packet])];
  expect(said(105, [0x88, 1, ...zeros(22), 0x80, 0, ...padded])).toEqual(["udp 10.0.0.1:5000>10.0.0.2:6000 2/64 0/0 first-packet 0-0"]);
});

test("what the radio said comes before the frame, in each of its forms; frames that it heard damaged do not count", () => {
  const little = (bytes: Bytes): Bytes => [...bytes].reverse();
  const radiotap = (present: number, fields: Bytes): Bytes => [0, 0, ...little(be16(8 + fields.length)), ...little(be32(present)), ...fields];
  expect(said(127, [...radiotap(0, []), ...frame(8, 1)])).toEqual([line]);
  expect(said(127, [...radiotap(3, [...zeros(8), 0x10]), ...frame(8, 1)])).toEqual([line]);
  expect(said(127, [...radiotap(2, [0x40]), ...frame(8, 1)])).toEqual([]);
  expect(said(127, [...radiotap(2, [0x20]), ...frame(0x88, 1, 28)]), "padded").toEqual([line]);
  expect(said(192, [0, 0, 8, 0, ...little(be32(105)), ...frame(8, 1)])).toEqual([line]);
  expect(said(163, [...be32(0x80211001), ...be32(64), ...zeros(56), ...frame(8, 1)])).toEqual([line]);
  expect(said(119, [...be32(0x44), ...little(be32(144)), ...zeros(136), ...frame(8, 1)])).toEqual([line]);
});

test("encrypted frames are counted in one sentence", () => {
  expect(said(105, frame(8, 0x41))).toEqual([]);
  expect(noticed(capture(105, frame(8, 0x41)))).toEqual(["1 frames are encrypted on their link (802.11): nothing in them can be read"]);
});
