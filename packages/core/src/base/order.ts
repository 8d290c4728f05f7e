import { areEqual } from "./lists.ts";

/** Compares by Unicode code point, the order of every list that we print (MEANING §2). */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return rankOf(x) - rankOf(y);
  }
  return a.length - b.length;
}

// UTF-16 sorts surrogate pairs before U+E000–U+FFFF; code points sort them after.
const rankOf = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit);

/** Each text once, sorted by code point. */
export function sortedOnce(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort(byCodePoint);
}

/** The texts of two such lists, each once, sorted; the first list itself where the second says the same: millions of sums do. */
export const bothOnce = (a: readonly string[], b: readonly string[]): readonly string[] => (areEqual(a, b) ? a : sortedOnce([...a, ...b]));
