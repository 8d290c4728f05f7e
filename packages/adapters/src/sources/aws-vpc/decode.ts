import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { jsonOrLines } from "../json-or-lines.ts";
import { laidOut } from "../laid-out.ts";
import { lineDecoder } from "../line-decoder.ts";
import { addressOf, countOf, hasPorts, type Known, microsOfCount, nothing, portOf, protocolOf, strangeNumber, type Told, wrong } from "../record.ts";
import { endLabels } from "./end-words.ts";
import { gatewayFields, interfaceFields } from "./layouts.ts";
import { quickWords } from "./quick.ts";
import { wayOf } from "./way.ts";

// Custom formats are told by their header; these are the words that must be among them.
const needed = ["srcaddr", "dstaddr", "protocol"];

/** AWS VPC flow logs, versions 2 to 8, and those of transit gateways: one record for each direction, counted in IP bytes, in aggregation windows. */
export const awsVpc: FlowFormat = {
  name: "aws-vpc",
  tells: {
    reads: "AWS VPC flow logs, versions 2 to 8, default and custom formats; transit gateway flow logs; either as text or in the JSON of CloudWatch",
    opener: ["handshake", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "never",
    reason: "sometimes",
    counts: ["one"],
    connections: ["windows"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: ["host", "namespace", "node", "pod", "service", "workload"],
    times: "window",
    gaps: "`SKIPDATA` says that records of a window are missing; DNS to the VPC's own resolver, instance metadata, DHCP and mirrored traffic are never logged",
  },
  recognises(head) {
    const json = jsonHead(head);
    if (json !== "") return /"(?:logEvents|events)"\s*:/.test(json) && isDefaultLine(/"message"\s*:\s*"([^"\\]*)"/.exec(json)?.[1] ?? "");
    const [first = "", second = ""] = new TextDecoder("latin1").decode(head.subarray(0, 8192)).split(/\r?\n/);
    return isHeader(first) || isDefaultLine(first) || isDefaultLine(second);
  },
  decoder(input) {
    return jsonOrLines({
      lines() {
        let fields: readonly string[] | null = null;
        let quick = quickWords(interfaceFields, input.file);
        const tell = (line: string): Told => {
          const text = line.trim();
          if (text === "" || text === "timestamp,message") return nothing;
          if (isHeader(text)) {
            fields = text.split(/\s+/);
            quick = quickWords(fields, input.file);
            return nothing;
          }
          return toldByLine(text, fields);
        };
        return lineDecoder("aws-vpc", input, tell, (line, record) => quick?.(line, record) ?? null);
      },
      // What CloudWatch sends to subscribers, and what its commands print.
      json: () =>
        jsonDecoder(
          { source: "aws-vpc", into: ["logEvents", "events"], tell: ({ message }) => (typeof message === "string" ? [toldByLine(message.trim(), null)] : []) },
          input,
        ),
    });
  },
};

const isHeader = (line: string): boolean => {
  const words = line.trim().split(/\s+/);
  return (needed.every((word) => words.includes(word)) || (words.includes("pkt-srcaddr") && words.includes("pkt-dstaddr"))) && !/\d{4,}/.test(line);
};

const isDefaultLine = (line: string): boolean => {
  const words = withoutTimestamp(line).split(/\s+/);
  if (words[1] === "TransitGateway") return words.length === gatewayFields.length && words[0] === "6";
  return words.length === interfaceFields.length && words[0] === "2" && /^(OK|NODATA|SKIPDATA)$/.test(words[13] ?? "");
};

// CloudWatch's exports put the time before each line, its tables with a comma, and its command the stream as well.
const withoutTimestamp = (line: string): string =>
  line.replace(/^(?:\d{13},|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)\s+(?:\S+-(?:all|accept|reject)\s+)?)/, "");

