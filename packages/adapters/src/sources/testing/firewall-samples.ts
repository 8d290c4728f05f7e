import { evtxFile, text, u32, unfinished } from "../windows-events/testing/evtx.ts";

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

const platformBody = {
  ProcessID: { type: "u64", number: 996 },
  Application: text("\\device\\harddiskvolume2\\windows\\system32\\svchost.exe"),
  Direction: text("%%14592"),
  SourceAddress: text("10.0.0.7"),
  SourcePort: text("40123"),
  DestAddress: text("10.0.0.9"),
  DestPort: text("135"),
  Protocol: u32(6),
  FilterRTID: { type: "u64", number: 72_408 },
} as const;

const sysmonBody = {
  RuleName: text("-"),
  UtcTime: text("2026-11-25 12:00:03.500"),
  ProcessId: u32(4),
  Image: text("C:\\Windows\\System32\\dns.exe"),
  User: text("NT AUTHORITY\\SYSTEM"),
  Protocol: text("udp"),
  Initiated: text("false"),
  SourceIp: text("10.0.0.9"),
  SourceHostname: text("-"),
  SourcePort: { type: "u16", number: 53 },
  DestinationIp: text("10.0.0.7"),
  DestinationHostname: text("web-1"),
  DestinationPort: { type: "u16", number: 50_000 },
} as const;

