import { type DeclaredCycle, isAhead, wasWatched } from "./declared-cycle.ts";
import { gammaInterval, type Interval } from "./interval.ts";
import { type Expected, expectedNew } from "./mixture.ts";
import { visitorsAmong } from "./visitors.ts";
import { expectedOf, type Moments } from "./visits.ts";
import type { Watched } from "./watched.ts";

/** What will be seen for the first time, or why nobody can say. */
export type Forecast =
  | { readonly kind: "estimate"; readonly interval: Interval; readonly moments: Moments; readonly parts: Parts }
  | { readonly kind: "silent"; readonly why: string };

/** Of what the estimate is made. */
export interface Parts {
  readonly rhythms: Expected;
  readonly visitors: readonly { readonly client: string; readonly mean: number }[];
  /** Declared cycles of which no date has been watched, and one lies ahead. */
  readonly declared: readonly { readonly name: string; readonly mean: number }[];
}

export interface ForecastOptions {
  /** In days. */
  readonly horizon: number;
  /** Multiplies the variance: what the back-test says of this network. */
  readonly spread?: number;
}

// A week has to be seen twice before anything can be said about weeks.
const daysLeast = 14;
export const dependenciesLeast = 30;
// So many over 90 days take about 200 MB, and 12 s for each estimate; the back-test makes up to six more (2026-11, a busy machine).
const dependenciesMost = 50_000;
const observedLeast = 2 / 3;
// What a declared cycle brings on its first date, as a share of all that is known: the mean over generated organisations (docs/reference/completeness.md).
// It is a guess until one date has been watched, and may be off by two fifths (one standard deviation).
const firstYield: Readonly<Record<string, number>> = {
  monthly: 0.023,
  "month-end": 0.023,
  quarterly: 0.009,
  "quarter-end": 0.009,
  irregular: 0.003,
  "fail-over-test": 0.003,
};
const firstYieldDoubt = 0.4;
// How much more the parts vary than independent cases would, measured on generated organisations.
const rhythmDoubt = 0.08;
const rhythmExcess = 1;
const visitExcess = 2.5;
const visitDoubt = 0.25;

/** How many dependencies will be seen for the first time within the horizon, between groups that exist now. */
export function forecast(watched: Watched, { horizon, spread = 1 }: ForecastOptions): Forecast {
  const why = whyNot(watched, horizon);
  if (why !== null) return { kind: "silent", why };
  const visitors = visitorsAmong(watched);
  const visiting = new Set(visitors.map(({ client }) => client));
  const rest = watched.dependencies.filter(({ client }) => !visiting.has(client));
  const rhythms = expectedNew(watched, rest, { horizon });
  const visits = visitors.map((visitor) => ({ client: visitor.client, ...expectedOf(visitor, watched, horizon) }));
  const declared = firstDates(watched, horizon).map(({ name, kind }) => ({ name, mean: firstYield[kind]! * watched.dependencies.length }));
  const moments = momentsOf({ rhythms, visits, declared }, spread);
  const interval = gammaInterval(moments);
  const { low, high } = interval;
  const otherUnit = moments.mean - rhythms.total + expectedNew(watched, rest, { horizon, unit: 2 }).total;
  if (otherUnit < low || otherUnit > high)
    return {
      kind: "silent",
      why: `the unit of presence decides the answer: counted by days the estimate is ${low === high ? low : `${low} to ${high}`}, counted by stretches of two days ${Number(otherUnit.toFixed(1))}`,
    };
  return { kind: "estimate", interval, moments, parts: { rhythms, visitors: visits.map(({ client, mean }) => ({ client, mean })), declared } };
}

/** An estimate in words. */
export function comingText({ dependencies, low, high }: Interval, horizon: number): string {
  const [days, what] = [horizon === 1 ? "day" : `${horizon} days`, dependencies === 1 ? "dependency" : "dependencies"];
  return `In the next ${days} about ${dependencies} ${what} will be seen for the first time between groups that exist now; nine times in ten ${low === high ? low : `${low} to ${high}`}.`;
}

/** In words why the days that were watched carry no estimate, or null. */
export function daysWanting({ days, isObserved }: Watched, horizon: number): string | null {
  const observed = isObserved.filter((is) => is).length;
  if (observed < daysLeast) return `${observed} ${observed === 1 ? "day was" : "days were"} watched; a week has to be seen twice, so ${daysLeast} are needed`;
  if (observed < days * observedLeast) return `of ${days} days only ${observed} were watched by any sensor`;
  if (horizon > observed) return `the horizon of ${horizon} days is longer than the ${observed} days that were watched`;
  return null;
}

/** In words why no estimate can be made, or null. */
function whyNot(watched: Watched, horizon: number): string | null {
  const { dependencies } = watched;
  const wanting = daysWanting(watched, horizon);
  if (wanting !== null) return wanting;
  if (dependencies.length < dependenciesLeast) return `${dependencies.length} dependencies are too few to tell a rhythm from; ${dependenciesLeast} are needed`;
  if (dependencies.length > dependenciesMost) return `${dependencies.length} dependencies are more than are estimated at once; ask with --scope`;
  const strange = unwatched(watched, horizon).find(({ kind }) => firstYield[kind] === undefined);
  if (strange !== undefined) return `\`${strange.name}\` is declared within the horizon and was never watched: nobody knows what it brings`;
  return null;
}

const unwatched = (watched: Watched, horizon: number): readonly DeclaredCycle[] =>
  watched.cycles.filter((cycle) => cycle.app === null && !wasWatched(cycle, watched) && isAhead(cycle, { days: watched.days, horizon }));

const firstDates = (watched: Watched, horizon: number): readonly DeclaredCycle[] =>
  unwatched(watched, horizon).filter(({ kind }) => firstYield[kind] !== undefined);

interface Measured {
  readonly rhythms: Expected;
  readonly visits: readonly Moments[];
  readonly declared: readonly { readonly mean: number }[];
}

function momentsOf({ rhythms: { total }, visits, declared }: Measured, spread: number): Moments {
  const visiting = visits.reduce((sum, { mean }) => sum + mean, 0);
  const first = declared.reduce((sum, { mean }) => sum + mean, 0);
  const variance =
    total * rhythmExcess +
    (rhythmDoubt * total) ** 2 +
    visitExcess * visits.reduce((sum, one) => sum + one.variance, 0) +
    (visitDoubt * visiting) ** 2 +
    declared.reduce((sum, { mean }) => sum + mean + (firstYieldDoubt * mean) ** 2, 0);
  return { mean: total + visiting + first, variance: variance * spread };
}
