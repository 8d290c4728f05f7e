import type { Effect, Verdict } from "../model/question.ts";

/** For each server class of a row: whether it denies, whether the wire blocks, and whether nobody can tell. */
export interface Codes {
  readonly denied: Uint32Array;
  readonly blocked: Uint32Array;
  readonly unknown: Uint32Array;
  /** Neighbour discovery passes even where nobody can tell. */
  readonly isDiscovery: boolean;
}

/** What one world says: the verdict, and what happens on the wire. */
export interface Said {
  readonly verdict: Verdict;
  readonly effect: Effect;
}

/**
 * What a change rests on. With the people of before, the rules alone would do it; with the rules of before, the people alone would;
 * either would; or only both together do.
 */
export type Cause = "rules" | "population" | "either" | "together";

const verdicts = ["allow", "deny", "unknown"] as const;
const effects = ["pass", "block", "unknown"] as const;
const causes = ["rules", "population", "either", "together"] as const;

/** The answers of all worlds at one bit of a word, and what the change rests on, as a number. */
export function transitionOf(codes: readonly Codes[], word: number, bit: number): number {
  const [before, after] = [saidAt(codes[0]!, word, bit), saidAt(codes[1]!, word, bit)];
  // Most often both sides have the same people, and this is asked millions of times.
  if (codes.length === 2) return before + after * 9;
  return before + after * 9 + causeOf({ before, after, byRules: saidAt(codes[2]!, word, bit), byPopulation: saidAt(codes[3]!, word, bit) }) * 81;
}

// A number below 9: the verdict, and three times the effect.
function saidAt({ denied, blocked, unknown, isDiscovery }: Codes, word: number, bit: number): number {
  if (((unknown[word]! >>> bit) & 1) !== 0) return 2 + (isDiscovery ? 0 : 6);
  return ((denied[word]! >>> bit) & 1) + ((blocked[word]! >>> bit) & 1) * 3;
}

/** From worlds with the rules of after and the people of before, and the other way round. */
function causeOf(said: { readonly before: number; readonly after: number; readonly byRules: number; readonly byPopulation: number }): number {
  const { before, after, byRules, byPopulation } = said;
  // Where the verdict changes it counts, and otherwise the wire.
  const aspect = (one: number): number => (before % 3 !== after % 3 ? one % 3 : one);
  const [isRules, isPopulation] = [aspect(byRules) === aspect(after), aspect(byPopulation) === aspect(after)];
  if (isRules && isPopulation) return 2;
  return isRules ? 0 : isPopulation ? 1 : 3;
}

/** What the number of a transition stands for. */
export function transitionIn(transition: number): { readonly before: Said; readonly after: Said; readonly cause: Cause } {
  const said = (one: number): Said => ({ verdict: verdicts[one % 3]!, effect: effects[Math.floor(one / 3)]! });
  return { before: said(transition % 9), after: said(Math.floor(transition / 9) % 9), cause: causes[Math.floor(transition / 81)]! };
}
