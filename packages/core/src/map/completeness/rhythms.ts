import { calendarDays } from "./calendar-days.ts";
import { type Component, type Line, newborn, rhythm } from "./component.ts";
import { wasWatched } from "./declared-cycle.ts";
import type { Watched } from "./watched.ts";

/** Rates a day, from once in most of a year to more than certain; each nearly half as much again as the one before. */
export const rates: readonly number[] = Array.from({ length: 18 }, (_, at) => 0.003 * (5 / 0.003) ** (at / 17));
// A thing that comes on a day and shows itself less than daily cannot be told from one that was always rare.
const newbornRates = [0.8, 2, 5];
// A batch is skipped now and then, and runs by hand on another day once in a while.
const onTime = 0.97;
const offTime = 0.001;

const halfDay = 0.5;

/** How far ahead, and with what part of each day in sight. */
export interface Seen {
  readonly horizon: number;
  readonly sight: readonly number[];
}

/**
 * The ways in which dependencies show themselves: at any rate on all days, or on working days; once a week; once a month where the calendar
 * declares that; on the dates of declared cycles that were watched; and those that begin in the middle.
 */
export function rhythmsOf(watched: Watched, line: Line, { horizon, sight }: Seen): readonly Component[] {
  const { days, origin, isObserved, cycles } = watched;
  const all = calendarDays(origin, days + horizon);
  // Of a day on which the sensors were down for a while, only the rest could show anything.
  const share = (day: number): number => (day >= days ? 1 : isObserved[day] === true ? (sight[day] ?? 1) : 0);
  const made = (family: string, chanceOn: (day: number) => number): Component =>
    rhythm(
      family,
      all.map((_, day) => ({ whole: chanceOn(day), visible: chanceOn(day) * share(day) })),
      line,
    );
  const rated = (family: string, rateOn: (day: number) => number): Component =>
    rhythm(
      family,
      all.map((_, day) => ({ whole: chanceOf(rateOn(day)), visible: chanceOf(rateOn(day) * share(day)) })),
      line,
    );
  const on = (holds: boolean): number => (holds ? onTime : offTime);
  const dated = cycles.filter((cycle) => cycle.app === null && wasWatched(cycle, watched));
  const isMonthly = cycles.some(({ kind, dates }) => kind === "monthly" && dates.length === 0);
  const units = Array.from({ length: line.past }, () => false);
  for (const day of isObserved.keys()) if (share(day) >= halfDay) units[line.unitOf(day)] = true;
  const daysInUnit = line.past > 0 ? Math.max(1, Math.round(days / line.past)) : 1;
  return [
    ...rates.map((rate) => rated("any day", () => rate)),
    ...rates.map((rate) => rated("working days", (day) => (all[day]!.isWorkday ? rate : offTime / 5))),
    ...Array.from({ length: 7 }, (_, weekday) => made("weekly", (day) => on(all[day]!.weekday === weekday))),
    ...(isMonthly ? Array.from({ length: 31 }, (_, at) => made("monthly", (day) => on(all[day]!.dayOfMonth === at + 1))) : []),
    ...dated.map(({ name, dates }) => made(`on ${name}`, (day) => on(dates.includes(day)))),
    ...newbornRates.map((rate) => newborn(chanceOf(rate * daysInUnit), units, line)),
  ];
}

const chanceOf = (rate: number): number => -Math.expm1(-rate);
