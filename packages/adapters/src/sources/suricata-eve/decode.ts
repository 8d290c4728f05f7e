import { instantOf } from "@bulkhead/core/base/instant";
import type { FlowFormat } from "@bulkhead/core/outside";
import { addressOf, hasPorts, lineDecoder, nothing, protocolOf, type Told, wrong } from "../record.ts";

/** Suricata's EVE JSON: its `flow` events (both directions) and `netflow` events (one). Suricata counts whole frames. */
export const suricataEve: FlowFormat = {
  name: "suricata-eve",
  tells: {
    reads: "Suricata's EVE JSON, its `flow` and `netflow` events",
    opener: ["stated", "unknown"],
    answered: "sometimes",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both", "one"],
    bytes: ["frame"],
    sampling: "unsaid",
    labels: [],
    times: "first and last",
    gaps: "a flow is written when it has ended; packets that the sensor dropped are not seen",
  },
  recognises(head) {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 8192));
    return text.startsWith("{") && /"event_type"\s*:/.test(text) && /"(flow_id|src_ip)"\s*:/.test(text);
  },
  decoder: (input) => lineDecoder("suricata-eve", input, (line) => (line.trim() === "" ? nothing : toldBy(line))),
};

interface Counters {
  readonly [name: string]: unknown;
}

function toldBy(line: string): Told {
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return wrong("json", "the line is not JSON");
  }
  if (typeof event !== "object" || event === null) return wrong("json", "the line is no JSON object");
  const type = event["event_type"];
  if (type !== "flow" && type !== "netflow") return nothing;
  const [client, server] = [addressOf(textOf(event["src_ip"])), addressOf(textOf(event["dest_ip"]))];
  if (client === null || server === null) return wrong("bad-address", "source or destination is no address");
  const protocol = protocolIn(textOf(event["proto"]), client);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const counters = (event[type] ?? {}) as Counters;
  const isFlow = type === "flow";
  const ports = hasPorts(protocol) ? { clientPort: numberOf(event["src_port"]), serverPort: numberOf(event["dest_port"]) } : {};
  const back = isFlow ? numberOf(counters["pkts_toclient"]) : null;
  return {
    kind: "connection",
    known: {
      client,
      server,
      protocol,
      ...ports,
      icmpType: numberOf(event["icmp_type"]),
      first: timeOf(counters["start"]),
      last: timeOf(counters["end"]),
      packetsToServer: numberOf(counters[isFlow ? "pkts_toserver" : "pkts"]),
      bytesToServer: numberOf(counters[isFlow ? "bytes_toserver" : "bytes"]),
      packetsToClient: back,
      bytesToClient: isFlow ? numberOf(counters["bytes_toclient"]) : null,
      // A flow event names the opener; a netflow event is one direction and does not.
      direction: isFlow ? "stated" : "unknown",
      answered: back === null ? null : back > 0,
      observer: textOf(event["host"]) ?? null,
      note: "frame bytes",
    },
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const numberOf = (value: unknown): number | null => (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null);

/** EVE writes `+0100` where RFC 3339 wants `+01:00`. */
function timeOf(value: unknown): number | null {
  return typeof value === "string" ? (instantOf(value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) ?? null) : null;
}

function protocolIn(proto: string | undefined, client: string): string | null {
  const name = proto?.toLowerCase();
  if (name === undefined) return null;
  if (name === "icmp" || name === "ipv6-icmp" || name === "icmpv6") return client.includes(":") ? "icmp6" : "icmp";
  if (hasPorts(name)) return name;
  const number = /^\d{1,3}$/.test(name) ? Number(name) : ({ gre: 47, esp: 50, ah: 51, igmp: 2, ospf: 89, pim: 103 } as Record<string, number>)[name];
  return number === undefined || number > 255 ? null : protocolOf(number);
}
