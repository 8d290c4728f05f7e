import { byCodePoint } from "../base/order.ts";

/** Texts as numbers, in the order they come. */
export interface Numbering {
  of(text: string): number;
  /** All of them, each at its number. */
  texts(): readonly string[];
  /** The place of each number among all, as JSON texts by code point. */
  ranks(): Uint32Array;
}

/** Numbers texts, so that millions of sums can be kept by numbers and sorted by texts once. */
export function numbering(): Numbering {
  const numbers = new Map<string, number>();
  return {
    of(text: string): number {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    texts: () => [...numbers.keys()],
    ranks() {
      const sorted = [...numbers].map(([text, number]) => [JSON.stringify(text), number] as const).sort(([a], [b]) => byCodePoint(a, b));
      const ranks = new Uint32Array(sorted.length);
      for (const [rank, [, number]] of sorted.entries()) ranks[number] = rank;
      return ranks;
    },
  };
}
