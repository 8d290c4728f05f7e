import { expect, test } from "vitest";
import { type Bytes, classicCapture, icmp, ip, type Ports, sctp, type Stamped, tcp, udp } from "./testing/packets.ts";
import { told } from "./testing/told.ts";

const [a, b] = ["10.0.0.1", "10.0.0.2"];

/** Raw IP, so that nothing but the conversation is spoken of. */
const said = (packets: readonly Stamped[]): readonly string[] => told(classicCapture(packets, { linkType: 101 }));

const from = (source: string, destination: string, protocol: number, body: Bytes): Bytes => ip({ from: source, to: destination, protocol }, body);
const ports: Ports = [40_000, 443];
const back: Ports = [443, 40_000];
const there = (flags: string, options = {}): Bytes => from(a, b, 6, tcp(ports, flags, options));
const reply = (flags: string, options = {}): Bytes => from(b, a, 6, tcp(back, flags, options));
const asks = ([source, destination]: Ports, payload = 12): Bytes => from(a, b, 17, udp([source, destination], payload));
const answers = ([source, destination]: Ports, payload = 12): Bytes => from(b, a, 17, udp([source, destination], payload));

test("a whole TCP conversation is one record, opened by the handshake", () => {
  const packets: Stamped[] = [
    [0, there("S", { sequence: 1 })],
    [0.1, reply("SA", { sequence: 9 })],
    [0.2, there("A")],
    [0.3, there("PA", { payload: 100 })],
    [0.4, reply("PA", { payload: 1000 })],
    [0.5, there("FA")],
    [0.6, reply("FA")],
    [0.7, there("A")],
  ];
  expect(said(packets)).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 5/300 3/1120 handshake 0-0.7"]);
});

test("a new SYN behind both FINs, or behind a RST, is a new conversation; a repeated one is not", () => {
  const closedByFin: Stamped[] = [
    [0, there("S", { sequence: 1 })],
    [1, there("FA")],
    [2, reply("FA")],
  ];
  const closedByReset: Stamped[] = [
    [0, there("S", { sequence: 1 })],
    [1, reply("RA")],
  ];
  for (const closed of [closedByFin, closedByReset]) {
    expect(said([...closed, [3, there("S", { sequence: 2 })]])).toHaveLength(2);
    expect(said([...closed, [3, there("S", { sequence: 1 })]])).toHaveLength(1);
    expect(said([...closed, [3, there("A")]])).toHaveLength(1);
  }
  expect(
    said([
      [0, there("S", { sequence: 1 })],
      [1, there("FA")],
      [3, there("S", { sequence: 2 })],
    ]),
  ).toHaveLength(1);
});

test("TCP ends after five minutes of silence, UDP and ICMP after one", () => {
  const echo = from(a, b, 1, icmp(8));
  for (const [packet, seconds] of [
    [there("A"), 300],
    [asks(ports), 60],
    [echo, 60],
  ] as const) {
    expect(
      said([
        [0, packet],
        [seconds, packet],
      ]),
    ).toHaveLength(1);
    expect(
      said([
        [0, packet],
        [seconds + 0.000001, packet],
      ]),
    ).toHaveLength(2);
  }
});

test("silence counts from the last packet, and what else is heard meanwhile changes nothing", () => {
  const packets: Stamped[] = [0, 50, 100, 150].map((at) => [at, asks(ports)]);
  expect(said(packets)).toEqual(["udp 10.0.0.1:40000>10.0.0.2:443 4/160 0/0 first-packet 0-150"]);
  const others: Stamped[] = [10, 40, 70, 90].map((at) => [at, asks([5000, 53])]);
  expect(said([...packets, ...others].sort(([x], [y]) => x - y))).toHaveLength(2);
});

test("SYN and SYN-ACK say who opened, whoever was heard first", () => {
  expect(
    said([
      [0, reply("SA")],
      [1, there("A")],
    ]),
  ).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 1/40 1/40 handshake 0-1"]);
  expect(
    said([
      [0, reply("A")],
      [1, there("S")],
      [2, reply("SA")],
    ]),
  ).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 1/40 2/80 handshake 0-2"]);
});

