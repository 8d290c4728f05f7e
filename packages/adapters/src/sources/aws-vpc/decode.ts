import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat } from "@bulkhead/core/outside";
import { addressOf, countOf, hasPorts, isIcmp, type Known, lineDecoder, nothing, portOf, protocolOf, type Told, wrong } from "../record.ts";

// The default format, version 2, in AWS's order; any other order comes with a header line.
const defaultFields = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status".split(" ");
// Custom formats are told by their header; these are the words that must be among them.
const needed = ["srcaddr", "dstaddr", "protocol"];

/** AWS VPC flow logs, versions 2 to 8: one record for each direction, counted in IP bytes, in aggregation windows. */
export const awsVpc: FlowFormat = {
  name: "aws-vpc",
  recognises(head) {
    const [first = "", second = ""] = new TextDecoder("latin1")
      .decode(head.subarray(0, 8192))
      .replace(/^\u00ef\u00bb\u00bf/, "")
      .split(/\r?\n/);
    return isHeader(first) || isDefaultLine(withoutTimestamp(first)) || isDefaultLine(withoutTimestamp(second));
  },
  decoder(input) {
    let fields: readonly string[] = defaultFields;
    return lineDecoder("aws-vpc", input, (line) => {
      const text = line.replace(/^\uFEFF/, "").trim();
      if (text === "") return nothing;
      if (isHeader(text)) {
        fields = text.split(/\s+/);
        return nothing;
      }
      return toldBy(withoutTimestamp(text), fields);
    });
  },
};

const isHeader = (line: string): boolean => {
  const words = line
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\s+/);
  return (needed.every((word) => words.includes(word)) || (words.includes("pkt-srcaddr") && words.includes("pkt-dstaddr"))) && !/\d{4,}/.test(line);
};

const isDefaultLine = (line: string): boolean => {
  const words = line.split(/\s+/);
  return words.length === defaultFields.length && words[0] === "2" && /^(OK|NODATA|SKIPDATA)$/.test(words[13] ?? "");
};

// CloudWatch exports put the time of ingestion before each line.
const withoutTimestamp = (line: string): string => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z\s+/, "");

function toldBy(line: string, fields: readonly string[]): Told {
  const values = line.split(/\s+/);
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
  const [start, end] = [countOf(field("start")), countOf(field("end"))];
  const action = field("action");
  const ends = isReply
    ? { client: destination, clientPort: destinationPort, server: source, serverPort: sourcePort, packetsToClient: packets, bytesToClient: bytes }
    : { client: source, clientPort: sourcePort, server: destination, serverPort: destinationPort, packetsToServer: packets, bytesToServer: bytes };
  return {
    ...ends,
    protocol,
    direction,
    observer: field("interface-id") ?? null,
    first: start === null ? null : start * 1_000_000,
    last: end === null ? null : end * 1_000_000,
    verdict: action === "ACCEPT" ? "allowed" : action === "REJECT" ? "denied" : null,
    reason: field("reject-reason") ?? null,
  };
}

const [fin, syn, ack] = [1, 2, 16];

/** Whether the record is the server's side of the conversation, and how that is known. AWS adds SYN (2) and SYN-ACK (18) to `tcp-flags`, never a lone ACK. */
function wayOf({
  sourcePort,
  destinationPort,
  flags,
}: {
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly flags: number | null;
}): {
  readonly isReply: boolean;
  readonly direction: Connection["direction"];
} {
  if (flags !== null && (flags & syn) !== 0) return { isReply: (flags & ack) !== 0 && (flags & ~(fin | syn | ack | 4)) === 0, direction: "handshake" };
  if (sourcePort === null || destinationPort === null) return { isReply: false, direction: "unknown" };
  const [isSourceKnown, isDestinationKnown] = [sourcePort < 1024, destinationPort < 1024];
  if (isSourceKnown === isDestinationKnown) return { isReply: false, direction: "unknown" };
  return { isReply: isSourceKnown, direction: "port" };
}
