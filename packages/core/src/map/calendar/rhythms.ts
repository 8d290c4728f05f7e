import { addTo } from "../../base/lists.ts";
import { appsOf, type Dependency, type Watched } from "../completeness/watched.ts";
import { ruleDays } from "./calendar-rule.ts";
import { chanceOfHits, greatestNamed } from "./chance.ts";
import { lengthOf, type Rhythm, type RhythmKind, stretchOf, wasLookedAt } from "./rhythm.ts";

/** Of the rhythms that are named, the share that chance alone makes in the long run; with no rhythm anywhere, the share of networks in which any is named. */
export const falseShare = 0.05;

// Fewer periods than three say nothing of a period.
const timesLeast = 3;
// A whole week, so that a weekend is in it.
const daysLeast = 7;
// Seen on so many of the days that the rule names, and seldom on others: jobs are skipped, run by hand once in a while, and missed by sensors that sample.
const keptLeast = 0.5;
const onRuleLeast = 0.75;
// Seen on so many of all days, it has no day of its own.
const everyDay = 0.9;
// People work on Saturdays, too, sometimes.
const onWorkdaysLeast = 0.9;
// Once a day at its hour, and later now and then; more is no job but a service.
const jobHoursMost = 4;
// More than a quarter from the last day on: the next date of every rule lies within.
const daysAhead = 100;

/** The rhythm of every dependency, in their order. */
export function rhythmsOf(watched: Watched): readonly Rhythm[] {
  const known = knownOf(watched);
  const fits = watched.dependencies.map((dependency) => fitOf(dependency, known));
  const greatest = greatestNamed(
    fits.flatMap(({ chance }) => chance ?? []),
    falseShare,
  );
  return fits.map((fit) =>
    rhythmOf(fit.chance === null || fit.chance <= (greatest ?? -1) ? fit : { ...fit, kind: "irregular", rule: null, seen: null }, known),
  );
}

/** A rule with the days on which it is expected, rising; those of a nightly one may show themselves on the day after. */
interface Rule {
  readonly kind: RhythmKind;
  readonly text: string;
  readonly days: readonly number[];
  readonly has: ReadonlySet<number>;
  /** The only application that it speaks of. */
  readonly app: string | null;
}

/** The rule that fits best, and how good; without a chance nothing was tested. */
interface Fit {
  readonly dependency: Dependency;
  readonly kind: RhythmKind;
  readonly rule: Rule | null;
  readonly seen: Rhythm["seen"];
  readonly chance: number | null;
}

interface Known {
  readonly watched: Watched;
  readonly rules: ReadonlyMap<number, readonly Rule[]>;
  readonly workdays: ReadonlySet<number>;
  readonly appOf: (group: string) => string;
}

function knownOf(watched: Watched): Known {
  const rules = rulesByDay(watched);
  const workdays = new Set([...rules].flatMap(([day, own]) => (own.some(({ kind }) => kind === "working days") ? [day] : [])));
  return { watched, rules, workdays, appOf: appsOf(watched) };
}

/** For each day, the rules that name it: of the calendar, and of what was declared. */
function rulesByDay({ origin, days, cycles }: Watched): ReadonlyMap<number, readonly Rule[]> {
  const made = (rule: Omit<Rule, "has">): Rule => ({ ...rule, has: new Set(rule.days) });
  const ruled = [...ruleDays({ from: origin - 1, until: origin + days + daysAhead }).values()];
  const rules = ruled.map((rule) => made({ ...rule, days: rule.days.map((day) => day - origin), app: null }));
  const declared = cycles.filter(({ dates }) => dates.length > 0).map(({ name, dates, app }) => made({ kind: "declared", text: name, days: dates, app }));
  const byDay = new Map<number, Rule[]>();
  for (const rule of [...rules, ...declared]) for (const day of rule.days) addTo(byDay, day, rule);
  return byDay;
}

function fitOf(dependency: Dependency, { watched, rules, workdays, appOf }: Known): Fit {
  const { days } = dependency;
  const [first, last] = [days[0]!, days.at(-1)!];
  const on = new Set(days);
  const looked: number[] = [];
  for (let day = first; day <= last; day += 1) if (on.has(day) || wasLookedAt(watched, dependency, day)) looked.push(day);
  const night = isNightly(dependency) ? 1 : 0;
  const isMeant = ({ app }: Rule): boolean => app === null || app === appOf(dependency.client) || app === appOf(dependency.server);
  const bearing = [...new Set([...(rules.get(first) ?? []), ...(night > 0 ? (rules.get(first - 1) ?? []) : [])])].filter(isMeant);
  const none = { dependency, rule: null, seen: null, chance: null };
  if (days.length < timesLeast || last - first + 1 < daysLeast) return { ...none, ...wouldFit(bearing, { on, looked, night, workdays }) };
  if (days.length >= everyDay * looked.length)
    return { ...none, kind: isJob(dependency) ? "daily" : "continuous", seen: { times: days.length, of: looked.length } };
  // What could not have been kept three times by now is not tried, whatever was seen.
  const tried = bearing.filter((rule) => rule.days.filter((day) => day + night >= first && day < watched.days).length >= timesLeast);
  let best: Fit = { ...none, kind: "irregular", chance: 1 };
  for (const rule of tried) {
    const fit = heldAgainst(rule, { on, looked, night, workdays });
    const chance = fit === null ? 1 : Math.min(1, fit.chance * tried.length);
    if (fit !== null && chance < best.chance!) best = { dependency, kind: rule.kind, rule, seen: fit.seen, chance };
  }
  return best;
}

