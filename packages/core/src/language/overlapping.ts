import { addTo } from "../base/lists.ts";
import type { Selector } from "../model/policy-set.ts";
import { couldOverlap } from "./selector.ts";

/** Of many selectors in order, the numbers of the first few before one that a workload could match beside it. */
export type Overlapping = (number: number, most: number) => readonly number[];

/**
 * Arranges selectors by what they name, so that thousands of scopes need not be compared with each other: two overlap only
 * where they share a value under a key, or one of them lacks the key.
 */
export function overlapping(selectors: readonly Selector[]): Overlapping {
  const having = new Map<string, Map<string, number[]>>();
  selectors.forEach(({ terms }, number) => {
    for (const { key, values } of terms) {
      const known = having.get(key) ?? new Map<string, number[]>();
      for (const value of values) addTo(known, value, number);
      having.set(key, known);
    }
  });
  const lacking = new Map([...having.keys()].map((key) => [key, numbersOf(selectors, ({ terms }) => terms.every((term) => term.key !== key))]));
  return (number, most) => {
    const selector = selectors[number]!;
    const ways = selector.terms.map(({ key, values }) => [lacking.get(key)!, ...values.map((value) => having.get(key)!.get(value)!)]);
    const fewest = ways.reduce((best, way) => (sizeOf(way) < sizeOf(best) ? way : best));
    const found = fewest.flatMap((numbers) => firstOf(numbers, most, (other) => other < number && couldOverlap(selectors[other]!, selector)));
    return [...new Set(found)].sort((a, b) => a - b).slice(0, most);
  };
}

const sizeOf = (lists: readonly (readonly number[])[]): number => lists.reduce((sum, { length }) => sum + length, 0);

const numbersOf = (selectors: readonly Selector[], isOne: (selector: Selector) => boolean): readonly number[] =>
  selectors.flatMap((selector, number) => (isOne(selector) ? [number] : []));

function firstOf(numbers: readonly number[], most: number, isOne: (number: number) => boolean): readonly number[] {
  const found: number[] = [];
  for (const number of numbers) {
    if (found.length === most) break;
    if (isOne(number)) found.push(number);
  }
  return found;
}
