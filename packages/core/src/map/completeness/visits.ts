import { calendarDays } from "./calendar-days.ts";
import { blocksOf, type Visitor } from "./visitors.ts";
import { appsOf, type Watched } from "./watched.ts";

/** What is expected, and how far it may be off. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

// A day is a visit when so many of the application's groups were needed on it.
const visitLeast = 2;
const visitShare = 0.15;
// The dependencies of a visitor differ in how likely a visit needs them, and in how often they are needed alone.
const kinds = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((touch) => [0.001, 0.004, 0.012, 0.036, 0.1, 0.3].map((alone) => ({ touch, alone })));
const rounds = 200;
// All kinds together are believed to have two cases before any is seen.
const believedFirst = 2 / kinds.length;
// Of the applications, how many a visitor needs at all; the cases correct it.
const reachedFirst = 0.9;
const reachedMost = 0.98;
// From so many groups on, an application without any visit says something.
const groupsLeast = 3;
// Visits follow releases when so many release days were watched, and a visit falls on one so much more often than on another day.
const releaseDaysLeast = 5;
const releaseLift = 5;

/** A visitor at one application. */
interface Block {
  readonly app: string;
  readonly groups: number;
  readonly since: number;
  readonly isVisit: readonly boolean[];
  readonly releases: ReadonlySet<number>;
  /** On how many visits, and on how many other days, each of its dependencies was seen. */
  readonly touched: readonly { readonly visits: number; readonly alone: number }[];
  readonly visits: number;
  readonly otherDays: number;
  /** For each kind the chance not to have shown itself. */
  readonly unseen: Float64Array;
}

/** How many dependencies of a visitor will be seen for the first time: those of each application that no visit has touched, by the visits to come. */
export function expectedOf(visitor: Visitor, watched: Watched, horizon: number): Moments {
  const blocks = blocksFor(visitor, watched);
  const { weights, perGroup, reached } = fitted(blocks);
  const tie = tiedToReleases(blocks, watched);
  const usual = usualVisits(blocks, { watched, horizon, isTied: tie.isTied });
  const working = calendarDays(watched.origin + watched.days, horizon).filter(({ isWorkday }) => isWorkday).length;
  let [mean, variance] = [0, 0];
  for (const [at, block] of blocks.entries()) {
    const there = reached[at]! * perGroup * block.groups;
    const releases = tie.isTied ? [...block.releases].filter((day) => day >= watched.days && day < watched.days + horizon).length : 0;
    const visits = block.groups >= groupsLeast || block.releases.size > 0 ? usual : [{ visits: 0, chance: 1 }];
    const newAfter = (count: number): number =>
      kinds.reduce(
        (sum, { touch, alone }, kind) => sum + there * weights[kind]! * block.unseen[kind]! * (1 - (1 - touch) ** count * (1 - alone) ** working),
        0,
      );
    const cases = visits.flatMap(({ visits: count, chance }) => [
      { chance: chance * (releases > 0 ? tie.chance : 1), expected: newAfter(count + releases) },
      { chance: chance * (releases > 0 ? 1 - tie.chance : 0), expected: newAfter(count) },
    ]);
    const own = cases.reduce((sum, { chance, expected }) => sum + chance * expected, 0);
    mean += own;
    variance += own + cases.reduce((sum, { chance, expected }) => sum + chance * (expected - own) ** 2, 0);
  }
  return { mean, variance };
}

/** One for each application that was seen to speak beyond itself, also those that the visitor has not come to. */
function blocksFor({ client, dependencies }: Visitor, watched: Watched): readonly Block[] {
  const appOf = appsOf(watched);
  const visible = new Set(watched.dependencies.filter((one) => appOf(one.client) !== appOf(one.server)).flatMap((one) => [one.client, one.server]));
  const apps = new Map<string, { groups: number; since: number }>();
  for (const { id, since } of watched.groups) {
    if (id === client || !visible.has(id)) continue;
    const app = appOf(id);
    const known = apps.get(app) ?? { groups: 0, since: Infinity };
    apps.set(app, { groups: known.groups + 1, since: Math.min(known.since, since) });
  }
  const own = blocksOf(dependencies, appOf);
  for (const app of own.keys()) if (!apps.has(app)) apps.set(app, { groups: 1, since: 0 });
  return [...apps].map(([app, { groups, since }]) => blockOf(watched, { app, groups, since, days: (own.get(app) ?? []).map((one) => one.days) }));
}

interface BlockStart {
  readonly app: string;
  readonly groups: number;
  readonly since: number;
  readonly days: readonly (readonly number[])[];
}

function blockOf(watched: Watched, { app, groups, since, days }: BlockStart): Block {
  const onDay = new Uint32Array(watched.days);
  for (const day of days.flat()) onDay[day]! += 1;
  const least = Math.max(visitLeast, visitShare * days.length);
  const isVisit = Array.from(onDay, (count) => count >= least);
  const calendar = calendarDays(watched.origin, watched.days);
  let [visits, otherDays] = [0, 0];
  for (let day = since; day < watched.days; day += 1) {
    if (isVisit[day] === true) visits += 1;
    else if (calendar[day]!.isWorkday && watched.inSight[day]! >= 0.5) otherDays += 1;
  }
  const touched = days.map((own) => {
    const on = own.filter((day) => isVisit[day] === true).length;
    return { visits: on, alone: own.length - on };
  });
  const unseen = Float64Array.from(kinds, ({ touch, alone }) => (1 - touch) ** visits * (1 - alone) ** otherDays);
  const releases = new Set(watched.cycles.filter((cycle) => cycle.app === app).flatMap(({ dates }) => dates));
  return { app, groups, since, isVisit, releases, touched, visits, otherDays, unseen };
}

