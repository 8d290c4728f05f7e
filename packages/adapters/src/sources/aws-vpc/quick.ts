import type { Connection } from "@bulkhead/core/model/connection";
import { columnsOf, readColumns } from "../columns.ts";
import { told, type Values, valuesOf, type Wanted } from "../fields.ts";
import type { QuickReader } from "../line-decoder.ts";
import { hasPorts, noLabels, protocolOf } from "../record.ts";
import { wordsOf } from "../words.ts";
import { endFields, endLabels } from "./end-words.ts";
import { wayOf } from "./way.ts";

// What a word says of a record; nothing where the slower reader must look.
const statuses = wordsOf((status) => (status === "OK" ? status : undefined), 16);
const interfaces = wordsOf((id) => id, 1024);
const actions = wordsOf<Pick<Connection, "verdict" | "answered">>((action) => {
  if (action === "REJECT") return { verdict: "denied", answered: false };
  return { verdict: action === "ACCEPT" ? "allowed" : null, answered: null };
}, 16);
const reasons = wordsOf((reason) => reason, 64);
const directions = wordsOf((direction) => direction, 16);
// One memory for each field: two words of one line could push each other out of a shared one. Instances and tasks are many.
const instances = wordsOf((id) => id, 4096);
const tasks = wordsOf((id) => id, 4096);
const sourceServices = wordsOf((service) => service, 64);
const destinationServices = wordsOf((service) => service, 64);
const clusters = wordsOf((cluster) => cluster, 256);
const services = wordsOf((service) => service, 1024);
const protocols = wordsOf((number) => {
  if (!/^\d{1,15}$/.test(number) || Number(number) > 255) return undefined;
  const protocol = protocolOf(Number(number));
  return { protocol, isTcp: protocol === "tcp", isPorted: hasPorts(protocol) };
}, 256);

const wanted = {
  srcaddr: "address",
  dstaddr: "address",
  "pkt-srcaddr": "address",
  "pkt-dstaddr": "address",
  srcport: "count",
  dstport: "count",
  protocol: protocols,
  packets: "count",
  bytes: "count",
  start: "count",
  end: "count",
  action: actions,
  "log-status": statuses,
  "interface-id": interfaces,
  "tcp-flags": "count",
  "reject-reason": reasons,
  "flow-direction": directions,
  "instance-id": instances,
  "pkt-src-aws-service": sourceServices,
  "pkt-dst-aws-service": destinationServices,
  "ecs-cluster-name": clusters,
  "ecs-service-name": services,
  "ecs-task-id": tasks,
} as const satisfies Record<string, Wanted>;
const names: readonly string[] = Object.keys(wanted);

const srcaddr = names.indexOf("srcaddr");
const dstaddr = names.indexOf("dstaddr");
const pktSrcaddr = names.indexOf("pkt-srcaddr");
const pktDstaddr = names.indexOf("pkt-dstaddr");
const srcport = names.indexOf("srcport");
const dstport = names.indexOf("dstport");
const protocolSlot = names.indexOf("protocol");
const packetsSlot = names.indexOf("packets");
const bytesSlot = names.indexOf("bytes");
const startSlot = names.indexOf("start");
const endSlot = names.indexOf("end");
const actionSlot = names.indexOf("action");
const interfaceId = names.indexOf("interface-id");
const tcpFlags = names.indexOf("tcp-flags");
const rejectReason = names.indexOf("reject-reason");
const [flowDirection, instanceId, sourceService, destinationService, clusterName, serviceName, taskId] = endFields.map((name) => names.indexOf(name)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

const space = 32;
const microsPerSecond = 1_000_000;
const secondsMax = 9_007_199_254;

/** The quick reader of lines with these fields, or null when the header is unusual. */
export function quickWords(fields: readonly string[], file: string): QuickReader | null {
  if (new Set(fields).size !== fields.length || fields.some((name) => /^tgw-|^packets-lost-/.test(name))) return null;
  const values = valuesOf(Object.values(wanted));
  const { numbers, addresses } = values;
  const slots = fields.map((name) => names.indexOf(name));
  const columns = columnsOf(slots, space, values);
  const isLabelled = endFields.some((name) => fields.includes(name));

  return ({ bytes, start, end }, record) => {
    if (!readColumns(columns, bytes, start, end)) return null;
    const source = numbers[pktSrcaddr]! < 0 ? srcaddr : pktSrcaddr;
    const destination = numbers[pktDstaddr]! < 0 ? dstaddr : pktDstaddr;
    if (numbers[source]! < 0 || numbers[destination]! < 0 || numbers[protocolSlot]! < 0) return null;
    const first = numbers[startSlot]!;
    const last = numbers[endSlot]!;
    if (numbers[srcport]! > 65_535 || numbers[dstport]! > 65_535 || first > secondsMax || last > secondsMax) return null;
    const { protocol, isTcp, isPorted } = protocols.meanings[numbers[protocolSlot]!]!;
    const from = isPorted ? told(values, srcport) : null;
    const to = isPorted ? told(values, dstport) : null;
    const { isReply, direction } = wayOf({
      sourcePort: from,
      destinationPort: to,
      destination: addresses[destination]!,
      flags: isTcp ? told(values, tcpFlags) : null,
    });
    const packets = told(values, packetsSlot);
    const octets = told(values, bytesSlot);
    const labels = isLabelled ? labelsIn(values) : unlabelled;
    const action = numbers[actionSlot]! < 0 ? null : actions.meanings[numbers[actionSlot]!]!;
    return {
      source: "aws-vpc",
      file,
      record,
      observer: numbers[interfaceId]! < 0 ? null : interfaces.meanings[numbers[interfaceId]!]!,
      first: first < 0 ? null : first * microsPerSecond,
      last: last < 0 ? null : last * microsPerSecond,
      client: addresses[isReply ? destination : source]!,
      clientPort: isReply ? to : from,
      server: addresses[isReply ? source : destination]!,
      serverPort: isReply ? from : to,
      protocol,
      icmpType: null,
      packetsToServer: isReply ? null : packets,
      bytesToServer: isReply ? null : octets,
      packetsToClient: isReply ? packets : null,
      bytesToClient: isReply ? octets : null,
      direction,
      answered: action === null ? null : action.answered,
      verdict: action === null ? null : action.verdict,
      rule: null,
      reason: wordIn(values, rejectReason),
      sampling: null,
      clientLabels: isReply ? labels.destination : labels.source,
      serverLabels: isReply ? labels.source : labels.destination,
      note: null,
    } satisfies Connection;
  };
}

const unlabelled = { source: noLabels, destination: noLabels };

function wordIn({ numbers, words }: Values, slot: number): string | null {
  const place = numbers[slot]!;
  return place < 0 ? null : (words[slot]!.meanings[place] as string);
}

function labelsIn(values: Values): ReturnType<typeof endLabels> {
  const direction = wordIn(values, flowDirection);
  const [own, seen] = direction === "ingress" ? [pktDstaddr, dstaddr] : [pktSrcaddr, srcaddr];
  const { numbers, addresses } = values;
  return endLabels({
    direction,
    isPacketsOwn: numbers[own]! >= 0 && numbers[seen]! >= 0 && addresses[own] !== addresses[seen],
    instance: wordIn(values, instanceId),
    sourceService: wordIn(values, sourceService),
    destinationService: wordIn(values, destinationService),
    cluster: wordIn(values, clusterName),
    service: wordIn(values, serviceName),
    task: wordIn(values, taskId),
  });
}
