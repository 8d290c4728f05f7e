import { addTo } from "../../base/lists.ts";
import { type Component, lineOf, type Pattern } from "./component.ts";
import { rhythmsOf } from "./rhythms.ts";
import type { Dependency, Watched } from "./watched.ts";

// Enough for the rates that matter: twice as many change no estimate by a hundredth.
const rounds = 150;
// How much of its weight each rate gives to its neighbours in each round. Without it the most likely weights are a few spikes.
const smoothing = 0.15;
// Of all that was seen, how much a family is believed to have before anything is looked at; then the cases decide.
const believedFirst: Readonly<Record<string, number>> = { "any day": 0.002, "working days": 0.001, weekly: 0.002, monthly: 0.002, new: 0.0001 };
const believedElse = 0.003;

/** Dependencies that the same sensors could have seen from the same day on. */
interface Cohort {
  readonly seen: number;
  /** For each component the chance of not having shown itself, and of doing so within the horizon. */
  readonly unseen: Float64Array;
  readonly appearing: Float64Array;
}

interface Sighted extends Pattern {
  readonly sight: number;
}

interface Row {
  readonly cases: number;
  readonly chances: Float64Array;
}

/** What is expected to be seen for the first time within the horizon, by the way in which it shows itself. */
export interface Expected {
  readonly total: number;
  readonly byFamily: Readonly<Record<string, number>>;
}

/**
 * Which rhythms, in which shares, would have shown what was seen; and how many dependencies with these rhythms are still silent.
 * A mixture fitted by expectation and maximisation to the patterns of days, the unseen ones being the missing cases (Dempster, Laird and Rubin
 * 1977), the rates smoothed in every round (Silverman and others 1990).
 */
export function expectedNew(
  watched: Watched,
  dependencies: readonly Dependency[],
  { horizon, unit = 1 }: { readonly horizon: number; readonly unit?: number },
): Expected {
  const line = lineOf({ days: watched.days, horizon, unit });
  const bySight = watched.sights.map((sight) => rhythmsOf(watched, line, { horizon, sight }));
  const [components = []] = bySight;
  const patterns = dependencies.map(({ since, days, sight }) => ({
    since: line.unitOf(since),
    sight: sight < bySight.length ? sight : 0,
    units: [...new Set(days.map((day) => line.unitOf(day)))],
  }));
  const rows = rowsOf(patterns, bySight);
  const cohorts = cohortsOf(patterns, bySight);
  const weights = fitted({ rows, cohorts, components, cases: patterns.length });
  const byFamily: Record<string, number> = {};
  for (const cohort of cohorts) {
    const there = sizeOf(cohort, weights);
    for (const [at, component] of components.entries()) {
      const appearing = there * weights[at]! * cohort.appearing[at]!;
      byFamily[component.family] = (byFamily[component.family] ?? 0) + appearing;
    }
  }
  return { total: Object.values(byFamily).reduce((sum, one) => sum + one, 0), byFamily };
}

/** Equal patterns once: most are seen every day, or on one. */
function rowsOf(patterns: readonly Sighted[], bySight: readonly (readonly Component[])[]): readonly Row[] {
  const known = new Map<string, { cases: number; readonly pattern: Sighted }>();
  for (const pattern of patterns) {
    const key = `${pattern.sight} ${pattern.since} ${pattern.units.join()}`;
    const one = known.get(key);
    if (one === undefined) known.set(key, { cases: 1, pattern });
    else one.cases += 1;
  }
  return [...known.values()].map(({ cases, pattern }) => {
    const logs = bySight[pattern.sight]!.map((component) => component.logChance(pattern));
    const most = Math.max(...logs);
    return { cases, chances: Float64Array.from(logs, (log) => Math.exp(log - most)) };
  });
}

function cohortsOf(patterns: readonly Sighted[], bySight: readonly (readonly Component[])[]): readonly Cohort[] {
  const seen = new Map<string, { seen: number; readonly since: number; readonly sight: number }>();
  for (const { since, sight } of patterns) {
    const one = seen.get(`${sight} ${since}`);
    if (one === undefined) seen.set(`${sight} ${since}`, { seen: 1, since, sight });
    else one.seen += 1;
  }
  return [...seen.values()].map(({ seen: count, since, sight }) => ({
    seen: count,
    unseen: Float64Array.from(bySight[sight]!, (one) => one.unseen(since)),
    appearing: Float64Array.from(bySight[sight]!, (one) => one.appearing(since)),
  }));
}

/** How many there are, seen and unseen, if the shares are these. */
function sizeOf({ seen, unseen }: Cohort, weights: Float64Array): number {
  let shown = 0;
  for (let at = 0; at < weights.length; at += 1) shown += weights[at]! * (1 - unseen[at]!);
  return seen / Math.max(shown, 1e-9);
}

interface Fit {
  readonly rows: readonly Row[];
  readonly cohorts: readonly Cohort[];
  readonly components: readonly Component[];
  readonly cases: number;
}

function fitted({ rows, cohorts, components, cases }: Fit): Float64Array {
  const families = familiesOf(components);
  const believed = new Float64Array(components.length);
  let weights = new Float64Array(components.length);
  for (const [family, members] of families)
    for (const at of members) {
      believed[at] = ((believedFirst[family] ?? believedElse) * cases) / members.length;
      weights[at] = (family === "new" ? 0.006 : 1 / families.size) / members.length;
    }
  for (let round = 0; round < rounds; round += 1) {
    const next = believed.slice();
    for (const row of rows) share(row, weights, next);
    for (const cohort of cohorts) {
      const there = sizeOf(cohort, weights);
      for (let at = 0; at < next.length; at += 1) next[at]! += there * weights[at]! * cohort.unseen[at]!;
    }
    for (const [family, members] of families) evened(family, members, next);
    const all = next.reduce((sum, one) => sum + one, 0);
    weights = next.map((one) => one / all);
  }
  return weights;
}

function familiesOf(components: readonly Component[]): ReadonlyMap<string, readonly number[]> {
  const families = new Map<string, number[]>();
  for (const [at, { family }] of components.entries()) addTo(families, family, at);
  return families;
}

/** Adds the cases of a pattern to the components that may have shown it, by their chance. */
function share({ cases, chances }: Row, weights: Float64Array, into: Float64Array): void {
  let all = 0;
  for (let at = 0; at < weights.length; at += 1) all += weights[at]! * chances[at]!;
  if (!(all > 0)) return;
  for (let at = 0; at < weights.length; at += 1) into[at]! += (cases * weights[at]! * chances[at]!) / all;
}

/** Every weekday is as likely as another, and every day of the month; neighbouring rates share. */
function evened(family: string, members: readonly number[], weights: Float64Array): void {
  if (family === "weekly" || family === "monthly") {
    const mean = members.reduce((sum, at) => sum + weights[at]!, 0) / members.length;
    for (const at of members) weights[at] = mean;
  }
  if (family !== "any day" && family !== "working days") return;
  const before = members.map((at) => weights[at]!);
  for (const [place, at] of members.entries()) {
    const [low, high] = [before[Math.max(0, place - 1)]!, before[Math.min(before.length - 1, place + 1)]!];
    weights[at] = (1 - 2 * smoothing) * before[place]! + smoothing * (low + high);
  }
}