interface VisitFit {
  readonly weights: Float64Array;
  /** How many dependencies a visitor has for each group of an application. */
  readonly perGroup: number;
  /** For each block the chance that the visitor comes there at all. */
  readonly reached: readonly number[];
}

/** The shares of the kinds, by expectation and maximisation: an application has so many dependencies for each of its groups, seen or not. */
function fitted(blocks: readonly Block[]): VisitFit {
  const rows = blocks.flatMap((block) => block.touched.map((one) => Float64Array.from(kinds, (kind) => chanceOf(kind, one, block))));
  const large = blocks.filter(({ groups }) => groups >= groupsLeast);
  const share =
    large.length === 0 ? reachedFirst : Math.min(reachedMost, (large.filter(({ touched }) => touched.length > 0).length + 1) / (large.length + 1.2));
  let weights = new Float64Array(kinds.length).fill(1 / kinds.length);
  let reached: readonly number[] = blocks.map(() => 1);
  let perGroup = 1;
  for (let round = 0; round < rounds; round += 1) {
    const next = new Float64Array(kinds.length).fill(believedFirst);
    for (const row of rows) {
      const all = dot(weights, row);
      for (let kind = 0; kind < kinds.length; kind += 1) next[kind]! += (weights[kind]! * row[kind]!) / all;
    }
    const shown = blocks.map(({ unseen, groups }) => groups * (1 - dot(weights, unseen)));
    perGroup =
      rows.length /
      Math.max(
        1e-9,
        shown.reduce((sum, one, at) => sum + reached[at]! * one, 0),
      );
    for (const [at, { unseen, groups }] of blocks.entries())
      for (let kind = 0; kind < kinds.length; kind += 1) next[kind]! += reached[at]! * perGroup * groups * weights[kind]! * unseen[kind]!;
    const silent = shown.map((one) => Math.exp(-Math.min(50, perGroup * one)));
    reached = blocks.map(({ touched }, at) => (touched.length > 0 ? 1 : (share * silent[at]!) / (share * silent[at]! + 1 - share)));
    const all = next.reduce((sum, one) => sum + one, 0);
    weights = next.map((one) => one / all);
  }
  return { weights, perGroup, reached };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, one, at) => sum + one * b[at]!, 0);

function chanceOf({ touch, alone }: (typeof kinds)[number], seen: Block["touched"][number], block: Block): number {
  const onVisits = touch ** seen.visits * (1 - touch) ** (block.visits - seen.visits);
  return onVisits * alone ** seen.alone * (1 - alone) ** Math.max(0, block.otherDays - seen.alone);
}

interface Tie {
  readonly isTied: boolean;
  /** The chance that a release brings a visit. */
  readonly chance: number;
}

/** Whether the visits follow the declared releases. */
function tiedToReleases(blocks: readonly Block[], { days }: Watched): Tie {
  const count = { releases: 0, onReleases: 0, others: 0, onOthers: 0 };
  for (const { since, isVisit, releases, touched } of blocks) {
    if (touched.length === 0 && releases.size === 0) continue;
    for (let day = since; day < days; day += 1) {
      const visit = isVisit[day] === true ? 1 : 0;
      if (releases.has(day)) [count.releases, count.onReleases] = [count.releases + 1, count.onReleases + visit];
      else [count.others, count.onOthers] = [count.others + 1, count.onOthers + visit];
    }
  }
  const chance = (count.onReleases + 0.5) / (count.releases + 1);
  return { chance, isTied: count.releases >= releaseDaysLeast && chance > (releaseLift * (count.onOthers + 0.5)) / (count.others + 1) };
}

interface Future {
  readonly watched: Watched;
  readonly horizon: number;
  readonly isTied: boolean;
}

/** How many visits an application had in any stretch as long as the horizon, each stretch of each application as likely as another. */
function usualVisits(
  blocks: readonly Block[],
  { watched: { days }, horizon, isTied }: Future,
): readonly { readonly visits: number; readonly chance: number }[] {
  const counts = new Map<number, number>();
  let stretches = 0;
  for (const { since, groups, isVisit, releases } of blocks) {
    if (groups < groupsLeast && releases.size === 0) continue;
    const counted = isVisit.map((is, day) => (is && !(isTied && releases.has(day)) ? 1 : 0));
    for (let from = since; from + horizon <= days; from += 1) {
      const visits = counted.slice(from, from + horizon).reduce<number>((sum, one) => sum + one, 0);
      counts.set(visits, (counts.get(visits) ?? 0) + 1);
      stretches += 1;
    }
  }
  return stretches === 0 ? [{ visits: 0, chance: 1 }] : [...counts].map(([visits, count]) => ({ visits, chance: count / stretches }));
}
