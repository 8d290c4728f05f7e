import { day, type Instant } from "../base/instant.ts";
import type { World } from "../decide/world.ts";
import { eventsSeen } from "../map/calendar/declared-events.ts";
import type { Interval } from "../map/completeness/interval.ts";
import { daysMost } from "../map/completeness/watch.ts";
import { daysWanting, dependenciesLeast, forecast } from "../map/completeness/unseen.ts";
import type { Dependency, Watched } from "../map/completeness/watched.ts";
import { groupingBy } from "../map/group.ts";
import { talkersOf } from "../map/talked.ts";
import type { Flow } from "../model/flow.ts";

/** How much of what the members of a segment depend on, or serve, was observed. Days are those of the time that is judged. */
export interface SegmentSight {
  /** Null is everything that was watched. */
  readonly segment: string | null;
  readonly days: number;
  /** Days on which no sensor saw anything, and others on which, by the word of those who run the sensors, part of it was out of sight. */
  readonly darkDays: number;
  readonly partlyDays: number;
  /** Members that hold an address at the end, and those of them that no sensor ever saw: nobody knows what they need. */
  readonly members: number;
  readonly silent: number;
  readonly dependencies: number;
  /** Those that were seen before the time that is judged and not in it; those seen on a single day. */
  readonly before: number;
  readonly once: number;
  /** Declared events that no sensor recorded in this time. */
  readonly unseenEvents: readonly string[];
  /** Declared events without dates: nobody can look for them. */
  readonly undatedEvents: readonly string[];
  /** Dependencies that will be seen for the first time within the horizon; `few` where the days would do, and the known ones are too few to estimate from. */
  readonly unseen: ({ readonly kind: "estimate" } & Interval) | { readonly kind: "few" } | { readonly kind: "silent"; readonly why: string };
}

/** In days: a week ahead, as a reader plans. */
export const horizon = 7;

/** The sight of each segment of a policy, and last that of everything, in a time whose ends may be open. */
export function segmentSights(
  world: World,
  watched: Watched,
  { since, until, flows }: { readonly since: Instant | null; readonly until: Instant | null; readonly flows: readonly Flow[] },
): readonly SegmentSight[] {
  // Negative where somebody asks for days on which nobody looked yet. Longer ago than is watched nobody counts.
  const from = since === null ? 0 : Math.max(watched.days - daysMost, Math.floor(since / day) - watched.origin);
  // What was last seen may have ended on a day on which nothing began: an open end is no outage.
  const end = until === null ? watched.isObserved.lastIndexOf(true) + 1 : watched.days;
  const groupsOf = groupsBySegment(world);
  const membersOf = membersIn(world, { flows, at: (watched.origin + watched.days) * day - 1 });
  const events = eventsSeen(watched);
  const appOf = new Map(watched.groups.map(({ id, labels }) => [id, labels["app"] ?? id]));
  return [...world.set.policies.map(({ name }) => name), null].map((segment) => {
    const groups = segment === null ? null : (groupsOf.get(segment) ?? new Set<string>());
    const apps = groups === null ? null : new Set([...groups].map((group) => appOf.get(group)));
    const own = watched.dependencies.filter(({ client, server }) => groups === null || groups.has(client) || groups.has(server));
    const declared = events.filter(({ app }) => app === null || apps === null || apps.has(app));
    return {
      segment,
      ...daysOf(watched, own, { from, end }),
      ...membersOf(segment),
      dependencies: own.length,
      before: own.filter(({ days }) => days.at(-1)! < from).length,
      once: own.filter(({ days }) => days.length === 1).length,
      unseenEvents: declared.filter(({ state, recorded }) => state !== "undated" && !recorded.some((at) => at >= from)).map(({ name }) => name),
      undatedEvents: declared.filter(({ state }) => state === "undated").map(({ name }) => name),
      unseen: unseenOf({ ...watched, dependencies: own }),
    };
  });
}

/** The groups of map and completeness in which each segment has members. */
function groupsBySegment({ claims, inventory }: World): ReadonlyMap<string, ReadonlySet<string>> {
  const grouping = groupingBy(["app", "env", "role"], inventory.workloads, new Set());
  const found = new Map<string, Set<string>>();
  for (const [{ id }, { policy }] of claims) {
    if (policy === null) continue;
    const known = found.get(policy.name) ?? new Set();
    found.set(policy.name, known.add(grouping.of({ kind: "held", holder: id })));
  }
  return found;
}

/** Says how many members a segment has at an instant, and how many of them never opened anything and never answered; null is everybody. */
function membersIn(
  { claims }: World,
  { flows, at }: { readonly flows: readonly Flow[]; readonly at: Instant },
): (segment: string | null) => Pick<SegmentSight, "members" | "silent"> {
  const seen = talkersOf(flows);
  const held = [...claims].filter(([{ leases }]) => leases.some(({ from, until }) => (from === null || from <= at) && (until === null || at < until)));
  return (segment) => {
    const members = segment === null ? held : held.filter(([, { policy }]) => policy?.name === segment);
    return { members: members.length, silent: members.filter(([{ id }]) => !seen.has(id)).length };
  };
}

function daysOf(
  { isObserved, sights }: Watched,
  own: readonly Dependency[],
  { from, end }: { readonly from: number; readonly end: number },
): Pick<SegmentSight, "days" | "darkDays" | "partlyDays"> {
  const used = [...new Set(own.map(({ sight }) => sight))].map((sight) => sights[sight]!);
  const judged = Array.from({ length: Math.max(0, end - from) }, (_, at) => from + at);
  const lit = judged.filter((at) => isObserved[at] === true);
  return { days: judged.length, darkDays: judged.length - lit.length, partlyDays: lit.filter((at) => used.some((shares) => shares[at]! < 1)).length };
}

function unseenOf(watched: Watched): SegmentSight["unseen"] {
  if (watched.dependencies.length < dependenciesLeast && daysWanting(watched, horizon) === null) return { kind: "few" };
  // Without the back-test of `completeness`, which costs seven times as much for each segment and moves the bounds little.
  const said = forecast(watched, { horizon });
  return said.kind === "estimate" ? { kind: "estimate", ...said.interval } : said;
}