/** Small true files of the formats that firewalls and hosts write, by the format's name. */
export const firewallSamples: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  "cisco-asa": [
    lines(
      "<166>Nov 25 2026 12:00:00 asa-1 : %ASA-6-302013: Built outbound TCP connection 7 for outside:203.0.113.9/443 (203.0.113.9/443) to inside:10.0.0.7/40123 (198.51.100.1/2013)(LOCAL\\ann)",
      '<164>Nov 25 2026 12:00:01 asa-1 : %ASA-4-106023: Deny udp src inside:10.0.0.7/50000 dst outside:203.0.113.9/53 by access-group "inside_in" [0x1, 0x0]',
      "<166>Nov 25 2026 12:00:09 asa-1 : %ASA-6-302014: Teardown TCP connection 7 for outside:203.0.113.9/443 to inside:10.0.0.7/40123 duration 0:00:09 bytes 5123 TCP FINs",
      "<166>Nov 25 12:00:10 asa-1 %ASA-6-302020: Built inbound ICMP connection for faddr 10.0.0.9/0 gaddr 10.0.0.7/1 laddr 10.0.0.7/1 type 8 code 0",
      "<166>Nov 25 12:00:10 asa-1 %ASA-6-305011: Built dynamic TCP translation from inside:10.0.0.7/40123 to outside:198.51.100.1/2013",
    ),
    lines(
      "%ASA-6-106100: access-list acl permitted tcp inside/10.0.0.7(40123) -> outside/203.0.113.9(443) hit-cnt 3 300-second interval [0x1, 0x0]",
      "%ASA-6-106015: Deny TCP (no connection) from 10.0.0.9/443 to 10.0.0.7/40123 flags SYN ACK  on interface inside",
      "%ASA-7-710005: UDP request discarded from 10.0.0.7/5355 to inside:224.0.0.252/5355",
      "%FTD-1-430003: DeviceUUID: 1-2, InstanceID: 1, FirstPacketSecond: 2026-11-25T12:00:00Z, ConnectionID: 18, AccessControlRuleAction: Allow, SrcIP: 10.0.0.7, DstIP: 10.0.0.9, SrcPort: 40123, DstPort: 443, Protocol: tcp, AccessControlRuleName: web, ConnectionDuration: 3, InitiatorPackets: 5, ResponderPackets: 4, InitiatorBytes: 500, ResponderBytes: 400",
    ),
  ],
  "pan-os": [
    lines(
      "<14>Nov 25 12:00:31 fw-1 1,2026/11/25 12:00:31,0011,TRAFFIC,start,1,2026/11/25 12:00:01,10.0.0.7,203.0.113.9,198.51.100.1,203.0.113.9,web,corp\\ann,,ssl,vsys1,in,out,e1,e2,log,2026/11/25 12:00:01,77,1,40123,443,2013,443,0x1c,tcp,allow,60,60,0,1,2026/11/25 12:00:01,0,any,0,1,0x0,a,b,0,1,0",
      "<14>Nov 25 12:00:31 fw-1 1,2026/11/25 12:00:31,0011,TRAFFIC,end,1,2026/11/25 12:00:31,10.0.0.7,203.0.113.9,198.51.100.1,203.0.113.9,web,corp\\ann,,ssl,vsys1,in,out,e1,e2,log,2026/11/25 12:00:31,77,1,40123,443,2013,443,0x1c,tcp,allow,5385,3299,2086,26,2026/11/25 12:00:01,30,any,0,2,0x0,a,b,0,11,15,tcp-fin",
      '1,2026/11/25 12:00:31,0011,THREAT,virus,1,2026/11/25 12:00:31,203.0.113.9,10.0.0.7,0.0.0.0,0.0.0.0,web,,,web-browsing,vsys1,out,in,e1,e2,log,2026/11/25 12:00:31,78,1,80,40124,0,0,0x1c,tcp,deny,"a,b.exe",Virus/Win32(1),any,medium,server-to-client,1,0x0',
      "1,2026/11/25 12:00:31,0011,SYSTEM,general,0,2026/11/25 12:00:31",
    ),
  ],
  fortinet: [
    lines(
      '<189>date=2026-11-25 time=12:00:09 devname="fgt-1" devid="FGT60E0000000001" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" eventtime=1795608009000000000 tz="+0000" srcip=10.0.0.7 srcport=40123 dstip=203.0.113.9 dstport=443 sessionid=77 proto=6 action="close" policyid=3 trandisp="snat" transip=198.51.100.1 transport=2013 duration=9 sentbyte=1840 rcvdbyte=5123 sentpkt=12 rcvdpkt=10 user="ann"',
      'date=2026-11-25 time=12:00:09 devname="fgt-1" devid="FGT60E0000000001" logid="0000000013" type="traffic" subtype="forward" srcip=10.0.0.7 srcport=40124 dstip=10.0.0.9 dstport=22 sessionid=78 proto=6 action="deny" policyid=0 sentbyte=0 rcvdbyte=0',
      'date=2026-11-25 time=12:00:09 devname="fgt-1" devid="FGT60E0000000001" logid="0100032001" type="event" subtype="system" msg="admin = ann"',
    ),
  ],
  "check-point": [
    lines(
      '<134>1 2026-11-25T12:00:00Z gw-1 CheckPoint 1234 - [action:"Accept"; ifdir:"inbound"; ifname:"eth1"; loguid:"{0x1}"; origin:"10.0.0.1"; time:"1795608000"; dst:"203.0.113.9"; proto:"6"; rule:"3"; rule_name:"web"; s_port:"40123"; service:"443"; src:"10.0.0.7"; product:"VPN-1 & FireWall-1"]',
      "time=1795608000|hostname=gw-1|product=Firewall|action=Drop|ifdir=inbound|loguid={0x2}|src=10.0.0.7|dst=10.0.0.9|proto=17|s_port=50000|service=53|rule=9",
    ),
  ],
  cef: [
    lines(
      "Nov 25 12:00:09 fgt CEF:0|Fortinet|Fortigate|v6.0.3|00013|traffic:forward close|3|deviceExternalId=FGT1 src=10.0.0.7 spt=40123 dst=203.0.113.9 dpt=443 proto=6 act=close FTNTFGTpolicyid=1 FTNTFGTduration=2 out=1840 in=5123 FTNTFGTsentpkt=12 FTNTFGTrcvdpkt=10 FTNTFGTeventtime=1795608009",
      "<134>1 2026-11-25T12:00:00Z h app - - - CEF:0|Acme|Wall\\|x|1|9|denied|5|src=10.0.0.9 spt=53 dst=10.0.0.7 dpt=50000 proto=UDP act=blocked cs1Label=Rule cs1=no dns msg=a\\=b",
      "CEF:0|Acme|Mail|1|9|login|5|suser=ann",
    ),
  ],
  leef: [
    "LEEF:1.0|Acme|Wall|1|deny|src=10.0.0.7\tdst=10.0.0.9\tsrcPort=40123\tdstPort=22\tproto=TCP\taction=deny\tusrName=ann\tpolicy=no ssh\tdevTime=Nov 25 2026 12:00:00.000 UTC\n",
    "LEEF:2.0|Palo Alto Networks|PAN-OS|10|allow|x7C|src=10.0.0.7|dst=10.0.0.9|srcPort=40123|dstPort=443|proto=tcp|action=allow|srcBytes=100|dstBytes=200|RuleName=web\n",
  ],
  "netfilter-log": [
    lines(
      "Nov 25 12:00:00 web-1 kernel: [ 1234.567890] [UFW BLOCK] IN=eth0 OUT= MAC=00:11 SRC=10.0.0.9 DST=10.0.0.7 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=40123 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0 ",
      "2026-11-25T12:00:00.123456+01:00 web-1 kernel: accepted: IN= OUT=eth0 SRC=10.0.0.7 DST=10.0.0.9 LEN=78 TTL=64 PROTO=UDP SPT=53 DPT=50000 LEN=58 UID=1000 GID=1000",
      "2026-11-25T12:00:00Z web-1 kernel: IN=eth0 OUT= SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=72 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=ICMPv6 TYPE=128 CODE=0 ID=1 SEQ=1",
      "Nov 25 12:00:00 web-1 kernel: eth0: link up",
    ),
  ],
  conntrack: [
    lines(
      "tcp      6 431999 ESTABLISHED src=10.0.0.7 dst=10.0.0.9 sport=40123 dport=443 packets=12 bytes=1840 src=10.1.0.9 dst=10.0.0.7 sport=8443 dport=40123 packets=10 bytes=5123 [ASSURED] mark=0 use=1",
      "ipv6     10 udp      17 29 src=2001:db8::1 dst=2001:db8::2 sport=50000 dport=53 [UNREPLIED] src=2001:db8::2 dst=2001:db8::1 sport=53 dport=50000 mark=0 use=1",
      "icmp     1 29 src=10.0.0.7 dst=10.0.0.9 type=8 code=0 id=7 src=10.0.0.9 dst=10.0.0.7 type=0 code=0 id=7 use=1",
    ),
    lines(
      "[1795608000.100000]\t    [NEW] ipv4     2 tcp      6 120 SYN_SENT src=10.0.0.7 dst=10.0.0.9 sport=40123 dport=443 [UNREPLIED] src=10.0.0.9 dst=10.0.0.7 sport=443 dport=40123 id=77",
      "[1795608000.200000]\t [UPDATE] ipv4     2 tcp      6 60 SYN_RECV src=10.0.0.7 dst=10.0.0.9 sport=40123 dport=443 src=10.0.0.9 dst=10.0.0.7 sport=443 dport=40123 id=77",
      "[1795608009.300000]\t[DESTROY] ipv4     2 tcp      6 src=10.0.0.7 dst=10.0.0.9 sport=40123 dport=443 packets=12 bytes=1840 src=10.0.0.9 dst=10.0.0.7 sport=443 dport=40123 packets=10 bytes=5123 [ASSURED] id=77",
    ),
  ],
  yaf: [
    "2026-11-25 12:00:00.123|2026-11-25 12:00:03.500|   3.377|   0.004|  6|                                10.0.0.7|40123|                                10.0.0.9|  443|       S|     APF|      AS|     APF|0a1b2c3d|11223344|000|000|      12|    1840|      10|    5123|    0|\n2026-11-25 12:00:00.123|2026-11-25 12:00:00.123|   0.000|   0.000| 17|                                10.0.0.9|   53|                                10.0.0.7|50000|       0|       0|       0|       0|00000000|00000000|000|000|       1|     312|       0|       0|    0|idle\n",
    "2026-11-25 12:00:00.123 - 12:00:03.500 (3.377 sec) tcp 10.0.0.7:40123 => 10.0.0.9:443 0a1b2c3d:11223344 S/APF:AS/APF (12/1840 <-> 10/5123) rtt 4 ms\n2026-11-25 12:00:00.123 icmp [8:0] 10.0.0.7 => 10.0.0.9 (1/84 ->) idle\n",
  ],
  "windows-firewall": [
    lines(
      "#Version: 1.5",
      "#Software: Microsoft Windows Firewall",
      "#Time Format: Local",
      "#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path",
      "2026-11-25 12:00:00 DROP TCP 10.0.0.7 10.0.0.9 40123 445 52 S 1 0 64240 - - - RECEIVE",
      "2026-11-25 12:00:01 ALLOW UDP 10.0.0.9 10.0.0.7 50000 53 0 - - - - - - - SEND",
      "2026-11-25 12:00:02 CLOSE TCP 10.0.0.7 10.0.0.9 40124 443 - - - - - - - - -",
      "2026-11-25 12:00:03 INFO-EVENTS-LOST - - - - - - - - - - - - 59 -",
    ),
  ],
  "windows-events": [
    '{"EventID":5156,"Channel":"Security","Hostname":"web-1","@timestamp":"2026-11-25T12:00:00Z","Application":"System","Direction":"%%14593","SourceAddress":"10.0.0.7","SourcePort":"40123","DestAddress":"10.0.0.9","DestPort":"445","Protocol":"6","FilterRTID":"7"}\n{"EventID":5158,"Channel":"Security","SourceAddress":"0.0.0.0","SourcePort":"1","Protocol":"6"}\n',
    '{"@timestamp":"2026-11-25T12:00:00Z","winlog":{"event_id":3,"channel":"Microsoft-Windows-Sysmon/Operational","computer_name":"web-1","event_data":{"UtcTime":"2026-11-25 12:00:00.000","Image":"C:\\\\a.exe","User":"CORP\\\\ann","Protocol":"tcp","Initiated":"true","SourceIp":"10.0.0.7","SourcePort":"40123","DestinationIp":"10.0.0.9","DestinationPort":"443"}}}\n',
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>5152</EventID><TimeCreated SystemTime='2026-11-25T12:00:00.1234567Z'/><Channel>Security</Channel><Computer>web-1</Computer></System><EventData><Data Name='Application'>-</Data><Data Name='Direction'>%%14592</Data><Data Name='SourceAddress'>10.0.0.9</Data><Data Name='SourcePort'>443</Data><Data Name='DestAddress'>10.0.0.7</Data><Data Name='DestPort'>50000</Data><Data Name='Protocol'>6</Data><Data Name='FilterRTID'>7</Data></EventData></Event>\n",
    unfinished(
      evtxFile([
        {
          id: 5157,
          provider: "Microsoft-Windows-Security-Auditing",
          channel: "Security",
          computer: "web-1",
          time: "2026-11-25T12:00:00.123456Z",
          body: platformBody,
        },
        { id: 5157, provider: "Microsoft-Windows-Security-Auditing", channel: "Security", computer: "web-1", time: "2026-11-25T12:00:01Z", body: platformBody },
        {
          id: 3,
          provider: "Microsoft-Windows-Sysmon",
          channel: "Microsoft-Windows-Sysmon/Operational",
          computer: "dc-1",
          time: "2026-11-25T12:00:04Z",
          body: sysmonBody,
        },
      ]),
    ),
  ],
};
