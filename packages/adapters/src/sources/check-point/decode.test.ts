import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { checkPoint } from "./decode.ts";

const accept =
  '<134>1 2026-11-25T12:00:01Z gw-1 CheckPoint 1234 - [action:"Accept"; flags:"411908"; ifdir:"inbound"; ifname:"eth1"; loguid:"{0x1}"; origin:"10.0.0.1"; originsicname:"cn=cp_mgmt,o=gw-1"; sequencenum:"1"; time:"1795608000"; version:"5"; dst:"203.0.113.9"; inzone:"Internal"; proto:"6"; rule:"3"; rule_name:"say \\"web\\""; s_port:"40123"; service:"443"; service_id:"https"; src:"10.0.0.7"; src_user_name:"ann"; xlatesrc:"198.51.100.1"; xlatesport:"2013"; product:"VPN-1 & FireWall-1"]';

test("a connection is read from the syslog form, with its user and its translation", () => {
  expect(toldLines(checkPoint, accept)).toEqual([
    'tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · allowed · at 2026-11-25T12:00:00Z · seen by cn=cp_mgmt,o=gw-1 · rule say "web" · client user=ann · note source translated, 198.51.100.1:2013',
  ]);
});

test("accounting counts what went in from the client and out to it", () => {
  const counted =
    'action="Accept" loguid="{0x2}" ifdir="inbound" origin="gw-1" src="10.0.0.7" dst="10.0.0.9" proto="17" s_port="50000" service="domain-udp" service_id="dns" client_inbound_packets="1" client_inbound_bytes="60" client_outbound_packets="1" client_outbound_bytes="312" start_time="1795608000" elapsed="0:00:02"';
  expect(toldLines(checkPoint, counted)).toEqual([
    "udp 10.0.0.7:50000 → 10.0.0.9:53 (stated) · allowed · answered · there 1/60 · back 1/312 · at 2026-11-25T12:00:00Z to 2026-11-25T12:00:02Z · seen by gw-1 · note bytes as the firewall counts them",
  ]);
});

test("what accounting writes again of a connection is no second one; logs that are numbered alike for nothing stay apart", () => {
  const log = (id: string, port: number, more: string) =>
    `action="Accept" loguid="${id}" ifdir="inbound" origin="gw-1" src="10.0.0.7" dst="10.0.0.9" proto="6" s_port="${port}" service="443" time="1795608000" ${more}`;
  const counted = 'client_inbound_packets="12" client_inbound_bytes="1840" client_outbound_packets="10" client_outbound_bytes="5123"';
  const logs = [log("{0x5f,0x1}", 1, ""), log("{0x5f,0x1}", 1, counted), log("{0x0,0x0}", 2, ""), log("{0x0,0x0}", 3, "")];
  expect(
    toldLines(checkPoint, logs.join("\n"))
      .toSorted()
      .map((line) => line.replace(/ · at.*/, "")),
  ).toEqual([
    "tcp 10.0.0.7:1 → 10.0.0.9:443 (stated) · allowed · answered · there 12/1840 · back 10/5123",
    "tcp 10.0.0.7:2 → 10.0.0.9:443 (stated) · allowed",
    "tcp 10.0.0.7:3 → 10.0.0.9:443 (stated) · allowed",
  ]);
});

test("the Splunk form has bars, and a drop reached nobody", () => {
  const dropped =
    "time=1795608000|hostname=gw-1|severity=Low|product=Firewall|action=Drop|ifdir=inbound|loguid={0x3}|origin=10.0.0.1|src=10.0.0.9|dst=10.0.0.7|proto=icmp|ICMP Type=8|rule=9|message_info=Implied rule";
  expect(toldLines(checkPoint, dropped)).toEqual([
    "icmp type 8 10.0.0.9 → 10.0.0.7 (stated) · denied · unanswered · at 2026-11-25T12:00:00Z · seen by 10.0.0.1 · rule 9 · because Implied rule",
  ]);
});

test("logs that are no flows are counted, damaged ones rejected", () => {
  const text = [
    '[action:"Log In"; origin:"10.0.0.1"; product:"SmartConsole"; src:"10.0.0.7"]',
    accept.replace('src:"10.0.0.7"', 'src:"web-1"'),
    accept.replace('proto:"6"', 'proto:"x"'),
    "hello",
  ].join("\n");
  expect(toldLines(checkPoint, text)).toEqual([
    "notice: a log of a Check Point that is no flow",
    "reject bad-address, line 2",
    "reject bad-protocol, line 3",
    "notice: a line that is no log of a Check Point",
  ]);
});
