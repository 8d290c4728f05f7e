import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { leef } from "./decode.ts";

const pairs = (separator: string): string =>
  [
    "src=10.0.0.7",
    "dst=203.0.113.9",
    "srcPort=40123",
    "dstPort=443",
    "proto=TCP",
    "action=Accept",
    "usrName=ann b",
    "policy=web",
    "srcBytes=100",
    "dstBytes=200",
    "srcPackets=2",
    "dstPackets=3",
    "devTime=Nov 25 2026 12:00:00.000 UTC",
    "srcPostNAT=198.51.100.1",
  ].join(separator);
const golden =
  "tcp 10.0.0.7:40123 → 203.0.113.9:443 (port) · allowed · answered · there 2/100 · back 3/200 · at 2026-11-25T12:00:00Z · rule web · client user=ann b · note source translated, 198.51.100.1; bytes as the firewall counts them";

test("version 1 has tabs, version 2 names its separator as a character or its code", () => {
  for (const [head, separator] of [
    ["LEEF:1.0|Acme|Wall|1|allow|", "\t"],
    ["LEEF:2.0|Acme|Wall|1|allow|^|", "^"],
    ["LEEF:2.0|Acme|Wall|1|allow|0x5E|", "^"],
    ["LEEF:2.0|Acme|Wall|1|allow|x7C|", "|"],
    ["LEEF:2.0|Acme|Wall|1|allow|", "\t"],
    ["LEEF:1.0|Acme|Wall|1|allow|", "|"],
  ] as const)
    expect(toldLines(leef, `<13>Nov 25 12:00:00 wall-1 ${head}${pairs(separator)}`), head).toEqual([golden.replace(" · rule", " · seen by wall-1 · rule")]);
});

test("what is no flow is counted, what is damaged is rejected", () => {
  const text = [
    "LEEF:1.0|Acme|Mail|1|login|usrName=ann",
    `LEEF:1.0|Acme|Wall|1|x|${pairs("\t").replace("src=10.0.0.7", "src=me")}`,
    "LEEF:1.0|Acme",
    "hello",
  ].join("\n");
  expect(toldLines(leef, text)).toEqual([
    "notice: a LEEF event that is no flow",
    "reject bad-address, line 2",
    "notice: a line that is no LEEF event",
    "notice: a line that is no LEEF event",
  ]);
});
