import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { type JsonObject, objectIn, textIn, wholeIn } from "../json-fields.ts";
import { nothing, type Told } from "../record.ts";
import { toldByFlow } from "./flow.ts";

/** Cilium's Hubble: what its exporter writes and what `hubble observe -o json` prints, with and without the envelope. */
export const hubble: FlowFormat = {
  name: "hubble",
  tells: {
    reads: "Cilium's Hubble, exported flows and `hubble observe -o json`",
    opener: ["handshake", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "sometimes",
    counts: ["none"],
    connections: ["events"],
    bytes: ["unsaid"],
    sampling: "unsaid",
    labels: ["host", "namespace", "pod", "service", "workload"],
    times: "instant",
    gaps: "events of packets and requests, which Cilium aggregates before it tells them; lost events are told as `lost_events`",
  },
  recognises(head) {
    const text = jsonHead(head);
    return (
      (/"verdict"\s*:\s*"[A-Z_]+"/.test(text) && (/"(?:IP|l4|ethernet)"\s*:\s*\{/.test(text) || text.includes('"trace_observation_point"'))) ||
      (/"(?:lost_events|node_status|agent_event)"\s*:\s*\{/.test(text) && text.includes('"node_name"'))
    );
  },
  decoder: (input) => jsonDecoder({ source: "hubble", into: [], tell: (event) => [toldBy(event)] }, input),
};

function toldBy(event: JsonObject): Told {
  if (event["lost_events"] !== undefined) {
    const lost = objectIn(event["lost_events"]);
    return { kind: "notice", reason: `lost events (${textIn(lost["source"]) ?? "UNKNOWN"})`, count: wholeIn(lost["num_events_lost"]) ?? 1 };
  }
  const isEnveloped = event["flow"] !== undefined;
  const flow = isEnveloped ? objectIn(event["flow"]) : event;
  // Agent events, debug events and the states of nodes are no flows.
  if (!isEnveloped && flow["verdict"] === undefined && flow["IP"] === undefined) return nothing;
  return toldByFlow(flow, event);
}
