import type { Vote } from "./evidence.ts";

/** A workload whose label is known, and the strongest vote of a kind of evidence that was not told it. */
export interface Trial {
  readonly top: Vote | undefined;
  readonly truth: string | undefined;
}

/** How probably a strongest vote is right. */
export type Trust = (vote: Vote) => number;

// Scores are compared in these steps: within one, evidence is held for equally good.
const steps = [0.3, 0.5, 0.7, 0.85, 0.95, 0.99];
const stepOf = (score: number): number => steps.filter((step) => score >= step).length;
// Two workloads' worth of doubt: with few labels known, nobody is certain. Four that are like others of the same score.
const doubt = 2;
const likeOthers = 4;

/**
 * For a vote, the share of trials in the step of its score that were right, pulled towards `worth` times the score where there were few; and of those, the
 * trials of its own value, pulled towards all of the step: some values are never told from others, whatever the score.
 */
export function trustOf(trials: readonly Trial[], worth: number): Trust {
  const right = new Map<string, number>();
  const all = new Map<string, number>();
  for (const { top, truth } of trials) {
    if (top === undefined) continue;
    const step = String(stepOf(top.score));
    for (const key of [step, `${step} ${top.value}`]) {
      all.set(key, (all.get(key) ?? 0) + 1);
      if (top.value === truth) right.set(key, (right.get(key) ?? 0) + 1);
    }
  }
  return ({ score, value }) => {
    const step = String(stepOf(score));
    const ofStep = ((right.get(step) ?? 0) + doubt * score * worth) / ((all.get(step) ?? 0) + doubt);
    const own = `${step} ${value}`;
    return ((right.get(own) ?? 0) + likeOthers * ofStep) / ((all.get(own) ?? 0) + likeOthers);
  };
}
