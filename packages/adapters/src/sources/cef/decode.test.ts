import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { cef } from "./decode.ts";

test("the header's escapes and the extension's blanks and escapes are understood", () => {
  const text =
    "Nov 25 12:00:00 sensor-1 CEF:0|Acme \\| Sons|Wall|1|9|say \\\\ no|5|rt=1795608000123 src=10.0.0.7 spt=40123 dst=10.0.0.9 dpt=22 proto=TCP act=Deny cs1Label=Rule Name cs1=no ssh\\=ever suser=ann b dvchost=wall-1 reason=by rule msg=a=b";
  expect(toldLines(cef, text)).toEqual([
    "tcp 10.0.0.7:40123 → 10.0.0.9:22 (port) · denied · unanswered · at 2026-11-25T12:00:00.123Z · seen by wall-1 · rule no ssh=ever · because by rule · client user=ann b",
  ]);
});

test("`in` is what went to the destination, as ArcSight has it; a reply is turned with its counts", () => {
  const event = "CEF:0|Acme|Wall|1|9|flow|1|src=10.0.0.9 spt=53 dst=10.0.0.7 dpt=50000 proto=17 act=allow in=312 out=60 start=1795608000000 end=1795608001000";
  expect(toldLines(cef, event)).toEqual([
    "udp 10.0.0.7:50000 → 10.0.0.9:53 (port) · allowed · there ?/60 · back ?/312 · at 2026-11-25T12:00:00Z to 2026-11-25T12:00:01Z · note bytes as the firewall counts them",
  ]);
});

test("IPv6 addresses stand where ArcSight had room for them", () => {
  expect(
    toldLines(
      cef,
      "CEF:0|Acme|Wall|1|9|flow|1|c6a2=2001:db8::1 c6a2Label=Source IPv6 Address c6a3=2001:db8::2 c6a3Label=Destination IPv6 Address proto=icmp act=drop",
    ),
  ).toEqual(["icmp6 2001:db8::1 → 2001:db8::2 (unknown) · denied · unanswered"]);
});

test("what is no flow is counted, what is damaged is rejected", () => {
  const text = [
    "CEF:0|Acme|Mail|1|9|login|5|suser=ann src=10.0.0.7",
    "CEF:0|Acme|Proxy|1|9|web|5|src=10.0.0.7 dst=10.0.0.9 proto=HTTP",
    "CEF:0|Acme|Wall|1|9|x|5|src=me dst=10.0.0.9 proto=6",
    "CEF:0|Acme|Wall",
    "hello",
  ].join("\n");
  expect(toldLines(cef, text)).toEqual([
    "notice: a CEF event that is no flow",
    "notice: a CEF event that is no flow",
    "reject bad-address, line 3",
    "notice: a line that is no CEF event",
    "notice: a line that is no CEF event",
  ]);
});
