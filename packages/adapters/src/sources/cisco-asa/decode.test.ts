import { expect, test } from "vitest";
import { decodedBy } from "../testing/decoded-by.ts";
import { toldLines } from "../testing/told-lines.ts";
import { ciscoAsa } from "./decode.ts";

const told = (...messages: readonly string[]): readonly string[] => toldLines(ciscoAsa, messages.map((message) => `${message}\n`).join(""));

test("inbound was opened from the end named first, outbound from the other, and a translated end is told", () => {
  expect(
    told(
      "%ASA-6-302013: Built inbound TCP connection 1 for outside:203.0.113.9/40123 (203.0.113.9/40123) to dmz:10.0.0.9/443 (198.51.100.9/443) (ann)",
      "%ASA-6-302015: Built outbound UDP connection 2 for outside:203.0.113.9/53 (203.0.113.9/53) to inside:10.0.0.7/50000 (198.51.100.1/2013)(CORP\\ann)",
      "%ASA-6-302013: Built inbound TCP connection 3 for out:2001:db8::1/40123 (2001:db8::1/40123) to in:2001:db8::2/443 (2001:db8::2/443)",
    ),
  ).toEqual([
    "tcp 203.0.113.9:40123 → 10.0.0.9:443 (stated) · allowed · client user=ann · note server translated, 198.51.100.9/443",
    "udp 10.0.0.7:50000 → 203.0.113.9:53 (stated) · allowed · client user=CORP\\ann · note client translated, 198.51.100.1/2013",
    "tcp [2001:db8::1]:40123 → [2001:db8::2]:443 (stated) · allowed",
  ]);
});

test("built and torn down is one connection with its duration, its number is the one of its first line", () => {
  const text = [
    "Nov 25 2026 12:00:00 asa-1 : %ASA-6-302013: Built outbound TCP connection 7 for outside:203.0.113.9/443 (203.0.113.9/443) to inside:10.0.0.7/40123 (10.0.0.7/40123)",
    "Nov 25 2026 12:00:01 asa-1 : %ASA-7-710002: TCP access permitted from 10.0.0.7/40124 to inside:10.0.0.1/ssh",
    "Nov 25 2026 12:01:09 asa-1 : %ASA-6-302014: Teardown TCP connection 7 for outside:203.0.113.9/443 to inside:10.0.0.7/40123 duration 0:01:09 bytes 5123 TCP FINs from inside",
  ].join("\n");
  expect(toldLines(ciscoAsa, text)).toEqual([
    "tcp 10.0.0.7:40124 → 10.0.0.1:22 (port) · allowed · at 2026-11-25T12:00:01Z · seen by asa-1 · note time without a zone, read as UTC",
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · allowed · answered · at 2026-11-25T12:00:00Z to 2026-11-25T12:01:09Z · seen by asa-1 · note time without a zone, read as UTC; ended by TCP FINs; 5123 bytes in both directions together",
  ]);
  expect(decodedBy(ciscoAsa, text).map((one) => one.kind === "connection" && one.connection.record)).toEqual([2, 1]);
});

test("a teardown alone is no verdict, and began as long ago as it says", () => {
  expect(
    told(
      "Nov 25 2026 12:00:30 UTC: %ASA-6-302014: Teardown TCP connection 8 for outside:203.0.113.9/443 to inside:10.0.0.7/40123 duration 0:00:30 bytes 0 SYN Timeout",
    ),
  ).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (port) · unanswered · at 2026-11-25T12:00:00Z to 2026-11-25T12:00:30Z · note ended by SYN Timeout; 0 bytes in both directions together",
  ]);
});

test("a connection number that is used again does not swallow the connection before", () => {
  const built = "%ASA-6-302020: Built inbound ICMP connection for faddr 10.0.0.9/0 gaddr 10.0.0.7/1 laddr 10.0.0.7/1 type 8 code 0";
  expect(told(built, built.replace("inbound", "outbound"))).toEqual([
    "icmp type 8 10.0.0.9 → 10.0.0.7 (stated) · allowed",
    "icmp type 8 10.0.0.7 → 10.0.0.9 (stated) · allowed",
  ]);
});

