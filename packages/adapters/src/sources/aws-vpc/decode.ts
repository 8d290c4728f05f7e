import type { FlowFormat } from "@bulkhead/core/outside";
import {
  addressOf,
  countOf,
  hasPorts,
  isIcmp,
  type Known,
  lineDecoder,
  microsOfCount,
  nothing,
  portOf,
  protocolOf,
  strangeNumber,
  type Told,
  wrong,
} from "../record.ts";
import { quickWords } from "./quick.ts";
import { wayOf } from "./way.ts";

// The default format, version 2, in AWS's order; any other order comes with a header line.
const defaultFields = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status".split(" ");
// Custom formats are told by their header; these are the words that must be among them.
const needed = ["srcaddr", "dstaddr", "protocol"];

/** AWS VPC flow logs, versions 2 to 8: one record for each direction, counted in IP bytes, in aggregation windows. */
export const awsVpc: FlowFormat = {
  name: "aws-vpc",
  tells: {
    reads: "AWS VPC flow logs, versions 2 to 8, default and custom formats",
    opener: ["handshake", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "never",
    reason: "sometimes",
    counts: ["one"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: [],
    times: "window",
    gaps: "`SKIPDATA` says that records of a window are missing; DNS to the VPC's own resolver, instance metadata, DHCP and mirrored traffic are never logged",
  },
  recognises(head) {
    const [first = "", second = ""] = new TextDecoder("latin1").decode(head.subarray(0, 8192)).split(/\r?\n/);
    return isHeader(first) || isDefaultLine(withoutTimestamp(first)) || isDefaultLine(withoutTimestamp(second));
  },
  decoder(input) {
    let fields: readonly string[] = defaultFields;
    let quick = quickWords(fields, input.file);
    const tell = (line: string): Told => {
      const text = line.trim();
      if (text === "") return nothing;
      if (isHeader(text)) {
        fields = text.split(/\s+/);
        quick = quickWords(fields, input.file);
        return nothing;
      }
      return toldBy(withoutTimestamp(text), fields);
    };
    return lineDecoder("aws-vpc", input, tell, (line, record) => quick?.(line, record) ?? null);
  },
};

const isHeader = (line: string): boolean => {
  const words = line.trim().split(/\s+/);
  return (needed.every((word) => words.includes(word)) || (words.includes("pkt-srcaddr") && words.includes("pkt-dstaddr"))) && !/\d{4,}/.test(line);
};

const isDefaultLine = (line: string): boolean => {
  const words = line.split(/\s+/);
  return words.length === defaultFields.length && words[0] === "2" && /^(OK|NODATA|SKIPDATA)$/.test(words[13] ?? "");
};

// CloudWatch exports put the time of ingestion before each line.
const withoutTimestamp = (line: string): string => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z\s+/, "");

const numbers = { ports: ["srcport", "dstport"], counts: ["packets", "bytes", "start", "end", "tcp-flags"] };

function toldBy(line: string, fields: readonly string[]): Told {
  const values = line.split(/ +/);
  if (values.length !== fields.length) return wrong("columns", `the line has ${values.length} columns, the header names ${fields.length}`);
  const field = (name: string): string | undefined => {
    const at = fields.indexOf(name);
    return at < 0 || values[at] === "-" ? undefined : values[at];
  };
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
  const isWithPorts = hasPorts(protocol) && !isIcmp(protocol);
  const [sourcePort, destinationPort] = isWithPorts ? [portOf(field("srcport")), portOf(field("dstport"))] : [null, null];
  const { isReply, direction } = wayOf({ sourcePort, destinationPort, flags: protocol === "tcp" ? countOf(field("tcp-flags")) : null });
  const [packets, bytes] = [countOf(field("packets")), countOf(field("bytes"))];
  const action = field("action");
  const ends = isReply
    ? { client: destination, clientPort: destinationPort, server: source, serverPort: sourcePort, packetsToClient: packets, bytesToClient: bytes }
    : { client: source, clientPort: sourcePort, server: destination, serverPort: destinationPort, packetsToServer: packets, bytesToServer: bytes };
  return {
    ...ends,
    protocol,
    direction,
    observer: field("interface-id") ?? null,
    first: microsOfCount(field("start"), 1_000_000),
    last: microsOfCount(field("end"), 1_000_000),
    // What was rejected reached nobody; of what was accepted only the other direction's record says whether it was answered.
    answered: action === "REJECT" ? false : null,
    verdict: action === "ACCEPT" ? "allowed" : action === "REJECT" ? "denied" : null,
    reason: field("reject-reason") ?? null,
  };
}
