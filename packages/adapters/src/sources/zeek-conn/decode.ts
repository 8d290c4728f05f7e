import { instantOf } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat } from "@bulkhead/core/outside";
import { lineDecoder, type QuickReader } from "../line-decoder.ts";
import { addressOf, countOf, hasPorts, isIcmp, type Known, microsOf, nothing, portOf, protocolOf, strangeNumber, type Told, wrong } from "../record.ts";
import { noHeader, type ZeekHeader, zeekHeader } from "../zeek-header.ts";
import { directionOf, isAnswered } from "./conversation.ts";
import { quickColumns, quickJson } from "./quick.ts";

/** Zeek's conn.log, as tab-separated text with its header or as JSON lines. Zeek counts IP bytes in `*_ip_bytes`. */
export const zeekConn: FlowFormat = {
  name: "zeek-conn",
  tells: {
    reads: "Zeek's conn.log, tab-separated or JSON lines",
    opener: ["handshake", "first-packet", "stated"],
    answered: "sometimes",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both", "none"],
    connections: ["records"],
    bytes: ["ip", "payload"],
    sampling: "unsaid",
    labels: [],
    times: "first and last",
    gaps: "a connection is written when it has ended, so the longest come last; `missed_bytes` and lost packets of the sensor are not read",
  },
  recognises(head) {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 8192));
    if (text.startsWith("#separator ")) return /^#fields\t(?=.*\bid\.orig_h\b)(?=.*\bproto\b)/m.test(text);
    return (
      text.startsWith("{") &&
      /"id[._]orig_h"|"id"\s*:\s*\{[^}]*"orig_h"/.test(text) &&
      /"proto"/.test(text) &&
      /"conn_state"|"orig_ip_bytes"|"(_path|@stream)"\s*:\s*"conn"/.test(text)
    );
  },
  decoder(input) {
    let header = noHeader;
    const quickObject = quickJson(input.file);
    let quick: QuickReader | null = quickObject;
    const tell = (line: string): Told => {
      if (line === "") return nothing;
      if (line.startsWith("#")) {
        header = zeekHeader(header, line);
        const isUsual = header.separator === "\t" && header.unset === "-" && header.empty === "(empty)";
        quick = header.fields.length === 0 ? quickObject : isUsual ? quickColumns(header.fields, input.file) : null;
        return nothing;
      }
      if (line.startsWith("{")) return toldByJson(line);
      if (header.fields.length === 0) return wrong("no-header", "a line stands before the `#fields` line that says what its columns are");
      return toldByColumns(line, header);
    };
    return lineDecoder("zeek-conn", input, tell, (line, record) => quick?.(line, record) ?? null);
  },
};

type Field = (name: string) => string | undefined;

function toldByColumns(line: string, { fields, separator, unset, empty }: ZeekHeader): Told {
  const values = line.split(separator);
  if (values.length !== fields.length) return wrong("columns", `the line has ${values.length} columns, the header names ${fields.length}`);
  return told((name) => {
    const value = values[fields.indexOf(name)];
    return value === unset || value === empty ? undefined : value;
  });
}

function toldByJson(line: string): Told {
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return wrong("json", "the line is not JSON");
  }
  // Zeek's own streaming writes `_path`; shippers write `@stream`, and `id_orig_h` where a dot would be a path of theirs.
  const path = event["_path"] ?? event["@stream"];
  if (path !== undefined && path !== "conn") return nothing;
  const id = typeof event["id"] === "object" && event["id"] !== null ? (event["id"] as Record<string, unknown>) : {};
  return told((name) => {
    const value = event[name] ?? (name.startsWith("id.") ? (id[name.slice(3)] ?? event[`id_${name.slice(3)}`]) : undefined);
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  });
}

const numbers = {
  ports: ["id.orig_p", "id.resp_p"],
  counts: ["orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes"],
};

function told(field: Field): Told {
  const [client, server] = [addressOf(field("id.orig_h")), addressOf(field("id.resp_h"))];
  if (client === null || server === null) return wrong("bad-address", "the originator or the responder is no address");
  const protocol = protocolIn(field, client);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const first = timeOf(field("ts"));
  if (first === null) return wrong("bad-time", "the time of the connection cannot be read");
  const strange = strangeNumber(field, numbers);
  if (strange !== null) return strange;
  if (field("duration") !== undefined && microsOf(field("duration")) === null) return wrong("bad-time", "the duration cannot be read");
  return {
    kind: "connection",
    known: {
      client,
      server,
      protocol,
      observer: field("_system_name") ?? field("@system") ?? null,
      ...ports(field, protocol),
      ...counts(field),
      ...times(field, first),
      ...conversation(field, protocol),
    },
  };
}

function protocolIn(field: Field, client: string): string | null {
  const proto = field("proto")?.toLowerCase();
  if (proto === "icmp" || proto === "icmp6") return client.includes(":") ? "icmp6" : "icmp";
  if (proto === "tcp" || proto === "udp" || proto === "sctp") return proto;
  const number = countOf(field("ip_proto") ?? proto);
  if (number !== null && number <= 255) return protocolOf(number);
  // Before Zeek 7.1 other protocols are `unknown_transport`, without their number: 255 is IANA's "reserved".
  return proto === "unknown_transport" ? "255" : null;
}

function ports(field: Field, protocol: string): Pick<Known, "clientPort" | "serverPort" | "icmpType"> {
  const [client, server] = [portOf(field("id.orig_p")), portOf(field("id.resp_p"))];
  if (isIcmp(protocol)) return { clientPort: null, serverPort: null, icmpType: client };
  return hasPorts(protocol) ? { clientPort: client, serverPort: server } : {};
}

function counts(field: Field): Partial<Connection> {
  const [there, back] = [countOf(field("orig_ip_bytes")), countOf(field("resp_ip_bytes"))];
  const [payloadThere, payloadBack] = [countOf(field("orig_bytes")), countOf(field("resp_bytes"))];
  const isPayload = there === null && back === null && (payloadThere !== null || payloadBack !== null);
  return {
    packetsToServer: countOf(field("orig_pkts")),
    bytesToServer: isPayload ? payloadThere : there,
    packetsToClient: countOf(field("resp_pkts")),
    bytesToClient: isPayload ? payloadBack : back,
    note: isPayload ? "payload bytes" : null,
  };
}

function times(field: Field, first: number): Pick<Connection, "first" | "last"> {
  const lasted = microsOf(field("duration"));
  return { first, last: lasted === null ? first : first + lasted };
}

/** Epoch seconds, or RFC 3339 (json_iso8601). */
function timeOf(text: string | undefined): number | null {
  return microsOf(text) ?? (text === undefined ? null : (instantOf(text) ?? null));
}

function conversation(field: Field, protocol: string): Pick<Known, "direction" | "answered"> {
  const evidence = { protocol, state: field("conn_state") ?? null, history: field("history") ?? null, packetsBack: countOf(field("resp_pkts")) };
  return { direction: directionOf(evidence), answered: isAnswered(evidence) };
}
