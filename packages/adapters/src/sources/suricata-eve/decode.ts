import { instantOf } from "@bulkhead/core/base/instant";
import type { FlowFormat } from "@bulkhead/core/outside";
import { wayOfIcmp } from "../icmp-way.ts";
import { noticeWords } from "../notice-words.ts";
import { isAnsweredBy, wayOf } from "../one-way.ts";
import { protocolNamed } from "../protocols.ts";
import { lineDecoder } from "../line-decoder.ts";
import { addressOf, hasPorts, isIcmp, type Known, nothing, type Told, wrong } from "../record.ts";
import { icmpTypeOf, statedEnds, type Wire } from "../wire.ts";

/** Suricata's EVE JSON: its `flow` events (both directions) and `netflow` events (one). Suricata counts whole frames. */
export const suricataEve: FlowFormat = {
  name: "suricata-eve",
  tells: {
    reads: "Suricata's EVE JSON, its `flow` and `netflow` events",
    opener: ["handshake", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "never",
    reason: "never",
    counts: ["both", "one"],
    connections: ["records", "windows"],
    bytes: ["frame"],
    sampling: "unsaid",
    labels: [],
    times: "first and last",
    gaps: "a flow is written when it has ended, and as two `netflow` events besides where both are switched on; events of other types are counted; packets that the sensor dropped are not seen",
  },
  recognises(head) {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 8192));
    return text.startsWith("{") && /"event_type"\s*:/.test(text) && /"(flow_id|src_ip|stats)"\s*:/.test(text);
  },
  decoder(input) {
    const word = noticeWords();
    return lineDecoder("suricata-eve", input, (line) => (line.trim() === "" ? nothing : toldBy(line, word)));
  },
};

type Fields = Readonly<Record<string, unknown>>;

function toldBy(line: string, word: (type: string) => string): Told {
  let event: Fields;
  try {
    event = JSON.parse(line) as Fields;
  } catch {
    return wrong("json", "the line is not JSON");
  }
  if (typeof event !== "object" || event === null) return wrong("json", "the line is no JSON object");
  const type = event["event_type"];
  if (type !== "flow" && type !== "netflow") return { kind: "notice", reason: `an event of type ${word(textOf(type) ?? "unknown")}, which is no flow` };
  const [source, destination] = [addressOf(textOf(event["src_ip"])), addressOf(textOf(event["dest_ip"]))];
  if (source === null || destination === null) return wrong("bad-address", "source or destination is no address");
  const protocol = protocolNamed(textOf(event["proto"]), source);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const ports = hasPorts(protocol) ? { sourcePort: portOf(event["src_port"]), destinationPort: portOf(event["dest_port"]) } : {};
  const wire: Wire = { source, destination, protocol, ...ports, icmpType: icmpTypeOf(countOf(event["icmp_type"])) };
  const known = type === "flow" ? flowKnown(fieldsOf(event["flow"]), wire) : netflowKnown(fieldsOf(event["netflow"]), wire, fieldsOf(event["tcp"]));
  return { kind: "connection", known: { ...known, observer: textOf(event["host"]) ?? textOf(event["sensor_name"]) ?? null, note: "frame bytes" } };
}

/** A flow event names the opener and counts both ways. */
function flowKnown(flow: Fields, wire: Wire): Known {
  const back = countOf(flow["pkts_toclient"]);
  const action = textOf(flow["action"]);
  return {
    ...statedEnds(wire),
    ...timesOf(flow),
    packetsToServer: countOf(flow["pkts_toserver"]),
    bytesToServer: countOf(flow["bytes_toserver"]),
    packetsToClient: back,
    bytesToClient: countOf(flow["bytes_toclient"]),
    answered: back === null ? null : back > 0,
    // Inline, Suricata 7 and later say what was done with the flow; elsewhere it only looks on.
    verdict: action === "drop" || action === "reject" ? "denied" : action === "pass" || action === "accept" ? "allowed" : null,
  };
}

/** A netflow event is one way of a flow. */
function netflowKnown(netflow: Fields, { source, sourcePort = null, destination, destinationPort = null, ...rest }: Wire, tcp: Fields): Known {
  const [packets, bytes] = [countOf(netflow["pkts"]), countOf(netflow["bytes"])];
  const flags = flagsOf(textOf(tcp["tcp_flags"]));
  const { isReply, direction, icmpType } = isIcmp(rest.protocol)
    ? wayOfIcmp(rest.protocol, rest.icmpType ?? null)
    : { ...wayOf({ source, sourcePort, destination, destinationPort, flags, packets }), icmpType: null };
  const known = { protocol: rest.protocol, direction, icmpType, ...timesOf(netflow) };
  if (isReply)
    return {
      ...known,
      client: destination,
      clientPort: destinationPort,
      server: source,
      serverPort: sourcePort,
      packetsToClient: packets,
      bytesToClient: bytes,
    };
  const ends = { client: source, clientPort: sourcePort, server: destination, serverPort: destinationPort };
  return { ...known, ...ends, packetsToServer: packets, bytesToServer: bytes, answered: isAnsweredBy(flags, false) };
}

const timesOf = (counters: Fields): Pick<Known, "first" | "last"> => ({ first: timeOf(counters["start"]), last: timeOf(counters["end"]) });

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const countOf = (value: unknown): number | null => (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null);

function portOf(value: unknown): number | null {
  const port = countOf(value);
  return port !== null && port <= 65_535 ? port : null;
}

/** Two hexadecimal digits. */
const flagsOf = (text: string | undefined): number | null => (text !== undefined && /^[0-9a-f]{1,2}$/i.test(text) ? parseInt(text, 16) : null);

/** EVE writes `+0100` where RFC 3339 wants `+01:00`. */
function timeOf(value: unknown): number | null {
  return typeof value === "string" ? (instantOf(value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) ?? null) : null;
}
