import type { Instant } from "../base/instant.ts";
import { everyRule } from "./every-rule.ts";
import type { PolicySet } from "../model/policy-set.ts";

/** A stretch of time without a change of rules; null is open. */
export interface Stretch {
  readonly since: Instant | null;
  readonly until: Instant | null;
}

/** The instants at which a rule starts or ends, sorted, each once: between two of them an answer does not change. */
export function changesOf(set: PolicySet): readonly Instant[] {
  const borders = everyRule(set).flatMap(({ start, end }) => [start, end].filter((at) => at !== null));
  return [...new Set(borders)].sort((a, b) => a - b);
}

/** Those of the changes behind a first instant, up to a last. */
export const changesWithin = (changes: readonly Instant[], first: Instant, last: Instant): readonly Instant[] =>
  changes.slice(stretchAt(changes, first), stretchAt(changes, last));

/** The stretches between changes, the first and the last of them open. */
export const stretchesOf = (changes: readonly Instant[]): readonly Stretch[] => [null, ...changes].map((since, at) => ({ since, until: changes[at] ?? null }));

/** How many of the changes lie at or before an instant. */
export function stretchAt(changes: readonly Instant[], at: Instant): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (changes[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
