import { hashOf } from "./bits.ts";

// 256 MiB of rows; beyond that they are dropped and made again as they are asked for.
const wordsMax = 1 << 26;

/** Rows of answers in one array; a row is known by its number until the clock's turn changes. */
export interface Rows {
  readonly add: (write: (row: Uint32Array) => void) => number;
  readonly clear: (classes: number) => void;
  readonly words: () => Uint32Array;
  readonly wordsEach: () => number;
  readonly clock: { readonly turn: number };
  readonly count: () => number;
  readonly bytes: () => number;
}

/** An empty store of rows; equal rows are one row. */
export function sharedRows(): Rows {
  let [each, used] = [0, 0];
  const clock = { turn: 0 };
  let words = new Uint32Array(1 << 12);
  let known = new Map<number, number[]>();
  const clear = (classes: number): void => {
    [each, used, known] = [((classes + 31) >>> 5) * 4, 0, new Map()];
    clock.turn += 1;
  };
  return {
    clear,
    add(write) {
      if ((used + 1) * each > wordsMax && used > 0) clear((each / 4) * 32);
      if ((used + 1) * each > words.length) {
        const wider = new Uint32Array(Math.max(words.length * 2, each));
        wider.set(words);
        words = wider;
      }
      const row = words.subarray(used * each, (used + 1) * each);
      write(row);
      const hash = hashOf(row);
      const equal = known.get(hash)?.find((other) => row.every((word, index) => words[other * each + index] === word));
      if (equal !== undefined) return equal;
      known.set(hash, [...(known.get(hash) ?? []), used]);
      return used++;
    },
    words: () => words,
    wordsEach: () => each,
    clock,
    count: () => used,
    bytes: () => words.byteLength,
  };
}
