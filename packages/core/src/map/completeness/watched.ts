/** completeness/ says how much of what depends on what has been seen, and how much is still to come. */
import type { DeclaredCycle } from "./declared-cycle.ts";

/** One thing that depends on another, by groups and service, and the days on which anybody saw it. Days count from the first that was watched. */
export interface Dependency {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  /** Rising; never empty. */
  readonly days: readonly number[];
  /** The hours of UTC in which it was ever seen to begin, rising. */
  readonly hours: readonly number[];
  /** The day from which both groups exist; 0 when they always did. */
  readonly since: number;
  /** Which of the lines of sight sees it. */
  readonly sight: number;
}

/** A group of workloads that exists. */
export interface WatchedGroup {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly since: number;
}

/** What was watched for some days, without what is no dependency: attempts, broadcast, scanners. */
export interface Watched {
  /** Day 0, in days of UTC since 1970-01-01. */
  readonly origin: number;
  /** How many days were watched; the next one is the first of the future. */
  readonly days: number;
  /** Whether any sensor saw anything on a day. */
  readonly isObserved: readonly boolean[];
  /** For each line of sight (the sensors that see a dependency) the share of each day on which one of them was up; the first never was down. */
  readonly sights: readonly (readonly number[])[];
  /** The share of each day on which the usual dependency was in sight of somebody. */
  readonly inSight: readonly number[];
  readonly dependencies: readonly Dependency[];
  readonly groups: readonly WatchedGroup[];
  /** Dates are days as above; they may lie before and after what was watched. */
  readonly cycles: readonly DeclaredCycle[];
}

/** The same world as it was on an earlier day. */
export function watchedUntil(watched: Watched, days: number): Watched {
  return {
    ...watched,
    days,
    isObserved: watched.isObserved.slice(0, days),
    sights: watched.sights.map((sight) => sight.slice(0, days)),
    inSight: watched.inSight.slice(0, days),
    dependencies: watched.dependencies
      .filter((one) => one.days[0]! < days)
      .map((one) => ({ ...one, days: one.days.filter((at) => at < days), since: Math.min(one.since, one.days[0]!) })),
    groups: watched.groups.filter(({ since }) => since < days),
  };
}

/** The application of a group, or the group itself where the inventory states none. */
export function appsOf({ groups }: Watched): (group: string) => string {
  const apps = new Map(groups.map(({ id, labels }) => [id, labels["app"] ?? id]));
  return (group) => apps.get(group) ?? group;
}

/** Which dependencies are counted, for whoever compares the number with that of the map, which shows attempts and scanners, too. */
export const watchedWords = "only what was answered, without broadcast and scanners";

/** Only the dependencies of which one end has these labels. */
export function within(watched: Watched, scope: Readonly<Record<string, string>>): Watched {
  const terms = Object.entries(scope);
  if (terms.length === 0) return watched;
  const inside = new Set(watched.groups.filter(({ labels }) => terms.every(([key, value]) => labels[key] === value)).map(({ id }) => id));
  return { ...watched, dependencies: watched.dependencies.filter(({ client, server }) => inside.has(client) || inside.has(server)) };
}

/** How many dependencies came in the days from `from` until `until`, between groups that existed on day `from`. */
export function newBetween(watched: Watched, { from, until }: { readonly from: number; readonly until: number }): number {
  const born = new Map(watched.groups.map(({ id, since }) => [id, since]));
  return watched.dependencies.filter(
    ({ client, server, days }) => days[0]! >= from && days[0]! < until && (born.get(client) ?? 0) < from && (born.get(server) ?? 0) < from,
  ).length;
}
