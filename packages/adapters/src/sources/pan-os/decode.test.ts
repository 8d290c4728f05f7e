import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { panOs } from "./decode.ts";

/** A line of PAN-OS with these columns in front of those that a version added. */
const line = (columns: readonly string[], added: readonly string[] = []): string => `${[...columns, ...added].join(",")}\n`;

const head = ["1", "2026/11/25 12:00:31", "0011C103117", "TRAFFIC", "end", "1", "2026/11/25 12:00:31"];
const ends = [
  "10.0.0.7",
  "203.0.113.9",
  "198.51.100.1",
  "203.0.113.9",
  "web-out",
  "corp\\ann",
  "",
  "ssl",
  "vsys1",
  "in",
  "out",
  "e1",
  "e2",
  "log",
  "2026/11/25 12:00:31",
];
const session = ["77", "1", "40123", "443", "2013", "443", "0x1c", "tcp", "allow"];
const counts = ["5385", "3299", "2086", "26", "2026/11/25 12:00:01", "30", "any", "0", "17", "0x0", "US", "DE", "0", "11", "15"];
const end = [...head, ...ends, ...session, ...counts];
const golden =
  "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · allowed · answered · there 11/3299 · back 15/2086 · at 2026-11-25T12:00:01Z to 2026-11-25T12:00:31Z · seen by 0011C103117 · rule web-out · client user=corp\\ann · note source translated, 198.51.100.1; bytes as the firewall counts them; time without a zone, read as UTC";

test("the first columns stand where they stand in every version, and later ones are used where they are", () => {
  const newer = [...end, "tcp-fin", "0", "0", "0", "0", "vsys", "fw-berlin", "from-policy", "", "", "0", "", "0", "", "N/A", "2026-11-25T13:00:31.000+01:00"];
  expect(toldLines(panOs, line(end))).toEqual([golden]);
  expect(toldLines(panOs, line(newer))).toEqual([
    golden
      .replace("0011C103117", "fw-berlin")
      .replace("T12:00:01Z to 2026-11-25T12:00:31Z", "T11:00:01Z to 2026-11-25T11:00:31Z")
      .replace("; time without a zone, read as UTC", ""),
  ]);
});

test("a session's start and end are one record, whatever envelope they come in", () => {
  const start = line([...head.with(4, "start"), ...ends, ...session, ...counts.with(1, "0").with(2, "0")]);
  expect(toldLines(panOs, `<14>Nov 25 12:00:01 fw-1 ${start}<14>1 2026-11-25T12:00:31Z fw-1 - - - - ${line(end)}`)).toEqual([
    golden.replace("0011C103117", "fw-1").replace(/(bytes .*); (time .*)$/, "$2; $1"),
  ]);
});

test("a denied session names why, and a session without a number is one by itself", () => {
  const denied = [...head.with(4, "drop"), ...ends.with(2, "0.0.0.0"), ...session.with(0, "0").with(8, "deny"), ...counts.with(14, "0"), "policy-deny"];
  expect(toldLines(panOs, line(denied) + line(denied)).map((told) => told.split(" · seen")[0])).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · denied · unanswered · there 11/3299 · back 0/2086 · at 2026-11-25T12:00:01Z to 2026-11-25T12:00:31Z",
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · denied · unanswered · there 11/3299 · back 0/2086 · at 2026-11-25T12:00:01Z to 2026-11-25T12:00:31Z",
  ]);
  expect(toldLines(panOs, line(denied))[0]).toContain("because policy-deny");
});

test("a threat that came from the server is turned: its sender is no client", () => {
  const threat = [
    ...head.with(3, "THREAT").with(4, "virus"),
    ...ends.with(0, "203.0.113.9").with(1, "10.0.0.7").with(2, "0.0.0.0").with(3, "0.0.0.0"),
    "78",
    "1",
    "80",
    "40124",
    "0",
    "0",
    "0x1c",
    "tcp",
    "deny",
  ];
  expect(toldLines(panOs, line(threat, ['"a,b ""c"".exe"', "Virus/Win32(7)", "any", "medium", "server-to-client"]))).toEqual([
    "tcp 10.0.0.7:40124 → 203.0.113.9:80 (stated) · denied · at 2026-11-25T12:00:31Z · seen by 0011C103117 · rule web-out · because Virus/Win32(7) · server user=corp\\ann · note threat log, virus; time without a zone, read as UTC",
  ]);
});

test("its CEF and LEEF forms are read too, and other logs are counted by type", () => {
  const text = [
    "CEF:0|Palo Alto Networks|PAN-OS|10.1|end|TRAFFIC|1|rt=Nov 25 2026 12:00:31 GMT deviceExternalId=0011 src=10.0.0.7 dst=203.0.113.9 cs1Label=Rule cs1=web out suser=corp\\\\ann spt=40123 dpt=443 proto=tcp act=allow in=3299 out=2086 PanOSPacketsReceived=15 PanOSPacketsSent=11 cn3Label=Elapsed time in seconds cn3=30 start=Nov 25 2026 12:00:01 GMT",
    "1,2026/11/25 12:00:31,0011,SYSTEM,general,0,2026/11/25 12:00:31",
    "hello",
  ].join("\n");
  expect(toldLines(panOs, text)).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · allowed · answered · there 11/3299 · back 15/2086 · at 2026-11-25T12:00:01Z to 2026-11-25T12:00:31Z · seen by 0011 · rule web out · client user=corp\\ann · note bytes as the firewall counts them",
    "notice: a log of type SYSTEM, which is no flow",
    "notice: a line that is no log of PAN-OS",
  ]);
});

test("a line with an address that is none, or too few columns, is rejected", () => {
  expect(toldLines(panOs, line(end.with(7, "10.0.0.777")) + line(end.slice(0, 20)) + line(end.with(29, "warp")))).toEqual([
    "reject bad-address, line 1",
    "reject columns, line 2",
    "reject bad-protocol, line 3",
  ]);
});
