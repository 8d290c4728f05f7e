import type { FlowFormat } from "@bulkhead/core/outside";
import { agentFlows } from "./agent/decode.ts";
import { awsVpc } from "./aws-vpc/decode.ts";
import { azureNsg } from "./azure-nsg/decode.ts";
import { azureVmConnection } from "./azure-vm-connection/decode.ts";
import { azureVnet } from "./azure-vnet/decode.ts";
import { calico } from "./calico/decode.ts";
import { cef } from "./cef/decode.ts";
import { checkPoint } from "./check-point/decode.ts";
import { ciscoAsa } from "./cisco-asa/decode.ts";
import { conntrack } from "./conntrack/decode.ts";
import { envoy } from "./envoy/decode.ts";
import { fortinet } from "./fortinet/decode.ts";
import { gcpVpc } from "./gcp-vpc/decode.ts";
import { hubble } from "./hubble/decode.ts";
import { leef } from "./leef/decode.ts";
import { netfilterLog } from "./netfilter-log/decode.ts";
import { netobserv } from "./netobserv/decode.ts";
import { ipfix, netflow } from "./netflow/decode.ts";
import { panOs } from "./pan-os/decode.ts";
import { pcap } from "./pcap/decode.ts";
import { sflow } from "./sflow/decode.ts";
import { suricataEve } from "./suricata-eve/decode.ts";
import { windowsEvents } from "./windows-events/decode.ts";
import { windowsFirewall } from "./windows-firewall/decode.ts";
import { yaf } from "./yaf/decode.ts";
import { zeekConn } from "./zeek-conn/decode.ts";

/** The formats that tell by their content what they are, the surest first. */
export const recognisable: readonly FlowFormat[] = [
  pcap,
  ipfix,
  netflow,
  sflow,
  agentFlows,
  zeekConn,
  suricataEve,
  azureVnet,
  azureNsg,
  azureVmConnection,
  gcpVpc,
  netobserv,
  calico,
  hubble,
  envoy,
  windowsEvents,
  windowsFirewall,
  ciscoAsa,
  netfilterLog,
  conntrack,
  // Before the vendors' own formats: they speak these, too.
  cef,
  leef,
  panOs,
  fortinet,
  checkPoint,
  yaf,
  awsVpc,
];

export const formatNames: readonly string[] = [...recognisable.map(({ name }) => name), "csv"];

/** The format of a file by its first bytes, never by its name alone; null when it is none that we read. */
export function recognise(head: Uint8Array, file: string): FlowFormat | null {
  const start = hasMark(head) ? head.subarray(3) : head;
  return recognisable.find((format) => format.recognises(start, file)) ?? null;
}

// UTF-8's byte order mark, which Windows tools put before a text.
const hasMark = (head: Uint8Array): boolean => head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;

/** A format by name; null when there is none, or when (csv) a mapping must say more. */
export function formatOf(name: string): FlowFormat | null {
  return recognisable.find((format) => format.name === name) ?? null;
}