test("a denial names its access list, or why, and reached nobody", () => {
  expect(
    told(
      '%ASA-4-106023: Deny tcp src inside:10.0.0.7/40123(CORP\\ann) dst outside:203.0.113.9/445 by access-group "inside_in" [0x0, 0x0]',
      '%ASA-4-106023: Deny icmp src inside:10.0.0.7 dst outside:203.0.113.9 (type 8, code 0) by access-group "inside_in" [0x0, 0x0]',
      "%ASA-6-106100: access-list out_in denied tcp outside/203.0.113.9(40123) -> dmz/10.0.0.9(3389) hit-cnt 5 300-second interval [0x1, 0x2]",
      "%ASA-6-106100: access-list out_in permitted icmp outside/203.0.113.9(8) -> dmz/10.0.0.9(0) hit-cnt 1 first hit [0x1, 0x2]",
      "%ASA-2-106001: Inbound TCP connection denied from 203.0.113.9/40123 to 10.0.0.9/8443 flags SYN  on interface outside",
      "%ASA-6-106015: Deny TCP (no connection) from 10.0.0.9/443 to 10.0.0.7/40123 flags SYN ACK  on interface inside",
      "%ASA-2-106006: Deny inbound UDP from 203.0.113.9/40123 to 10.0.0.9/161 on interface outside",
      "%ASA-1-106021: Deny UDP reverse path check from 10.9.9.9 to 10.0.0.9 on interface outside",
      "%ASA-3-106010: Deny inbound protocol 47 src outside:203.0.113.9 dst outside:198.51.100.1",
      "%ASA-2-106017: Deny IP due to Land Attack from 10.0.0.9 to 10.0.0.9",
      "%ASA-3-710003: TCP access denied by ACL from 203.0.113.9/40123 to outside:198.51.100.1/22",
      "%ASA-6-110002: Failed to locate egress interface for UDP from inside:10.0.0.7/50000 to 172.16.0.2/161",
      "%ASA-4-313005: No matching connection for ICMP error message: icmp src outside:203.0.113.9 dst identity:198.51.100.1 (type 3, code 3) on outside interface.  Original IP payload: udp src 198.51.100.1/9993 dst 203.0.113.9/26410.",
      "%ASA-3-305005: No translation group found for tcp src inside:10.0.0.7/40123 dst outside:203.0.113.9/80",
    ),
  ).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:445 (port) · denied · unanswered · rule inside_in · client user=CORP\\ann",
    "icmp type 8 10.0.0.7 → 203.0.113.9 (stated) · denied · unanswered · rule inside_in",
    "tcp 203.0.113.9:40123 → 10.0.0.9:3389 (unknown) · denied · unanswered · rule out_in · note 5 hits in one message",
    "icmp type 8 203.0.113.9 → 10.0.0.9 (stated) · allowed · rule out_in",
    "tcp 203.0.113.9:40123 → 10.0.0.9:8443 (handshake) · denied · unanswered",
    "tcp 10.0.0.7:40123 → 10.0.0.9:443 (handshake) · denied · because no connection",
    "udp 203.0.113.9:40123 → 10.0.0.9:161 (port) · denied · unanswered",
    "udp 10.9.9.9 → 10.0.0.9 (unknown) · denied · unanswered · because reverse path check",
    "47 203.0.113.9 → 198.51.100.1 (unknown) · denied · unanswered",
    "0 10.0.0.9 → 10.0.0.9 (unknown) · denied · unanswered · because land attack · note the protocol is not told",
    "tcp 203.0.113.9:40123 → 198.51.100.1:22 (port) · denied · unanswered · because access to the firewall",
    "udp 10.0.0.7:50000 → 172.16.0.2:161 (port) · denied · unanswered · because no egress interface",
    "icmp type 3 203.0.113.9 → 198.51.100.1 (unknown) · denied · unanswered · because no matching connection",
    "tcp 10.0.0.7:40123 → 203.0.113.9:80 (port) · denied · unanswered · because no translation group",
  ]);
});

test("Firepower's own messages have rules, counts and times with a zone", () => {
  const start =
    "%FTD-1-430002: DeviceUUID: 1-2, InstanceID: 1, FirstPacketSecond: 2026-11-25T12:00:00Z, ConnectionID: 18, AccessControlRuleAction: Allow, SrcIP: 10.0.0.7, DstIP: 10.0.0.9, SrcPort: 40123, DstPort: 443, Protocol: tcp, AccessControlRuleName: web, all of it, User: CORP\\ann";
  const end = `${start.replace("430002", "430003")}, ConnectionDuration: 3, InitiatorPackets: 5, ResponderPackets: 4, InitiatorBytes: 500, ResponderBytes: 400`;
  expect(told(start, end)).toEqual([
    "tcp 10.0.0.7:40123 → 10.0.0.9:443 (stated) · allowed · answered · there 5/500 · back 4/400 · at 2026-11-25T12:00:00Z to 2026-11-25T12:00:03Z · rule web, all of it · client user=CORP\\ann · note bytes as the firewall counts them",
  ]);
});

