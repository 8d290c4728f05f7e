import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { yaf } from "./decode.ts";

const columns = (values: Readonly<Record<string, string>> = {}): string => {
  const usual = {
    start: "2026-11-25 12:00:00.123",
    end: "2026-11-25 12:00:03.500",
    duration: "   3.377",
    rtt: "   0.004",
    proto: "  6",
    sip: "                 10.0.0.7",
    sp: "40123",
    dip: "                 10.0.0.9",
    dp: " 8443",
    iflags: "       S",
    uflags: "     APF",
    riflags: "      AS",
    ruflags: "     APF",
    isn: "0a1b2c3d",
    risn: "11223344",
    tag: "000",
    rtag: "000",
    pkt: "      12",
    oct: "    1840",
    rpkt: "      10",
    roct: "    5123",
    app: "  443",
    reason: "idle",
  };
  return Object.values({ ...usual, ...values }).join("|");
};

test("a table's flow has both ways, and its first flags tell who opened", () => {
  expect(toldLines(yaf, columns())).toEqual([
    "tcp 10.0.0.7:40123 → 10.0.0.9:8443 (handshake) · answered · there 12/1840 · back 10/5123 · at 2026-11-25T12:00:00.123Z to 2026-11-25T12:00:03.5Z",
  ]);
  expect(toldLines(yaf, columns({ iflags: "APF", riflags: "A" }))[0], "without a handshake, its source sent first").toContain("10.0.0.9:8443 (first-packet)");
});

test("a flow that began with the answer is turned, with its counts", () => {
  expect(toldLines(yaf, columns({ iflags: "AS", riflags: "A" }))).toEqual([
    "tcp 10.0.0.9:8443 → 10.0.0.7:40123 (handshake) · answered · there 10/5123 · back 12/1840 · at 2026-11-25T12:00:00.123Z to 2026-11-25T12:00:03.5Z",
  ]);
});

test("0 back is no count: one way of a conversation looks the same", () => {
  const one = { rpkt: "0", roct: "0", iflags: "0", proto: " 17", end: "2026-11-25 12:00:00.123" };
  expect(toldLines(yaf, `${columns({ ...one, dp: "53" })}\n${columns({ ...one, sp: "53", dp: "40123" })}`)).toEqual([
    "udp 10.0.0.7:40123 → 10.0.0.9:53 (port) · there 12/1840 · at 2026-11-25T12:00:00.123Z",
    "udp 10.0.0.9:40123 → 10.0.0.7:53 (port) · back 12/1840 · at 2026-11-25T12:00:00.123Z",
  ]);
});

test("ICMP's type stands in the port's upper byte", () => {
  expect(toldLines(yaf, columns({ proto: "  1", sp: "0", dp: "2048" }))[0]).toMatch(/^icmp type 8 10\.0\.0\.7 → 10\.0\.0\.9 \(first-packet\)/);
});

test("plain yafscii says the same in sentences", () => {
  const text = [
    "2026-11-25 12:00:00.123 - 12:00:03.500 (3.377 sec) tcp 10.0.0.7:40123 => 10.0.0.9:8443 0a1b2c3d:11223344 S/APF:AS/APF (12/1840 <-> 10/5123) rtt 4 ms applabel: 443",
    "2026-11-25 12:00:00.123 icmp [8:0] 10.0.0.7 => 10.0.0.9 (1/84 ->) idle",
    "2026-11-25 12:00:00.123 udp 2001:db8::1:50000 => 2001:db8::2:53 (1/60 <-> 1/312) rtt 1 ms",
    "2026-11-25 12:00:00.123 ip 47 10.0.0.7 => 10.0.0.9 vlan 064 (1/84 ->)",
  ].join("\n");
  expect(toldLines(yaf, text)).toEqual([
    "tcp 10.0.0.7:40123 → 10.0.0.9:8443 (handshake) · answered · there 12/1840 · back 10/5123 · at 2026-11-25T12:00:00.123Z to 2026-11-25T12:00:03.5Z",
    "icmp type 8 10.0.0.7 → 10.0.0.9 (stated) · there 1/84 · at 2026-11-25T12:00:00.123Z",
    "udp [2001:db8::1]:50000 → [2001:db8::2]:53 (first-packet) · answered · there 1/60 · back 1/312 · at 2026-11-25T12:00:00.123Z",
    "47 10.0.0.7 → 10.0.0.9 (unknown) · there 1/84 · at 2026-11-25T12:00:00.123Z",
  ]);
});

test("a header is passed over, other lines are counted, damaged flows rejected", () => {
  const text = [
    "start-time|end-time|duration|rtt|proto|sip|sp|dip|dp",
    "*** 0 flows",
    columns({ sip: "nobody" }),
    columns({ proto: "999" }),
    columns().slice(0, 80),
    columns({ start: "2026-13-25 12:00:00.123" }),
  ].join("\n");
  expect(toldLines(yaf, text)).toEqual([
    "notice: a line that is no flow of YAF",
    "reject bad-address, line 3",
    "reject bad-protocol, line 4",
    "reject columns, line 5",
    "reject bad-time, line 6",
  ]);
});