/** What a line says; `header` is null where none came before it. */
function toldByLine(text: string, header: readonly string[] | null): Told {
  const values = withoutTimestamp(text).split(/ +/);
  const fields = header ?? (values[1] === "TransitGateway" ? gatewayFields : interfaceFields);
  if (values.length !== fields.length)
    return wrong(
      "columns",
      header === null
        ? `the line has ${values.length} columns, the default format ${fields.length}: put the header line of the custom format before it`
        : `the line has ${values.length} columns, the header names ${fields.length}`,
    );
  const field = (name: string): string | undefined => {
    const at = fields.indexOf(name);
    return at < 0 || values[at] === "-" ? undefined : values[at];
  };
  return toldBy(field);
}

const numbers = { ports: ["srcport", "dstport"], counts: ["packets", "bytes", "start", "end", "tcp-flags"] };

function toldBy(field: Field): Told {
  const status = field("log-status");
  if (status === "NODATA" || status === "SKIPDATA") return { kind: "notice", reason: status };
  const [source, destination] = [addressOf(field("pkt-srcaddr") ?? field("srcaddr")), addressOf(field("pkt-dstaddr") ?? field("dstaddr"))];
  if (source === null || destination === null) return wrong("bad-address", "source or destination is no address");
  const number = countOf(field("protocol"));
  if (number === null || number > 255) return wrong("bad-protocol", "the protocol is no number below 256");
  const strange = strangeNumber(field, numbers);
  if (strange !== null) return strange;
  return { kind: "connection", known: knownOf(field, { source, destination, protocol: protocolOf(number) }) };
}

type Field = (name: string) => string | undefined;
interface Wire {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
}

function knownOf(field: Field, { source, destination, protocol }: Wire): Known {
  const [sourcePort, destinationPort] = hasPorts(protocol) ? [portOf(field("srcport")), portOf(field("dstport"))] : [null, null];
  const way = wayOf({ sourcePort, destinationPort, destination, flags: protocol === "tcp" ? countOf(field("tcp-flags")) : null });
  const labels = labelsBy(field);
  const action = field("action");
  return {
    ...laidOut(
      {
        source,
        sourcePort,
        sourceLabels: labels.source,
        destination,
        destinationPort,
        destinationLabels: labels.destination,
        packets: countOf(field("packets")),
        bytes: countOf(field("bytes")),
      },
      way,
    ),
    protocol,
    observer: field("interface-id") ?? field("tgw-attachment-id") ?? field("tgw-id") ?? null,
    first: microsOfCount(field("start"), 1_000_000),
    last: microsOfCount(field("end"), 1_000_000),
    // What was rejected reached nobody; of what was accepted only the other direction's record says whether it was answered.
    answered: action === "REJECT" ? false : null,
    verdict: action === "ACCEPT" ? "allowed" : action === "REJECT" ? "denied" : null,
    reason: field("reject-reason") ?? lossOf(field),
  };
}

function labelsBy(field: Field): ReturnType<typeof endLabels> {
  const word = (name: string): string | null => field(name) ?? null;
  const direction = word("flow-direction");
  const side = direction === "ingress" ? "dstaddr" : "srcaddr";
  const [own, seen] = [field(`pkt-${side}`), field(side)];
  return endLabels({
    direction,
    isPacketsOwn: own !== undefined && seen !== undefined && addressOf(own) !== addressOf(seen),
    instance: word("instance-id"),
    sourceService: word("pkt-src-aws-service"),
    destinationService: word("pkt-dst-aws-service"),
    cluster: word("ecs-cluster-name"),
    service: word("ecs-service-name"),
    task: word("ecs-task-id"),
  });
}

// Why a transit gateway lost packets of a flow; the words of its fields.
const losses = ["no-route", "blackhole", "mtu-exceeded", "ttl-expired"];

function lossOf(field: Field): string | null {
  return losses.find((loss) => (countOf(field(`packets-lost-${loss}`)) ?? 0) > 0) ?? null;
}
