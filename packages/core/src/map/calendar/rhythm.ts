import type { Dependency, Watched } from "../completeness/watched.ts";
import type { RuleKind } from "./calendar-rule.ts";

/** `irregular`: no rhythm that chance would not make as well. `too little to say`: seen on fewer than three days, or all of them within a week. */
export type RhythmKind = "continuous" | "daily" | RuleKind | "declared" | "irregular" | "too little to say";

/** In which rhythm a dependency shows itself. Days count as in {@link Watched}. */
export interface Rhythm {
  readonly dependency: Dependency;
  readonly kind: RhythmKind;
  /** The rule in words, or the name of the declared event; null without one. */
  readonly rule: string | null;
  /** On how many of the days that the rule names, from the first seen to the last and while somebody looked, it was seen; null without a rule. */
  readonly seen: { readonly times: number; readonly of: number } | null;
  /** The chance that days without a rhythm keep a rule so well, times the rules that were tried; null where nothing was tested. */
  readonly chance: number | null;
  /** The hours of UTC from the first to the last in which it began, where they are half a day at most. */
  readonly hours: { readonly from: number; readonly until: number } | null;
  /** The next day that the rule names. */
  readonly next: number | null;
  /** Since when it is overdue: it missed more of its days in a row than ever before, while somebody looked. */
  readonly overdue: { readonly since: number; readonly missed: number } | null;
}

// Less is no stretch of hours that says when.
const hoursMost = 12;

/** The shortest stretch of the day, over midnight if need be, in which all hours lie: the last one ends at `until`. */
export function stretchOf(hours: readonly number[]): Rhythm["hours"] {
  const gaps = hours.map((hour, at) => ({ hour, gap: ((hours[(at + 1) % hours.length]! - hour + 23) % 24) + 1, next: hours[(at + 1) % hours.length]! }));
  const widest = gaps.reduce<(typeof gaps)[number] | null>((most, one) => (most === null || one.gap > most.gap ? one : most), null);
  if (widest === null || 24 - widest.gap + 1 > hoursMost) return null;
  return { from: widest.next, until: (widest.hour + 1) % 24 };
}

/** How many hours a stretch has. */
export const lengthOf = ({ from, until }: NonNullable<Rhythm["hours"]>): number => (until - from + 24) % 24 || 24;

/** Whether anybody looked at what a dependency does for half of a day at least. */
export const wasLookedAt = ({ isObserved, sights }: Pick<Watched, "isObserved" | "sights">, { sight }: Pick<Dependency, "sight">, day: number): boolean =>
  isObserved[day] === true && (sights[sight]?.[day] ?? 1) >= 0.5;
