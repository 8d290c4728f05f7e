import { day, type Instant } from "../../base/instant.ts";
import type { Flow, FlowDays } from "../../model/flow.ts";
import type { Workload } from "../../model/workload.ts";
import { broadcastAddresses } from "../../telemetry/noise.ts";
import { groupingBy, type Grouping } from "../group.ts";
import { isOneOf, scannersAmong } from "../scanners.ts";
import { serviceText } from "../service-text.ts";
import type { DeclaredCycle } from "./declared-cycle.ts";
import { type Observer, sightsOver } from "./sight.ts";
import type { Dependency, Watched, WatchedGroup } from "./watched.ts";

/** What the archive and the inventory say. */
export interface Sources {
  readonly flows: readonly Flow[];
  readonly presence: readonly FlowDays[];
  readonly workloads: readonly Pick<Workload, "id" | "labels" | "leases">[];
  /** Dates are days of UTC since 1970-01-01. */
  readonly cycles: readonly DeclaredCycle[];
  /** What the operators of the observers say; of others nothing is known. */
  readonly observers: ReadonlyMap<string, Observer>;
  /** Where the past ends; a day that it cuts counts as watched. */
  readonly until: Instant;
}

// A little more than a year: longer ago says nothing about next week, and a record whose clock was wrong must not make a table of centuries.
export const daysMost = 400;

/** What was watched, by groups of app, env and role: what was answered, without broadcast, without what nobody can place, without scanners. */
export function watch({ flows, presence, workloads, cycles, observers, until }: Sources): Watched {
  const end = Math.ceil(until / day);
  const grouping = groupingBy(["app", "env", "role"], workloads, broadcastAddresses(flows));
  const isScanner = isOneOf(scannersAmong(flows, ({ client }) => grouping.of(client)));
  const triples = triplesOf({ presence: presence.filter(({ client }) => !isScanner(client)), grouping, end });
  const observed = new Set(presence.flatMap(({ days }) => days.filter((at) => at < end && at >= end - daysMost)));
  const origin = observed.size === 0 ? end : [...observed].reduce((least, at) => Math.min(least, at), end);
  const groups = groupsOf({ workloads, grouping, origin, end });
  const known = new Map(groups.map((group) => [group.id, group]));
  const sights = sightsOver({ origin, days: end - origin }, observers);
  const reporters = observersOf(flows, grouping);
  const dependencies = [...triples].map(([key, { client, server, service, days, hours }]): Dependency => {
    const since = Math.max(known.get(client)?.since ?? 0, known.get(server)?.since ?? 0);
    const own = [...days].map((at) => at - origin).sort((a, b) => a - b);
    return {
      client,
      server,
      service,
      days: own,
      hours: [...hours].sort((a, b) => a - b),
      since: Math.min(since, own[0]!),
      sight: sights.of(reporters.get(key) ?? []),
    };
  });
  const isObserved = Array.from({ length: end - origin }, (_, at) => observed.has(origin + at));
  return {
    origin,
    days: end - origin,
    isObserved,
    sights: sights.shares,
    inSight: isObserved.map((is, at) =>
      is ? dependencies.reduce((sum, { sight }) => sum + sights.shares[sight]![at]!, 0) / Math.max(1, dependencies.length) : 0,
    ),
    dependencies,
    groups,
    cycles: cycles.map((cycle) => ({ ...cycle, dates: cycle.dates.map((at) => at - origin) })),
  };
}

interface Triple extends Pick<Dependency, "client" | "server" | "service"> {
  readonly days: Set<number>;
  readonly hours: Set<number>;
}

// What names no machine depends on nothing, and whom two workloads claim is nobody's dependency.
const placeless: ReadonlySet<string> = new Set(["broadcast", "nowhere", "contested"]);

function triplesOf({
  presence,
  grouping,
  end,
}: Pick<Sources, "presence"> & { readonly grouping: Grouping; readonly end: number }): ReadonlyMap<string, Triple> {
  const triples = new Map<string, Triple>();
  for (const flow of presence) {
    const [client, server, service] = [grouping.of(flow.client), grouping.of(flow.server), serviceText(flow)];
    const days = flow.days.filter((at) => at < end && at >= end - daysMost);
    if (days.length === 0 || placeless.has(client) || placeless.has(server)) continue;
    const key = keyOf(client, server, service);
    const known = triples.get(key) ?? { client, server, service, days: new Set(), hours: new Set() };
    triples.set(key, known);
    for (const at of days) known.days.add(at);
    for (const at of flow.hours) known.hours.add(at);
  }
  return triples;
}

const keyOf = (...names: readonly [client: string, server: string, service: string]): string => JSON.stringify(names);

/** Who reported each dependency. */
function observersOf(flows: readonly Flow[], grouping: Grouping): ReadonlyMap<string, ReadonlySet<string>> {
  const observers = new Map<string, Set<string>>();
  for (const flow of flows) {
    const key = keyOf(grouping.of(flow.client), grouping.of(flow.server), serviceText(flow));
    const known = observers.get(key);
    if (known === undefined) observers.set(key, new Set(flow.observers));
    else for (const one of flow.observers) known.add(one);
  }
  return observers;
}

interface Roster extends Pick<Sources, "workloads"> {
  readonly grouping: Grouping;
  readonly origin: number;
  readonly end: number;
}

/** The groups that exist at the end, each since its first lease. Who has no lease any more is counted where it was seen. */
function groupsOf({ workloads, grouping, origin, end }: Roster): readonly WatchedGroup[] {
  const first = new Map<string, number>();
  for (const { id, leases } of workloads) {
    const group = grouping.of({ kind: "held", holder: id });
    const since = leases.reduce((least, { from }) => Math.min(least, from === null ? 0 : Math.floor(from / day) - origin), leases.length === 0 ? 0 : Infinity);
    first.set(group, Math.min(first.get(group) ?? Infinity, since));
  }
  const labels = new Map(grouping.groups().map((group) => [group.id, group.labels]));
  return [...first].filter(([, since]) => since < end - origin).map(([id, since]) => ({ id, labels: labels.get(id) ?? {}, since: Math.max(0, since) }));
}
