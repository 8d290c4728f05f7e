import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { conntrack } from "./decode.ts";

const table = [
  "tcp      6 431999 ESTABLISHED src=10.0.0.7 dst=10.0.0.9 sport=40123 dport=443 packets=12 bytes=1840 src=10.0.0.9 dst=10.0.0.7 sport=443 dport=40123 packets=10 bytes=5123 [ASSURED] mark=0 use=1",
  "udp      17 29 src=10.0.0.7 dst=10.0.0.9 sport=50000 dport=53 [UNREPLIED] src=10.0.0.9 dst=10.0.0.7 sport=53 dport=50000 mark=0 use=1",
  "icmp     1 29 src=10.0.0.7 dst=10.0.0.9 type=8 code=0 id=7 src=10.0.0.9 dst=10.0.0.7 type=0 code=0 id=7 mark=0 use=1",
  "unknown  47 599 src=10.0.0.7 dst=10.0.0.9 src=10.0.0.9 dst=10.0.0.7 use=1",
];
const goldens = [
  "tcp 10.0.0.7:40123 → 10.0.0.9:443 (first-packet) · answered · there 12/1840 · back 10/5123",
  "udp 10.0.0.7:50000 → 10.0.0.9:53 (first-packet) · unanswered",
  "icmp type 8 10.0.0.7 → 10.0.0.9 (first-packet) · answered",
  "47 10.0.0.7 → 10.0.0.9 (first-packet) · answered",
];

test("a table is read as conntrack prints it and as /proc does", () => {
  expect(toldLines(conntrack, table.join("\n"))).toEqual(goldens);
  expect(toldLines(conntrack, table.map((line) => `ipv4     2 ${line.replace("mark=0 use", "mark=0 zone=0 use")}`).join("\n"))).toEqual(goldens);
  expect(
    toldLines(conntrack, "ipv6     10 icmpv6 58 29 src=2001:db8::1 dst=2001:db8::2 type=128 code=0 id=7 src=2001:db8::2 dst=2001:db8::1 type=129 code=0 id=7"),
  ).toEqual(["icmp6 type 128 2001:db8::1 → 2001:db8::2 (first-packet) · answered"]);
});

test("a translation is told by what the answer has as its ends", () => {
  expect(
    toldLines(
      conntrack,
      "tcp      6 117 SYN_SENT src=10.0.0.7 dst=198.51.100.80 sport=40123 dport=80 src=10.1.0.9 dst=192.0.2.1 sport=8080 dport=2013 [ASSURED] use=1",
    ),
  ).toEqual(["tcp 10.0.0.7:40123 → 198.51.100.80:80 (first-packet) · answered · note server translated, 10.1.0.9:8080; client translated, 192.0.2.1:2013"]);
});

const ends = "src=10.0.0.7 dst=10.0.0.9 sport=40123 dport=443";
const back = "src=10.0.0.9 dst=10.0.0.7 sport=443 dport=40123";

test("NEW, UPDATE and DESTROY are one connection, with and without ids and times", () => {
  const events = [
    `[1795608000.100000]\t    [NEW] ipv4     2 tcp      6 120 SYN_SENT ${ends} [UNREPLIED] ${back} id=77`,
    `[1795608000.200000]\t [UPDATE] ipv4     2 tcp      6 60 SYN_RECV ${ends} ${back} id=77`,
    `[1795608009.300000]\t[DESTROY] ipv4     2 tcp      6 ${ends} packets=12 bytes=1840 ${back} packets=10 bytes=5123 [ASSURED] id=77`,
  ];
  const golden = goldens[0]!;
  expect(toldLines(conntrack, events.join("\n"))).toEqual([`${golden} · at 2026-11-25T12:00:00.1Z to 2026-11-25T12:00:09.3Z`]);
  const bare = events.map((event) =>
    event
      .replace(/^\[[\d.]+\]\t/, "")
      .replace(" id=77", "")
      .replace(/ipv4 +2 /, ""),
  );
  expect(toldLines(conntrack, bare.join("\n"))).toEqual([golden]);
  expect(toldLines(conntrack, bare.slice(0, 1).join("\n")), "one that is still open is given at the end").toEqual([
    "tcp 10.0.0.7:40123 → 10.0.0.9:443 (first-packet) · unanswered",
  ]);
});

test("a pair of ports that is used again is another connection", () => {
  const opened = `    [NEW] tcp      6 120 SYN_SENT ${ends} [UNREPLIED] ${back}`;
  expect(toldLines(conntrack, `${opened}\n${opened}\n`)).toHaveLength(2);
});

test("the kernel's own times stand in the entry", () => {
  const line = `[DESTROY] tcp      6 ${ends} packets=1 bytes=60 ${back} packets=1 bytes=60 delta-time=9 [start=Wed Nov 25 12:00:00 2026] [stop=Wed Nov 25 12:00:09 2026]`;
  expect(toldLines(conntrack, line)).toEqual([
    "tcp 10.0.0.7:40123 → 10.0.0.9:443 (first-packet) · answered · there 1/60 · back 1/60 · at 2026-11-25T12:00:00Z to 2026-11-25T12:00:09Z · note time without a zone, read as UTC",
  ]);
});

test("an entry that ends without its beginning says how long ago that was", () => {
  const line = `[1795608009.000000]\t[DESTROY] tcp      6 119 TIME_WAIT ${ends} packets=1 bytes=60 ${back} packets=1 bytes=60 [ASSURED] delta-time=9 [USERSPACE] portid=1 progname=conntrack`;
  expect(toldLines(conntrack, line)).toEqual([
    "tcp 10.0.0.7:40123 → 10.0.0.9:443 (first-packet) · answered · there 1/60 · back 1/60 · at 2026-11-25T12:00:00Z to 2026-11-25T12:00:09Z",
  ]);
});

test("other lines are counted, damaged entries rejected", () => {
  const text = [
    "conntrack v1.4.6 (conntrack-tools): 4 flow entries have been shown.",
    table[0]!.replace("dst=10.0.0.9", "dst=there"),
    "tcp      6 1 LISTEN src=10.0.0.7 dst=10.0.0.9 sport=1 dport=2",
    table[0]!.replace(" 6 ", " 600 "),
  ].join("\n");
  expect(toldLines(conntrack, text)).toEqual([
    "notice: a line that is no entry of conntrack",
    "reject bad-address, line 2",
    "reject columns, line 3",
    "reject bad-protocol, line 4",
  ]);
});