function isJob({ hours }: Dependency): boolean {
  const stretch = stretchOf(hours);
  return stretch !== null && lengthOf(stretch) <= jobHoursMost;
}

/** What runs around midnight falls on the day of its rule or on the one after it. */
const isNightly = (dependency: Dependency): boolean => isJob(dependency) && dependency.hours.includes(23) && dependency.hours.includes(0);

/** The first rule of a week or more that was kept twice and never left; nothing follows from it yet. */
function wouldFit(tried: readonly Rule[], looked: Looked): Pick<Fit, "kind" | "rule" | "seen"> {
  for (const rule of tried) {
    if (rule.kind === "working days" || hitsOf(rule, looked) < looked.on.size) continue;
    const { dates, times } = keptOf(rule, looked);
    if (times === timesLeast - 1 && times === dates) return { kind: "too little to say", rule, seen: { times, of: dates } };
  }
  return { kind: "too little to say", rule: null, seen: null };
}

interface Looked {
  readonly on: ReadonlySet<number>;
  /** The days from the first seen until the last on which it was seen or somebody looked. */
  readonly looked: readonly number[];
  /** 1 where what happens on a date may be seen on the day after. */
  readonly night: 0 | 1;
  readonly workdays: ReadonlySet<number>;
}

/** The days seen that are a rule's own. */
const hitsOf = ({ has }: Rule, { on, night }: Looked): number => [...on].filter((day) => has.has(day) || (night > 0 && has.has(day - 1))).length;

/** The dates of a rule that could have been seen, on how many it was, and their days. */
function keptOf({ days }: Rule, { on, looked, night }: Looked): { readonly dates: number; readonly times: number; readonly chosen: ReadonlySet<number> } {
  const inSight = new Set(looked);
  const isSeen = (day: number): boolean => on.has(day) || (night > 0 && on.has(day + 1));
  const dates = days.filter((day) => inSight.has(day) || isSeen(day));
  return { dates: dates.length, times: dates.filter(isSeen).length, chosen: new Set(dates.flatMap((day) => (night > 0 ? [day, day + 1] : [day]))) };
}

/** How often a rule was kept, and the chance that the days after the first fall so; null where it was not kept well enough. */
function heldAgainst(rule: Rule, given: Looked): { readonly seen: NonNullable<Rhythm["seen"]>; readonly chance: number } | null {
  const { on, looked, workdays } = given;
  const isPeople = rule.kind === "working days";
  if (hitsOf(rule, given) < (isPeople ? onWorkdaysLeast : onRuleLeast) * on.size) return null;
  const { dates, times, chosen } = keptOf(rule, given);
  if (times < timesLeast || (!isPeople && times < keptLeast * dates)) return null;
  // The first day chose the rules that were tried; only the later ones can speak for one of them.
  const among = (population: readonly number[]): number =>
    chanceOfHits({
      all: population.length,
      chosen: population.filter((day) => chosen.has(day)).length,
      drawn: population.filter((day) => on.has(day)).length,
      hits: population.filter((day) => on.has(day) && chosen.has(day)).length,
    });
  const later = looked.slice(1);
  // Whoever works on working days only hits a Tuesday, or the last one of a month, more often than one who never rests.
  const isWorker = !isPeople && later.every((day) => !on.has(day) || workdays.has(day));
  return { seen: { times, of: dates }, chance: Math.max(among(later), isWorker ? among(later.filter((day) => workdays.has(day))) : 0) };
}

/** The rhythm with what is expected next, and what is overdue. */
function rhythmOf({ dependency, kind, rule, seen, chance }: Fit, { watched }: Known): Rhythm {
  const hours = stretchOf(dependency.hours);
  const plain = { dependency, kind, rule: rule?.text ?? null, seen, chance, hours };
  if (kind === "irregular" || kind === "too little to say") return { ...plain, next: null, overdue: null };
  const expected = rule === null ? Array.from({ length: watched.days + 1 }, (_, day) => day) : rule.days;
  const next = expected.find((day) => day >= watched.days) ?? null;
  return { ...plain, next, overdue: overdueOf(dependency, { expected, watched }) };
}

/** The last day may not be over: what is missing on it may still come. */
function overdueOf(dependency: Dependency, { expected, watched }: { readonly expected: readonly number[]; readonly watched: Watched }): Rhythm["overdue"] {
  const on = new Set(dependency.days);
  const night = isNightly(dependency) ? 1 : 0;
  const [first, last] = [dependency.days[0]!, dependency.days.at(-1)!];
  let [run, longest, since] = [0, 0, 0];
  for (const day of expected) {
    if (day < first || day + night >= watched.days - 1 || !wasLookedAt(watched, dependency, day)) continue;
    if (on.has(day) || (night > 0 && on.has(day + 1))) run = 0;
    else {
      run += 1;
      if (run === 1) since = day;
      if (day < last) longest = Math.max(longest, run);
    }
  }
  return run > longest && since > last ? { since, missed: run } : null;
}