test("without a handshake the first packet says it, unless it came from a well-known port to a high one", () => {
  expect(said([[0, there("A")]])).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 1/40 0/0 first-packet 0-0"]);
  expect(said([[0, reply("A")]])).toEqual(["tcp 10.0.0.1:40000>10.0.0.2:443 0/0 1/40 port 0-0"]);
  expect(said([[0, answers([53, 40_000])]])).toEqual(["udp 10.0.0.1:40000>10.0.0.2:53 0/0 1/40 port 0-0"]);
  // Both sides spoke: the first to speak opened.
  expect(
    said([
      [0, answers([53, 40_000])],
      [1, asks([40_000, 53])],
    ]),
  ).toEqual(["udp 10.0.0.2:53>10.0.0.1:40000 1/40 1/40 first-packet 0-1"]);
  // DHCP: a server's answer without its question.
  expect(said([[0, answers([67, 68])]])).toEqual(["udp 10.0.0.1:68>10.0.0.2:67 0/0 1/40 port 0-0"]);
});

test("a multicast or broadcast address is never a client, in either family", () => {
  for (const many of ["224.0.0.251", "239.1.2.3", "255.255.255.255"])
    expect(said([[0, from(a, many, 17, udp([53, 5353]))]])).toEqual([`udp 10.0.0.1:53>${many}:5353 1/28 0/0 first-packet 0-0`]);
  expect(said([[0, from("fe80::1", "ff02::fb", 17, udp([53, 5353]))]])).toEqual(["udp fe80::1:53>ff02::fb:5353 1/48 0/0 first-packet 0-0"]);
  expect(said([[0, from("fe80::1", "fe80::fb", 17, udp([53, 5353]))]])).toEqual(["udp fe80::fb:5353>fe80::1:53 0/0 1/48 port 0-0"]);
});

test("an ICMP question and its answer are one conversation without ports; an error message goes one way", () => {
  expect(
    said([
      [0, from(a, b, 1, icmp(8))],
      [1, from(b, a, 1, icmp(0))],
    ]),
  ).toEqual(["icmp 10.0.0.1>10.0.0.2 1/28 1/28 first-packet 0-1"]);
  expect(
    said([
      [0, from("fe80::1", "fe80::2", 58, icmp(128))],
      [1, from("fe80::2", "fe80::1", 58, icmp(129))],
    ]),
  ).toEqual(["icmp6 fe80::1>fe80::2 1/48 1/48 first-packet 0-1"]);
  expect(
    said([
      [0, from(a, b, 1, icmp(3, 1))],
      [1, from(b, a, 1, icmp(3, 1))],
    ]),
  ).toHaveLength(2);
  expect(
    said([
      [0, from(a, b, 1, icmp(3, 1))],
      [1, from(a, b, 1, icmp(3, 3))],
    ]),
  ).toHaveLength(2);
});

test("SCTP has ports, a protocol without a name keeps its number", () => {
  expect(said([[0, from(a, b, 132, sctp([5000, 36_412]))]])).toEqual(["sctp 10.0.0.1:5000>10.0.0.2:36412 1/36 0/0 first-packet 0-0"]);
  expect(said([[0, from(a, b, 89, [1, 2, 3, 4])]])).toEqual(["89 10.0.0.1>10.0.0.2 1/24 0/0 first-packet 0-0"]);
});

test("a conversation of an address with itself has two sides by its ports", () => {
  const self = "127.0.0.1";
  expect(
    said([
      [0, from(self, self, 6, tcp(ports, "S"))],
      [1, from(self, self, 6, tcp(back, "SA"))],
    ]),
  ).toEqual(["tcp 127.0.0.1:40000>127.0.0.1:443 1/40 1/40 handshake 0-1"]);
});

test("many conversations at a time are kept apart", () => {
  const many: Stamped[] = Array.from({ length: 600 }, (_, at) => [at / 1000, asks([1024 + at, 4000])]);
  const lines = said([...many, ...many.map(([at, packet]): Stamped => [at + 20, packet])]);
  expect(lines).toHaveLength(600);
  expect(lines.every((line) => / 2\/80 0\/0 /.test(line))).toBe(true);
});

test("packets out of order widen the time of a conversation", () => {
  expect(
    said([
      [5, asks(ports)],
      [3, asks(ports)],
      [4, answers(back)],
    ]),
  ).toEqual(["udp 10.0.0.1:40000>10.0.0.2:443 2/80 1/40 first-packet 3-5"]);
});
