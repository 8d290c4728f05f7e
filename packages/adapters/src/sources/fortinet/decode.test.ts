import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { fortinet } from "./decode.ts";

const close =
  'date=2026-11-25 time=13:00:09 devname="fgt-1" devid="FGT60E0000000001" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" eventtime=1795608009123456789 tz="+0100" srcip=10.0.0.7 srcname="laptop" srcport=40123 dstip=203.0.113.9 dstport=443 sessionid=77 proto=6 action="close" policyid=3 policyname="web \\"out\\"" trandisp="snat" transip=198.51.100.1 transport=2013 duration=9 sentbyte=1840 rcvdbyte=5123 sentpkt=12 rcvdpkt=10 user="ann"';
const golden =
  'tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · allowed · answered · there 12/1840 · back 10/5123 · at 2026-11-25T12:00:00.123456Z to 2026-11-25T12:00:09.123456Z · seen by fgt-1 · rule web "out" · client user=ann host=laptop · note source translated, 198.51.100.1:2013; bytes as the firewall counts them';

test("a closed session has both ways, its policy and its translation", () => {
  expect(toldLines(fortinet, `<189>${close}\n`)).toEqual([golden]);
});

test("start, what is written meanwhile, and the end of a session are one record", () => {
  const start = close.replace('"close"', '"start"').replace("duration=9", "duration=0").replace("8009123456789", "8000123456789");
  const meanwhile = close.replace('"close"', '"accept"').replace("sentbyte=1840", "sentbyte=900 sentdelta=900 rcvddelta=100");
  expect(toldLines(fortinet, [start, meanwhile, close].join("\n"))).toEqual([golden]);
});

test("what was denied counted nothing, and reached nobody; times have their zone, or say that they have none", () => {
  const denied = close
    .replace('"close"', '"deny"')
    .replace(/ (eventtime|duration|transip|user|srcname|sentpkt|rcvdpkt|policyname)=\S+( "?out\\""|out\\"")?/g, "")
    .replace("sentbyte=1840 rcvdbyte=5123", "sentbyte=0 rcvdbyte=0");
  expect(toldLines(fortinet, denied.replace(/ policyname=.*?" trandisp/, " trandisp"))).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · denied · unanswered · at 2026-11-25T12:00:09Z · seen by fgt-1 · rule 3",
  ]);
  const zoneless =
    'date=2026-11-25 time=12:00:09 devid=FGT1 logid=0000000013 type=traffic subtype=local srcip=10.0.0.7 dstip=10.0.0.9 proto=1 action=accept service="icmp/8/0"';
  expect(toldLines(fortinet, zoneless)).toEqual([
    "icmp type 8 10.0.0.7 → 10.0.0.9 (stated) · allowed · at 2026-11-25T12:00:09Z · seen by FGT1 · note time without a zone, read as UTC",
  ]);
});

test("FortiOS 4 has other names for the same", () => {
  const old =
    "date=2012-08-17 time=12:00:09 devname=fgt-1 device_id=FG300A log_id=0021000002 type=traffic subtype=allowed pri=notice status=accept vd=root src=10.0.0.7 src_port=40123 dst=203.0.113.9 dst_port=443 service=443/tcp proto=6 duration=9 rule=3 policyid=3 sent=1840 rcvd=5123 sent_pkt=12 rcvd_pkt=10 SN=77";
  expect(toldLines(fortinet, old)).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · allowed · answered · there 12/1840 · back 10/5123 · at 2012-08-17T12:00:00Z to 2012-08-17T12:00:09Z · seen by fgt-1 · rule 3 · note bytes as the firewall counts them; time without a zone, read as UTC",
  ]);
});

test("its CEF counts what the source sent as `out`", () => {
  const cef =
    "Dec 27 11:07:55 fgt-1 CEF: 0|Fortinet|Fortigate|v6.0.3|00013|traffic:forward close|3|deviceExternalId=FGT1 FTNTFGTeventtime=1545937675 src=10.0.0.7 spt=40123 dst=203.0.113.9 dpt=443 externalId=402 proto=6 act=close FTNTFGTpolicyid=1 FTNTFGTduration=2 out=3652 in=146668 FTNTFGTsentpkt=58 FTNTFGTrcvdpkt=105";
  expect(toldLines(fortinet, cef)).toEqual([
    "tcp 10.0.0.7:40123 → 203.0.113.9:443 (stated) · allowed · answered · there 58/3652 · back 105/146668 · at 2018-12-27T19:07:53Z to 2018-12-27T19:07:55Z · seen by FGT1 · rule 1 · note bytes as the firewall counts them",
  ]);
});

test("lines of other types are counted, damaged ones rejected", () => {
  const text = [
    close.replace('type="traffic"', 'type="event"'),
    close.replace("srcip=10.0.0.7", "srcip=here"),
    close.replace("proto=6", "proto=900"),
    "hello",
  ].join("\n");
  expect(toldLines(fortinet, text)).toEqual([
    "notice: a line of type event, which is no flow",
    "reject bad-address, line 2",
    "reject bad-protocol, line 3",
    "notice: a line that is no log of FortiOS",
  ]);
});
