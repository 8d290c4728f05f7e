import type { BelievedWorkload } from "@bulkhead/core/inventory/believe";
import type { DeclaredExport } from "@bulkhead/core/inventory/declared";
import type { Flow, FlowEnd } from "@bulkhead/core/model/flow";
import { loadDeclared } from "@bulkhead/adapters/declared/state";
import { type Confirmation, confirmationsIn } from "@bulkhead/adapters/inventories/confirmations";
import type { Instant } from "@bulkhead/core/base/instant";
import { Failure } from "@bulkhead/core/base/failure";
import { sortedOnce } from "@bulkhead/core/base/order";
import { declaredSeen } from "@bulkhead/core/map/declared-seen";
import { appView, viewChanges } from "@bulkhead/core/map/app-view";
import { mapOf } from "@bulkhead/core/map/map";
import { triedForecast, type TriedForecast } from "@bulkhead/core/map/completeness/back-test";
import { type Counted, type Figure, figuresOf } from "@bulkhead/core/map/completeness/figures";
import type { Before } from "@bulkhead/core/map/completeness/before";
import type { Saturation } from "@bulkhead/core/map/completeness/saturation";
import { type Completeness, verdictOf } from "@bulkhead/core/map/completeness/verdict";
import { type Watched, within } from "@bulkhead/core/map/completeness/watched";
import { watchedIn } from "./watched-in.ts";

/** What is asked. */
export interface Asked {
  readonly scope: Readonly<Record<string, string>>;
  /** Null is after the last day on which anything was seen. */
  readonly until: Instant | null;
  /** In days. */
  readonly horizon: number;
  readonly calendar: string | null;
}

/** All that `completeness` says. */
export interface Report {
  readonly figures: readonly Figure[];
  readonly saturation: Saturation;
  readonly verdict: Completeness;
  readonly environments: readonly (Completeness & { readonly env: string })[];
  readonly watched: Watched;
  readonly tried: TriedForecast;
  /** What was declared, held against what was seen; null where nothing was declared. */
  readonly declared: DeclaredCounts | null;
  readonly before: Before | null;
}

/** Dependencies between groups. `both` and `observedOnly` are what was seen, `declaredOnly` what was not. */
export interface DeclaredCounts {
  readonly both: number;
  readonly observedOnly: number;
  readonly declaredOnly: number;
}

const environmentsMost = 20;

/** The figures and the estimate from a data directory; null where nothing was seen in this time. */
export async function reportOf(directory: string, { scope, until: asked, horizon, calendar }: Asked): Promise<Report | null> {
  const seen = await watchedIn({ directory, file: calendar }, asked);
  if (seen === null) return null;
  const { flows, workloads, networks, watched: all, until, before } = seen;
  const isPilot = Object.keys(scope).length > 0;
  if (isPilot && !workloads.some((one) => hasLabels(one, scope))) throw noSuch(scope, workloads);
  const confirmed = confirmedApps(await confirmationsIn(directory), flows, workloads);
  const counted: Counted = { flows, workloads, networks, watched: all, until, confirmed };
  const own = scoped(counted, scope);
  const { figures, saturation } = figuresOf(own);
  const envs = isPilot ? [] : sortedOnce(workloads.flatMap(({ labels }) => labels["env"] ?? [])).slice(0, environmentsMost);
  return {
    figures,
    saturation,
    verdict: verdictOf(figures, saturation, { isPilot }),
    environments: envs.map((env) => {
      const part = figuresOf(scoped(counted, { env }));
      return { env, ...verdictOf(part.figures, part.saturation, { isPilot }) };
    }),
    watched: own.watched,
    tried: triedForecast(own.watched, horizon),
    declared: declaredCounts(await loadDeclared(directory), own),
    before,
  };
}

function declaredCounts(exports: readonly DeclaredExport[], { flows, workloads }: Counted): DeclaredCounts | null {
  if (exports.length === 0) return null;
  const { declared, observedOnly, observedDeclared } = declaredSeen({ exports, flows, workloads });
  return { both: observedDeclared, observedOnly: observedOnly.length, declaredOnly: declared.filter(({ connections }) => connections === 0).length };
}

/** The confirmed applications: whether the map still says of each what its owner saw last. */
function confirmedApps(all: readonly Confirmation[], flows: readonly Flow[], workloads: readonly BelievedWorkload[]): ReadonlyMap<string, boolean> {
  if (all.length === 0) return new Map();
  const map = mapOf(flows, workloads);
  const gone = { workloads: [], dependencies: [] };
  return new Map(all.map((last) => [last.app, viewChanges(last, appView(map, last.app) ?? gone).length === 0]));
}

/** The same, of the workloads with these labels and of what they talk with. */
function scoped(counted: Counted, scope: Asked["scope"]): Counted {
  if (Object.keys(scope).length === 0) return counted;
  const workloads = counted.workloads.filter((one) => hasLabels(one, scope));
  const ids = new Set(workloads.map(({ id }) => id));
  const isInside = (end: FlowEnd): boolean => end.kind === "held" && ids.has(end.holder);
  const flows: readonly Flow[] = counted.flows.filter(({ client, server }) => isInside(client) || isInside(server));
  // Networks without a workload of the scope are none of its business.
  return { ...counted, flows, workloads, networks: null, watched: within(counted.watched, scope) };
}

const hasLabels = ({ labels }: Pick<BelievedWorkload, "labels">, scope: Asked["scope"]): boolean =>
  Object.entries(scope).every(([key, value]) => labels[key] === value);

function noSuch(scope: Asked["scope"], workloads: readonly BelievedWorkload[]): Failure {
  const wanted = Object.entries(scope).map(([key, value]) => `${key}=${value}`);
  const [key = "app"] = Object.keys(scope);
  const there = sortedOnce(workloads.flatMap(({ labels }) => labels[key] ?? []));
  const shown = there.slice(0, 5).join(", ");
  return new Failure(
    `no workload has the labels ${wanted.join(",")}`,
    there.length === 0
      ? `no workload has the label ${key}; \`bulkhead inventory list\` says who has which`
      : `\`${key}\` is ${shown}${there.length > 5 ? " and others" : ""}`,
  );
}
