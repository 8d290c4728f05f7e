import { calendarDays } from "./calendar-days.ts";
import type { Watched } from "./watched.ts";

/** How far the discovery of dependencies has come. */
export interface Saturation {
  /** Days on which dependencies were seen, over all of them; and how many were seen on a single day. */
  readonly seen: number;
  readonly once: number;
  /** For each day that was watched: how many were new, and how many were known at its end. */
  readonly curve: readonly { readonly day: number; readonly came: number; readonly known: number }[];
  readonly isSaturated: boolean;
  readonly note: string;
}

const quietDays = 7;
const quietShare = 0.01;

/** Good's coverage by days of presence, and whether new dependencies have become rare over a week and a month end. */
export function saturationOf({ dependencies, days, origin, isObserved }: Watched): Saturation {
  const came = new Uint32Array(days);
  for (const one of dependencies) came[one.days[0]!]! += 1;
  let known = 0;
  const curve = [...came].map((count, at) => ({ day: at, came: count, known: (known += count) }));
  const calendar = calendarDays(origin, days + 1);
  const hasMonthEnd = calendar.some((_, at) => at < days && isObserved[at] === true && calendar[at + 1]!.dayOfMonth === 1);
  const last = curve.slice(-quietDays);
  const dark = last.filter((one) => isObserved[one.day] !== true).length;
  const isQuiet = days >= quietDays && known > 0 && dark === 0 && last.every((one) => one.came < one.known * quietShare);
  const loud = last.filter((one) => one.came >= one.known * quietShare).length;
  const note = [
    isQuiet ? `below 1 % new on each of the last ${quietDays} days` : loudText({ loud, dark, days: last.length }),
    hasMonthEnd ? "a month end was watched" : "no month end was watched",
  ].join("; ");
  return {
    seen: dependencies.reduce((sum, one) => sum + one.days.length, 0),
    once: dependencies.filter((one) => one.days.length === 1).length,
    curve,
    isSaturated: isQuiet && hasMonthEnd,
    note,
  };
}

interface Last {
  readonly loud: number;
  readonly dark: number;
  readonly days: number;
}

function loudText({ loud, dark, days }: Last): string {
  if (dark > 0) return `no sensor saw anything on ${dark} of the last ${days} days`;
  if (loud > 0 && days > 1) return `1 % or more new on ${loud} of the last ${days} days`;
  return `${days} ${days === 1 ? "day was" : "days were"} watched; ${quietDays} with less than 1 % new are needed`;
}
