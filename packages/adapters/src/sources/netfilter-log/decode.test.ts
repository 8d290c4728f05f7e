import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { netfilterLog } from "./decode.ts";

const tcp =
  "IN=eth0 OUT= MAC=00:11:22:33:44:55:66:77:88:99:aa:bb:08:00 SRC=203.0.113.9 DST=10.0.0.7 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=40123 DPT=8443 WINDOW=64240 RES=0x00 SYN URGP=0";

test("a prefix is the rule, and a verdict only where its words say so", () => {
  const told = ["[UFW BLOCK] ", "Shorewall:net-fw:DROP:", "FINAL_REJECT: ", "ssh-allowed: ", "[UFW AUDIT] ", "drop or accept? ", ""].map((prefix) =>
    toldLines(netfilterLog, `Nov 25 12:00:00 web-1 kernel: [ 1234.567890] ${prefix}${tcp}`)[0]!.replace(
      "tcp 203.0.113.9:40123 → 10.0.0.7:8443 (handshake) · ",
      "",
    ),
  );
  expect(told).toEqual([
    "denied · unanswered · there 1/60 · seen by web-1 · rule UFW BLOCK",
    "denied · unanswered · there 1/60 · seen by web-1 · rule Shorewall:net-fw:DROP",
    "denied · unanswered · there 1/60 · seen by web-1 · rule FINAL_REJECT",
    "allowed · there 1/60 · seen by web-1 · rule ssh-allowed",
    "there 1/60 · seen by web-1 · rule UFW AUDIT",
    "there 1/60 · seen by web-1 · rule drop or accept?",
    "there 1/60 · seen by web-1",
  ]);
});

test("a SYN-ACK and a packet from a well-known port are answers", () => {
  const answer = tcp.replace("SPT=40123 DPT=8443", "SPT=8443 DPT=40123").replace("SYN", "ACK SYN");
  const late = tcp.replace("SPT=40123 DPT=8443", "SPT=443 DPT=40123").replace("SYN", "ACK FIN");
  expect(toldLines(netfilterLog, `${answer}\n${late}`)).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:8443 (handshake) · back 1/60",
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (port) · back 1/60",
  ]);
});

test("IPv6, ICMP, numbers of protocols, and the user of what this host sends", () => {
  const text = [
    "kernel: IN= OUT=eth0 SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=104 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=ICMPv6 TYPE=129 CODE=0 ID=1 SEQ=1",
    "kernel: IN=eth0 OUT= SRC=10.0.0.9 DST=224.0.0.1 LEN=36 TOS=0x00 PREC=0xC0 TTL=1 ID=0 PROTO=2",
    "kernel: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=60 TTL=64 PROTO=UDP SPT=40000 DPT=53 LEN=40 UID=1000 GID=1000 MARK=0x1",
    "kernel: IN=eth0 OUT= SRC=10.0.0.9 DST=10.0.0.7 LEN=88 TTL=64 PROTO=ICMP TYPE=3 CODE=3 [SRC=10.0.0.7 DST=10.0.0.9 LEN=60 TTL=64 PROTO=UDP SPT=1 DPT=2 LEN=40 ]",
  ].join("\n");
  expect(toldLines(netfilterLog, text)).toEqual([
    "icmp6 type 128 2001:db8::2 → 2001:db8::1 (stated) · back 1/104",
    "2 10.0.0.9 → 224.0.0.1 (unknown) · there 1/36",
    "udp 127.0.0.1:40000 → 127.0.0.1:53 (port) · there 1/60 · client user=uid 1000",
    "icmp type 3 10.0.0.9 → 10.0.0.7 (unknown) · there 1/88",
  ]);
});

test("times have a year in ISO's envelopes and in RFC 5424's", () => {
  const rest = "tcp 203.0.113.9:40123 → 10.0.0.7:8443 (handshake) · there 1/60 · at 2026-11-25T11:00:00.123456Z · seen by web-1";
  expect(toldLines(netfilterLog, `2026-11-25T12:00:00.123456+01:00 web-1 kernel: ${tcp}\n<4>1 2026-11-25T11:00:00.123456Z web-1 kernel - - - ${tcp}`)).toEqual([
    rest,
    `${rest}`,
  ]);
});

test("dmesg, ulogd and the journal say the same in their own words", () => {
  const told = (head: string): string => toldLines(netfilterLog, head + tcp)[0]!.replace("tcp 203.0.113.9:40123 → 10.0.0.7:8443 (handshake) · ", "");
  expect(told("[ 1234.567890] [UFW BLOCK] ")).toBe("denied · unanswered · there 1/60 · rule UFW BLOCK");
  expect(told("[Wed Nov 25 12:00:00 2026] [UFW BLOCK] ")).toBe(
    "denied · unanswered · there 1/60 · at 2026-11-25T12:00:00Z · rule UFW BLOCK · note time without a zone, read as UTC",
  );
  expect(told("2026-11-25T12:00:00+0100 web-1 ulogd[77]: not for us ")).toBe("there 1/60 · at 2026-11-25T11:00:00Z · seen by web-1 · rule not for us");
  const entry = { MESSAGE: `[UFW BLOCK] ${tcp}`, _HOSTNAME: "web-1", __REALTIME_TIMESTAMP: "1795608000123456", SYSLOG_IDENTIFIER: "kernel" };
  const json = JSON.stringify(entry);
  expect(netfilterLog.recognises(new TextEncoder().encode(json), "x")).toBe(true);
  expect(toldLines(netfilterLog, json)[0]).toBe(
    "tcp 203.0.113.9:40123 → 10.0.0.7:8443 (handshake) · denied · unanswered · there 1/60 · at 2026-11-25T12:00:00.123456Z · seen by web-1 · rule UFW BLOCK",
  );
});

test("other lines are counted, damaged packets rejected", () => {
  const text = [
    `kernel: eth0: link up`,
    tcp.replace("203.0.113.9", "203.0.113.999"),
    tcp.replace("PROTO=TCP", "PROTO=?"),
    "IN=eth0 OUT= ARP HTYPE=1 PTYPE=0x0800",
  ].join("\n");
  expect(toldLines(netfilterLog, text)).toEqual([
    "notice: a line that is no packet of netfilter",
    "reject bad-address, line 2",
    "reject bad-protocol, line 3",
    "notice: a packet without addresses",
  ]);
});
