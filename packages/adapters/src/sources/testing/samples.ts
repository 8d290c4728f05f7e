import { csvFlows } from "../csv/decode.ts";
import { ipfixSamples, netflowSamples } from "../netflow/testing/samples.ts";
import { sflowSamples } from "../sflow/testing/samples.ts";
import { captures } from "../pcap/testing/captures.ts";
import { cloudSamples } from "./cloud-samples.ts";
import { firewallSamples } from "./firewall-samples.ts";

/** A table as its mapping says; the one format that no content tells. */
export const table = csvFlows({
  columns: { client: "a", server: "b", serverPort: "c", first: "d" },
  delimiter: ",",
  time: "unix",
  protocol: "tcp",
  direction: "stated",
});

/**
 * Small true files of every format, by its name: each variant that its decoder reads has one. Long ones live in `testing/` of their format's folder.
 * Hostile tests damage them, and what a format says that it tells is held against them.
 */
export const samples: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  ...cloudSamples,
  ...firewallSamples,
  agent: [
    '{"bulkhead":"flows/1","observer":"web-1","from":"2026-11-25T12:00:00Z","until":"2026-11-25T12:00:10Z","client":"10.0.0.7","server":"10.0.0.9","protocol":6,"port":443,"opened":2,"packetsToServer":9,"bytesToServer":840,"packetsToClient":8,"bytesToClient":700}\n',
  ],
  "aws-vpc": [
    "2 123456789010 eni-1 10.0.0.7 10.0.0.9 40123 443 6 10 840 1439387263 1439387264 ACCEPT OK\n",
    "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags reject-reason\n8 eni-1 10.0.0.9 10.0.0.7 443 40123 6 10 840 1439387263 1439387264 ACCEPT OK 18 -\n8 eni-1 10.0.0.7 10.0.0.9 - - 1 10 840 1439387263 1439387264 REJECT OK - BPA\n8 eni-1 - - - - - - - 1439387263 1439387264 - NODATA - -\n",
    ...cloudSamples["aws-vpc"]!,
  ],
  csv: ['a,b,c,d\n10.0.0.7,10.0.0.9,"443",1540889767\n'],
  ipfix: ipfixSamples,
  netflow: netflowSamples,
  pcap: captures,
  sflow: sflowSamples,
  "suricata-eve": [
    '{"timestamp":"2018-10-30T09:56:07.459844+0100","flow_id":1,"event_type":"flow","src_ip":"10.0.0.7","src_port":4,"dest_ip":"10.0.0.9","dest_port":5,"proto":"TCP","flow":{"pkts_toserver":1,"pkts_toclient":2,"bytes_toserver":99,"bytes_toclient":9,"start":"2018-10-30T09:56:07.459844+0100","end":"2018-10-30T09:56:07.459844+0100"}}\n',
    '{"timestamp":"2018-10-30T09:56:07.459844+0100","flow_id":1,"event_type":"netflow","src_ip":"10.0.0.7","src_port":4,"dest_ip":"10.0.0.9","dest_port":5,"proto":"UDP","netflow":{"pkts":1,"bytes":99,"start":"2018-10-30T09:56:07.459844+0100","end":"2018-10-30T09:56:07.459844+0100"}}\n',
  ],
  "zeek-conn": [
    "#separator \\x09\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_ip_bytes\tresp_ip_bytes\n#types\tx\n1540889767.459844\t10.0.0.7\t40123\t10.0.0.9\t443\ttcp\t1.5\t840\t99\n",
    '{"ts":1540889767.459844,"uid":"C1","id.orig_h":"10.0.0.7","id.orig_p":40123,"id.resp_h":"::1","id.resp_p":443,"proto":"udp","conn_state":"SF","local_orig":true,"orig_pkts":1,"orig_ip_bytes":99,"resp_pkts":1,"resp_ip_bytes":200}\n{"ts":1540889767.459844,"uid":"C2","id.orig_h":"10.0.0.7","id.orig_p":40123,"id.resp_h":"10.0.0.9","id.resp_p":443,"proto":"tcp","conn_state":"SF","history":"ShADad","orig_bytes":1,"resp_bytes":2}\n',
  ],
};
