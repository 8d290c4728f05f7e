import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { windowsFirewall } from "./decode.ts";

const head =
  "#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path\n\n";
const told = (...lines: readonly string[]): readonly string[] => toldLines(windowsFirewall, head + lines.join("\r\n"));
const when = "at 2026-11-25T12:00:00Z";
const zone = "note time without a zone, read as UTC";

test("what was opened or allowed was opened by its source; a dropped packet tells by its flags and ports", () => {
  expect(
    told(
      "2026-11-25 12:00:00 OPEN-INBOUND TCP 10.0.0.9 10.0.0.7 40123 8443 - - - - - - - - -",
      "2026-11-25 12:00:00 ALLOW UDP 10.0.0.7 10.0.0.9 50000 53 0 - - - - - - - SEND",
      "2026-11-25 12:00:00 DROP TCP 10.0.0.9 10.0.0.7 40123 8443 52 S 1 0 64240 - - - RECEIVE",
      "2026-11-25 12:00:00 DROP TCP 10.0.0.9 10.0.0.7 443 40123 40 FA 1 2 64240 - - - RECEIVE",
      "2026-11-25 12:00:00 DROP ICMP 10.0.0.9 10.0.0.7 - - 60 - - - - 8 0 - RECEIVE",
      "2026-11-25 12:00:00 DROP 2 10.0.0.9 224.0.0.22 - - 40 - - - - - - - RECEIVE",
      "2026-11-25 12:00:00 DROP UDP fe80::1 ff02::fb 5353 5353 120 - - - - - - - RECEIVE",
    ),
  ).toEqual([
    `tcp 10.0.0.9:40123 → 10.0.0.7:8443 (stated) · allowed · ${when} · ${zone}`,
    `udp 10.0.0.7:50000 → 10.0.0.9:53 (stated) · allowed · ${when} · ${zone}`,
    `tcp 10.0.0.9:40123 → 10.0.0.7:8443 (handshake) · denied · unanswered · there 1/52 · ${when} · ${zone}`,
    `tcp 10.0.0.7:40123 → 10.0.0.9:443 (port) · denied · back 1/40 · ${when} · ${zone}`,
    `icmp type 8 10.0.0.9 → 10.0.0.7 (stated) · denied · unanswered · there 1/60 · ${when} · ${zone}`,
    `2 10.0.0.9 → 224.0.0.22 (unknown) · denied · unanswered · there 1/40 · ${when} · ${zone}`,
    `udp [fe80::1]:5353 → [ff02::fb]:5353 (unknown) · denied · unanswered · there 1/120 · ${when} · ${zone}`,
  ]);
});

test("the end of a connection is no verdict, and lost events are told", () => {
  expect(
    told("2026-11-25 12:00:00 CLOSE TCP 10.0.0.7 10.0.0.9 40123 443 - - - - - - - - -", "2026-11-25 12:00:00 INFO-EVENTS-LOST - - - - - - - - - - - - 59 -"),
  ).toEqual([
    `tcp 10.0.0.7:40123 → 10.0.0.9:443 (port) · ${when} · note the end of a connection; time without a zone, read as UTC`,
    "notice: INFO-EVENTS-LOST (59 events)",
  ]);
});

test("columns are where the header says", () => {
  const text = "#Fields: time date action src-ip dst-ip protocol dst-port src-port pid \n12:00:00 2026-11-25 ALLOW 10.0.0.7 10.0.0.9 TCP 443 40123 77\n";
  expect(toldLines(windowsFirewall, text)).toEqual([`tcp 10.0.0.7:40123 → 10.0.0.9:443 (stated) · allowed · ${when} · ${zone}`]);
});

test("damaged lines are rejected, with their place", () => {
  expect(
    told(
      "2026-11-25 12:00:00 EXPLODE TCP 10.0.0.7 10.0.0.9 1 2",
      "2026-11-25 12:00:00 DROP TCP nobody 10.0.0.9 1 2",
      "2026-13-25 12:00:00 DROP TCP 10.0.0.7 10.0.0.9 1 2",
      "x",
      "2026-11-25 12:00:00 DROP WARP 10.0.0.7 10.0.0.9 1 2",
    ),
  ).toEqual([
    "reject bad-action, line 6",
    "reject bad-address, line 7",
    "reject bad-time, line 8",
    "reject bad-action, line 9",
    "reject bad-protocol, line 10",
  ]);
});
