import { expect, test } from "vitest";
import { type Bytes, classicCapture, ip, type Stamped, udp } from "./testing/packets.ts";
import { rejected, told } from "./testing/told.ts";

const body = udp([5000, 6000], 1592);
const ends = { from: "10.0.0.1", to: "10.0.0.2", protocol: 17 };
const ends6 = { from: "2001:db8::1", to: "2001:db8::2", protocol: 17 };

/** A datagram in three parts. */
const parts = (id: number, of = ends): readonly Bytes[] =>
  [0, 800, 1200].map((offset, at) => ip(of, body.slice(offset, [800, 1200, 1600][at]), { offset, isLast: at === 2, id }));

const said = (packets: readonly Stamped[]): readonly string[] => told(classicCapture(packets, { linkType: 101 }));
const at = (packets: readonly Bytes[]): readonly Stamped[] => packets.map((packet, second) => [second, packet]);

test("a datagram in fragments is one packet with one header, in whatever order they come", () => {
  const [first, second, third] = parts(7) as [Bytes, Bytes, Bytes];
  for (const order of [
    [first, second, third],
    [third, second, first],
    [second, first, third],
  ])
    expect(said(at(order))).toEqual(["udp 10.0.0.1:5000>10.0.0.2:6000 1/1620 0/0 first-packet 0-0"]);
  expect(said(at(parts(7, ends6)))).toEqual(["udp 2001:db8::1:5000>2001:db8::2:6000 1/1648 0/0 first-packet 0-0"]);
});

test("datagrams of different numbers are kept apart", () => {
  const [one, two] = [parts(1), parts(2)];
  expect(said(at([one[0]!, two[0]!, one[1]!, two[1]!, one[2]!, two[2]!]))).toEqual(["udp 10.0.0.1:5000>10.0.0.2:6000 2/3240 0/0 first-packet 0-1"]);
});

test("a datagram that never became whole counts as far as it was seen", () => {
  const [first, second] = parts(7) as [Bytes, Bytes];
  expect(said(at([first, second]))).toEqual(["udp 10.0.0.1:5000>10.0.0.2:6000 1/1220 0/0 first-packet 0-0"]);
});

test("fragments whose first part never came belong to nobody that can be named, and are counted", () => {
  const [, second, third] = parts(7) as [Bytes, Bytes, Bytes];
  const capture = classicCapture(at([second, third]), { linkType: 101 });
  expect(told(capture)).toEqual([]);
  expect(rejected(capture)).toEqual(["lost-fragments"]);
});
