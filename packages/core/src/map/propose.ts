import { byCodePoint } from "../base/order.ts";
import type { Flow, FlowEnd, Volume } from "../model/flow.ts";
import { plus } from "../telemetry/volume.ts";
import { isInternet, suspicionOf } from "./held-out.ts";
import type { Draft, HeldOut, ProposalWorkload, Side } from "./policy-draft.ts";
import { namer } from "./policy-yaml.ts";
import { segmentFile, zonesFile } from "./proposed-files.ts";
import { serviceText } from "./service-text.ts";

/** The first policy: files to write, and what they leave out. */
export interface Proposal {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly rules: number;
  readonly conduits: number;
  readonly zones: number;
  readonly heldOut: readonly HeldOut[];
}

const zonesMost = 8;
const reserved = ["outside", "unplaced", "internet", "anyone", "workloads", "any"];
const policyReserved = [...reserved, "conduit", "common", "forbid", "exception", "quarantine", "zones"];

/** The first policy files from what was seen: zones by environment, a policy for each application in each, rules between roles. Suspicious flows are listed, never allowed. */
export function propose(flows: readonly Flow[], workloads: readonly ProposalWorkload[]): Proposal {
  const sides = sidesOf(workloads);
  const why = suspicionOf(flows, (end) => sides.of(end)?.key ?? null);
  const heldOut: HeldOut[] = [];
  const evidence = new Map<string, { client: Side; server: Side; services: Map<string, Volume> }>();
  for (const flow of flows) {
    const reason = why(flow);
    const [client, server] = [sides.of(flow.client), sides.of(flow.server)];
    if (reason !== null || client === null || server === null) heldOut.push({ why: reason ?? "no labels", flow });
    else add(evidence, flow, { client, server });
  }
  const sorted = [...evidence].sort(([a], [b]) => byCodePoint(a, b)).map(([, one]) => one);
  const draft: Draft = { zones: sides.zones, segments: sides.segments, evidence: sorted, heldOut, workloads };
  const zones = zonesFile(draft);
  const policies = [...sides.segments.keys()].sort(byCodePoint).map((name) => segmentFile(draft, name));
  return {
    files: [{ path: "zones.yaml", text: zones.text }, ...policies.map(({ path, text }) => ({ path, text }))],
    rules: policies.reduce((sum, { rules }) => sum + rules, 0),
    conduits: zones.conduits,
    zones: sides.zones.size,
    heldOut,
  };
}

function add(
  evidence: Map<string, { client: Side; server: Side; services: Map<string, Volume> }>,
  flow: Flow,
  { client, server }: { client: Side; server: Side },
): void {
  const key = JSON.stringify([client.key, server.key]);
  const known = evidence.get(key) ?? { client, server, services: new Map<string, Volume>() };
  evidence.set(key, known);
  const before = known.services.get(serviceText(flow));
  known.services.set(serviceText(flow), before === undefined ? flow : plus(before, flow));
}

interface Sides {
  readonly zones: ReadonlyMap<string, string>;
  readonly segments: Draft["segments"];
  of(end: FlowEnd): Side | null;
}

function sidesOf(workloads: readonly ProposalWorkload[]): Sides {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const zones = zonesOf(workloads);
  const name = namer(policyReserved);
  const segments = new Map<string, { app: string; env: string; owner: string }>();
  for (const { labels, owner } of workloads) {
    const [app, env] = [labelOf(labels, "app"), labelOf(labels, "env")];
    if (app === null || env === null) continue;
    const segment = name(`${app}\u0000${env}`);
    segments.set(segment, { app, env, owner: segments.get(segment)?.owner ?? owner ?? "nobody-yet" });
  }
  const of = (end: FlowEnd): Side | null => {
    if (isInternet(end)) return { key: "internet", labels: null, zone: "outside", segment: null };
    const stated = end.kind === "held" ? (byId.get(end.holder)?.labels ?? {}) : {};
    const labels: Record<string, string> = {};
    for (const key of ["app", "env", "role"]) {
      const value = labelOf(stated, key);
      if (value !== null) labels[key] = value;
    }
    const { app, env } = labels;
    if (app === undefined && env === undefined && labels["role"] === undefined) return null;
    return {
      key: JSON.stringify(labels),
      labels,
      zone: (env === undefined ? undefined : zones.get(env)) ?? "unplaced",
      segment: app === undefined || env === undefined ? null : name(`${app}\u0000${env}`),
    };
  };
  return { zones, segments, of };
}

const labelOf = (labels: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(labels, key) && labels[key] !== "" ? (labels[key] ?? null) : null;

/** A zone for each environment, the eight with most workloads; what is left is `unplaced`. */
function zonesOf(workloads: readonly ProposalWorkload[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { labels } of workloads) {
    const env = labelOf(labels, "env");
    if (env !== null) counts.set(env, (counts.get(env) ?? 0) + 1);
  }
  const name = namer(reserved);
  const most = [...counts].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b)).slice(0, zonesMost);
  return new Map(most.map(([env]) => [env, name(env)]));
}