test("every envelope gives host and time; RFC 3164's has no year, and so no time", () => {
  const message = "%ASA-7-710005: UDP request discarded from 10.0.0.7/50000 to inside:10.0.0.1/161";
  const rest = "udp 10.0.0.7:50000 → 10.0.0.1:161 (port) · denied · unanswered";
  expect(
    told(
      `<167>Jan  5 08:52:35 asa-1 ${message}`,
      `<167>Aug 06 2026 20:39:42: ${message}`,
      `<167>1 2026-11-25T12:00:00.123Z asa-1 ASA - - - ${message}`,
      `2026-11-25T12:00:00+01:00 relay <167>Nov 25 2026 11:00:00 asa-1 : ${message}`,
      `<167>:Nov 25 12:00:00 CET: ${message.replace("%ASA-7", "%ASA-session-7")}`,
      `<167>Nov 25 12:00:00 CET FW : ${message}`,
      `<167>Nov 25 12:00:00 FW : ${message}`,
    ).map((line) => line.replace(" · because no such service", "").replace(rest, "…")),
  ).toEqual([
    "… · seen by asa-1",
    "… · at 2026-08-06T20:39:42Z · note time without a zone, read as UTC",
    "… · at 2026-11-25T12:00:00.123Z · seen by asa-1",
    "… · at 2026-11-25T11:00:00Z · seen by asa-1 · note time without a zone, read as UTC",
    "…",
    "… · seen by FW",
    "… · seen by FW",
  ]);
});

test("messages that are no flows are counted by number, and damaged ones are rejected", () => {
  expect(
    told(
      "%ASA-6-305011: Built dynamic TCP translation from inside:10.0.0.7/40123 to outside:198.51.100.1/2013",
      "%ASA-3-313001: Denied ICMP type=3, code=3 from 203.0.113.9 on interface outside",
      "%ASA-6-302014: Teardown TCP connection 9 for inside:[10.0.0.7/40123 to dmz:10.0.0.9/443 duration 0:00:01 bytes 1 TCP FINs",
      '%ASA-4-106023: Deny tcp src inside:web-1/40123 dst outside:203.0.113.9/445 by access-group "inside_in"',
      "%ASA-4-106023: Deny",
      "sshd[7]: hello",
    ),
  ).toEqual([
    "notice: message 305011, which is no flow",
    "notice: message 313001, which is no flow",
    "reject bad-address, line 3",
    "reject bad-address, line 4",
    "reject bad-message, line 5",
    "notice: a line that is no message of an ASA",
  ]);
});

test("a megabyte on one line is read in no time, whatever stands in it", () => {
  for (const filling of ["a", "(", "a/", "1.", ": ", "src "])
    expect(told(`%ASA-6-302013: Built inbound TCP connection ${filling.repeat(500_000 / filling.length)}`)[0]).toMatch(/^reject|^notice/);
});

test("more open connections than are held are given as far as they are known", () => {
  const built = Array.from(
    { length: 65_537 },
    (_, nth) => `%ASA-6-302013: Built inbound TCP connection ${nth} for outside:203.0.113.9/40123 (203.0.113.9/40123) to dmz:10.0.0.9/443 (10.0.0.9/443)\n`,
  );
  const ending = "%ASA-6-302014: Teardown TCP connection other for outside:203.0.113.9/40123 to dmz:10.0.0.9/443 duration 0:00:01 bytes 1 TCP FINs\n";
  const decoder = ciscoAsa.decoder({ file: "file" });
  const early = [...decoder.push(new TextEncoder().encode(built.map((line, nth) => (nth % 100 === 0 ? ending + line : line)).join("")))];
  const numbers = early.map((one) => (one.kind === "connection" ? one.connection.record : 0));
  expect(
    numbers.filter((number) => number !== 1 + 101 * Math.floor((number - 1) / 101)),
    "the first that began, beside those that ended",
  ).toEqual([2]);
  expect([...decoder.end()]).toHaveLength(65_536);
});

test("where ends are not logged, nothing waits for them", () => {
  const built = (nth: number): string =>
    `%ASA-6-302013: Built inbound TCP connection ${nth} for outside:203.0.113.9/40123 (203.0.113.9/40123) to dmz:10.0.0.9/443 (10.0.0.9/443)\n`;
  const decoder = ciscoAsa.decoder({ file: "file" });
  const pushed = (nth: number): number => [...decoder.push(new TextEncoder().encode(built(nth)))].length;
  expect(Array.from({ length: 5000 }, (_, nth) => pushed(nth)).reduce((sum, count) => sum + count, 0)).toBe(5000);
  expect(pushed(5000)).toBe(1);
});
