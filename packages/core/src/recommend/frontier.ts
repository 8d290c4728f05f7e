import type { PolicyFile } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import type { Flow } from "../model/flow.ts";
import type { ProposalWorkload } from "./dependency.ts";
import { type Granularity, labelsOf } from "./granularity.ts";
import { judgedLater } from "./judged-later.ts";
import { recommend } from "./recommend.ts";
import type { Scope } from "./scope.ts";

/** What one granularity costs: rules to read, permissions that nobody was seen to use, and what of later days it would have denied. */
export interface FrontierRow {
  readonly granularity: Granularity;
  readonly rules: number;
  /** Pairs of machines and services that allows and common rules open and that were not seen. */
  readonly excess: number;
  readonly dependencies: number;
  readonly denied: number;
  readonly connections: number;
  readonly deniedConnections: number;
  /** Whether the inventory has the labels for it; without, the row says what it would be if each machine had a name. */
  readonly isPossible: boolean;
}

const machine = "machine";

/** Learns from earlier flows with each granularity and judges it by later ones; with a scope, by those that touch it. */
export function frontierOf(
  { learned, later }: { readonly learned: readonly Flow[]; readonly later: readonly Flow[] },
  {
    workloads,
    present,
    scope,
  }: { readonly workloads: readonly ProposalWorkload[]; readonly present: readonly PolicyFile[]; readonly scope?: Scope | undefined },
): readonly FrontierRow[] {
  return (["app", "role", "workload"] as const).map((granularity) => {
    const labels = labelsOf(granularity, workloads);
    const named = labels === null ? workloads.map((one) => ({ ...one, labels: { ...one.labels, [machine]: one.id } })) : workloads;
    const made = recommend(learned, named, { present, labels: labels ?? ["app", "env", "role", machine], ...(scope === undefined ? {} : { scope }) });
    const files = made.files.map(({ path, text }) => ({ path, bytes: bytesOf(text) }));
    const judged = judgedLater(later, { files, workloads: named, present, scope });
    return {
      granularity,
      rules: made.rules.length,
      excess: made.rules.reduce((sum, { kind, excess }) => sum + (kind === "conduit" ? 0 : excess), 0),
      dependencies: judged.dependencies,
      denied: judged.denied.length,
      connections: judged.connections,
      deniedConnections: judged.denied.reduce((sum, { connections }) => sum + connections, 0),
      isPossible: labels !== null,
    };
  });
}
