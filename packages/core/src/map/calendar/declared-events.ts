import { day, type Instant } from "../../base/instant.ts";
import { type DeclaredCycle, isWatchedOn } from "../completeness/declared-cycle.ts";
import { daysMost } from "../completeness/watch.ts";
import { appsOf, type Watched } from "../completeness/watched.ts";
import { ruleDays, ruleIn } from "./calendar-rule.ts";

/** What an event may be. Calendars of files name others, too. */
export const eventKinds = [
  "patch-day",
  "month-end",
  "quarter-end",
  "year-end",
  "release",
  "fail-over-test",
  "maintenance",
  "audit",
  "weekly",
  "monthly",
  "quarterly",
  "yearly",
  "irregular",
] as const;

/** What somebody declares: dates in days of UTC since 1970-01-01, or a rule that chooses them, such as `second tuesday`. */
export interface DeclaredEvent extends DeclaredCycle {
  readonly every: string | null;
}

/** Whether a declared event was recorded. Days count as in {@link Watched}. */
export interface EventSeen extends Pick<DeclaredCycle, "name" | "kind" | "app"> {
  /** `missed`: only on dates on which no sensor was up. `not yet`: on no date of the time that was watched. `undated`: nobody can look for it. */
  readonly state: "recorded" | "missed" | "not yet" | "undated";
  readonly recorded: readonly number[];
  readonly missed: readonly number[];
  /** How many dependencies were seen on its dates and on no other day; and how many that would be of as many other days. */
  readonly only: number;
  readonly usual: number;
  readonly next: number | null;
}

/** The events as cycles with dates, those of rules a year to both sides of an instant. */
export function datedAt(events: readonly DeclaredEvent[], at: Instant): readonly DeclaredCycle[] {
  const today = Math.floor(at / day);
  const rules = events.some(({ every }) => every !== null) ? ruleDays({ from: today - daysMost, until: today + daysMost }) : new Map();
  return events.map(({ name, kind, app, dates, every }) => {
    const chosen = every === null ? [] : daysIn(every, rules);
    return { name, kind, app, dates: [...new Set([...dates, ...chosen])].sort((a, b) => a - b) };
  });
}

const daysIn = (every: string, rules: ReturnType<typeof ruleDays>): readonly number[] => rules.get(ruleIn(every)?.text ?? "")?.days ?? [];

/** Of each declared event, whether it lies within what was watched and what showed itself only then. */
export function eventsSeen(watched: Watched): readonly EventSeen[] {
  const appOf = appsOf(watched);
  const lone = watched.dependencies.filter(({ days }) => days.length === 1);
  return watched.cycles.map(({ name, kind, app, dates }) => {
    const within = dates.filter((at) => at >= 0 && at < watched.days);
    const recorded = within.filter((at) => isWatchedOn(at, watched));
    const missed = within.filter((at) => !isWatchedOn(at, watched));
    const on = new Set(recorded);
    const isOwn = (one: { readonly client: string; readonly server: string }): boolean =>
      app === null || app === appOf(one.client) || app === appOf(one.server);
    const others = watched.isObserved.filter((is, at) => is && !on.has(at)).length;
    const elsewhere = lone.filter((one) => isOwn(one) && !on.has(one.days[0]!)).length;
    return {
      name,
      kind,
      app,
      state: dates.length === 0 ? "undated" : recorded.length > 0 ? "recorded" : missed.length > 0 ? "missed" : "not yet",
      recorded,
      missed,
      only: watched.dependencies.filter((one) => isOwn(one) && one.days.every((at) => on.has(at))).length,
      usual: others === 0 ? 0 : (elsewhere * recorded.length) / others,
      next: dates.find((at) => at >= watched.days) ?? null,
    };
  });
}

/** Declared events on none of whose dates anything was recorded: nothing that was learned knows what they need. Days are days of UTC since 1970-01-01. */
export function unseenEvents(cycles: readonly DeclaredCycle[], recorded: ReadonlySet<number>): readonly DeclaredCycle[] {
  return cycles.filter(({ dates }) => dates.length > 0 && !dates.some((at) => recorded.has(at)));
}
