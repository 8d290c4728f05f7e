import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { type JsonObject, listIn, objectIn } from "../json-fields.ts";
import { nothing, type Told, wrong } from "../record.ts";
import { toldByRow } from "./row.ts";

/** NetObserv's network flows: lines of its pipeline, and Loki's answers with them. */
export const netobserv: FlowFormat = {
  name: "netobserv",
  tells: {
    reads: "NetObserv (flowlogs-pipeline) flows as JSON lines, and Loki's answers with them",
    opener: ["handshake", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "sometimes",
    counts: ["one", "both", "none"],
    connections: ["windows", "intervals", "records"],
    bytes: ["frame", "ip"],
    sampling: "said",
    labels: ["host", "namespace", "node", "pod", "service", "workload"],
    times: "first and last",
    gaps: "sampled records stand for more; one packet that passes several interfaces is told by each, as an observer of its own",
  },
  recognises(head) {
    const text = jsonHead(head);
    // In Loki's answer the flow is a text in a text: its quotes are escaped.
    const names = ["SrcAddr", "DstAddr", "Proto"].every((name) => text.includes(`"${name}"`) || text.includes(`\\"${name}\\"`));
    return names && /TimeFlowStart|TimeFlowEnd|TimeReceived|_RecordType/.test(text);
  },
  decoder: (input) => jsonDecoder({ source: "netobserv", into: ["result", "streams", "records"], through: ["data"], tell }, input),
};

function tell(value: JsonObject): readonly Told[] {
  // A stream of Loki's: labels that its flows have in common, and each flow as a text.
  if (Array.isArray(value["values"])) {
    // Sums over time have a `metric` instead.
    if (value["stream"] === undefined) return [];
    const common = objectIn(value["stream"]);
    return value["values"].map((pair) => toldByText(listIn(pair)[1], common));
  }
  const row = value["SrcAddr"] === undefined && typeof value["line"] === "string" ? null : value;
  if (row === null) return [toldByText(value["line"], objectIn(value["labels"]))];
  // Loki answers questions about labels, too.
  return [row["SrcAddr"] === undefined && row["DstAddr"] === undefined && row["Proto"] === undefined ? nothing : toldByRow(row)];
}

function toldByText(text: unknown, common: JsonObject): Told {
  try {
    return toldByRow({ ...common, ...objectIn(JSON.parse(String(text))) });
  } catch {
    return wrong("json", "the text in a value of Loki's is not JSON");
  }
}
