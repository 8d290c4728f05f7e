import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { type JsonObject, labelsOf, listIn, objectIn, portIn, textIn, timeIn, timeOfUnits, wholeIn } from "../json-fields.ts";
import { protocolNamed } from "../protocols.ts";
import { addressOf, hasPorts, type Known, nothing, type Told, wrong } from "../record.ts";
import { ruleOf } from "./policies.ts";

/** Calico's flow logs, as Enterprise and Cloud keep them and as open-source Calico 3.30 and later answers. */
export const calico: FlowFormat = {
  name: "calico",
  tells: {
    reads: "Calico's flow logs, of Enterprise, Cloud, and open source from 3.30, as JSON",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "never",
    counts: ["both", "none"],
    connections: ["intervals"],
    bytes: ["ip"],
    sampling: "whole",
    labels: ["host", "namespace", "node", "pod", "process", "service", "workload"],
    times: "window",
    gaps: "records that are aggregated by name have no addresses and are refused: turn aggregation off; several connections of one window may be one record",
  },
  recognises(head) {
    const text = jsonHead(head);
    const names = (wanted: readonly string[]): boolean => wanted.every((name) => text.includes(`"${name}"`));
    return names(["reporter", "action"]) && (names(["source_name", "dest_name"]) || names(["source_name_aggr", "dest_name_aggr"]));
  },
  // Elasticsearch answers `{ hits: { hits: [ … ] } }`, Calico's own interface `{ items: [ … ] }`.
  decoder: (input) => jsonDecoder({ source: "calico", into: ["hits", "items", "flows"], through: ["hits"], tell: (value) => [toldBy(value)] }, input),
};

function toldBy(value: JsonObject): Told {
  const flow = firstObject(value["_source"], value["flow"]) ?? value;
  if (flow["reporter"] === undefined && flow["action"] === undefined) return nothing;
  const [client, server] = [addressOf(textIn(flow["source_ip"])), addressOf(textIn(flow["dest_ip"]))];
  if (client === null || server === null) return withoutAddresses(flow);
  const protocol = protocolNamed(String(flow["proto"] ?? flow["protocol"]), client);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const ports = hasPorts(protocol) ? { clientPort: somePort(flow["source_port"]), serverPort: somePort(flow["dest_port"]) } : {};
  const reporter = textIn(flow["reporter"])?.toLowerCase() ?? "";
  const action = textIn(flow["action"])?.toLowerCase();
  const counts = countsOf(flow, reporter);
  return {
    kind: "connection",
    known: {
      client,
      server,
      protocol,
      ...ports,
      ...counts,
      first: timeOf(flow["start_time"]),
      last: timeOf(flow["end_time"]),
      direction: "stated",
      answered: action === "deny" ? false : (counts.packetsToClient ?? 0) > 0 ? true : null,
      verdict: action === "allow" ? "allowed" : action === "deny" ? "denied" : null,
      rule: ruleOf(flow["policies"], action),
      observer: observerOf(flow, reporter),
      clientLabels: labels(flow, "source", reporter.startsWith("src")),
      serverLabels: labels(flow, "dest", reporter.startsWith("dst")),
    },
  };
}

const firstObject = (...values: readonly unknown[]): JsonObject | undefined =>
  values.find((value): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value));

function withoutAddresses(flow: JsonObject): Told {
  const isAggregated = textIn(flow["source_ip"]) === undefined || textIn(flow["dest_ip"]) === undefined;
  return isAggregated
    ? wrong("no-address", "the record names its ends without their addresses: it is aggregated; set Calico's flow log aggregation to 0")
    : wrong("bad-address", "`source_ip` or `dest_ip` is no address");
}

// Aggregated source ports are 0 or missing.
const somePort = (value: unknown): number | null => portIn(value) || null;

/** Seconds since 1970, or RFC 3339. */
const timeOf = (value: unknown): number | null => timeIn(value) ?? timeOfUnits(value, 1_000_000);

/** In and out are as the reporting end sees them; one that only forwards does not say which way is in. */
function countsOf(flow: JsonObject, reporter: string): Pick<Known, "packetsToServer" | "bytesToServer" | "packetsToClient" | "bytesToClient" | "note"> {
  const [packetsIn, packetsOut] = [wholeIn(flow["packets_in"]), wholeIn(flow["packets_out"])];
  const [bytesIn, bytesOut] = [wholeIn(flow["bytes_in"]), wholeIn(flow["bytes_out"])];
  const flows = wholeIn(flow["num_flows"]);
  const several = flows !== null && flows > 1 ? `${flows} connections` : null;
  const isToServer = reporter.startsWith("dst");
  if (!isToServer && !reporter.startsWith("src")) {
    const untold = `forwarded; ${bytesIn ?? "?"} bytes in and ${bytesOut ?? "?"} out, it is not told which way is in`;
    return { note: several === null ? untold : `${untold}; ${several}` };
  }
  return {
    packetsToServer: isToServer ? packetsIn : packetsOut,
    bytesToServer: isToServer ? bytesIn : bytesOut,
    packetsToClient: isToServer ? packetsOut : packetsIn,
    bytesToClient: isToServer ? bytesOut : bytesIn,
    note: several,
  };
}

/** One node may report a flow of two pods of its own twice: as their source and as their destination. */
function observerOf(flow: JsonObject, reporter: string): Connection["observer"] {
  const node = textIn(flow["host"]) ?? textIn(objectIn(flow["host"])["name"]);
  if (node === undefined) return reporter === "" ? null : reporter;
  return reporter === "" ? node : `${node} ${reporter}`;
}

function labels(flow: JsonObject, side: "source" | "dest", isReporting: boolean): Readonly<Record<string, string>> {
  const kind = textIn(flow[`${side}_type`])?.toLowerCase();
  const name = textIn(flow[`${side}_name`]);
  const aggregated = textIn(flow[`${side}_name_aggr`]) ?? (name?.endsWith("*") === true ? name : undefined);
  // `net`, `ns` and `pub` are networks, which are no workloads.
  const isWorkload = kind === undefined || kind.startsWith("wep") || kind.startsWith("workload");
  const isHost = kind?.startsWith("hep") === true || kind?.startsWith("host") === true;
  return labelsOf({
    pod: isWorkload && name !== aggregated ? name : undefined,
    namespace: textIn(flow[`${side}_namespace`]),
    workload: isWorkload ? aggregated?.replace(/-?\*$/, "") || undefined : undefined,
    host: isHost ? (name ?? aggregated) : undefined,
    node: isReporting && isWorkload ? textIn(flow["host"]) : undefined,
    service: side === "dest" ? textIn(flow["dest_service_name"]) : undefined,
    process: isReporting ? textIn(flow["process_name"])?.replace(/^\*$/, "") || undefined : textIn(listIn(flow["process_names"])[0]),
  });
}
