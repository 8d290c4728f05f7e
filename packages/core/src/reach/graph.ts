/** reach/ follows what a policy allows from workload to workload: who can reach whom, in how many steps, and where that could be cut. */
import { addTo } from "../base/lists.ts";
import { addBits, type Bits, eachBit, hasBit, hashOf, wordsFor } from "../decide/bits.ts";

/** Who may open whom, a row of bits for each. Equal rows are one row: segments make few different ones. */
export interface Graph {
  readonly count: number;
  readonly rows: readonly Bits[];
}

export interface GrowingGraph {
  /** Adds the row of the next one. */
  readonly add: (row: Bits) => void;
  readonly graph: () => Graph;
}

/** A graph to which rows are added one by one; the caller may use its row again. */
export function growingGraph(count: number): GrowingGraph {
  const rows: Bits[] = [];
  const known = new Map<number, Bits[]>();
  return {
    add(row) {
      const hash = hashOf(row);
      const same = known.get(hash)?.find((other) => row.every((word, index) => other[index] === word));
      const kept = same ?? row.slice();
      if (same === undefined) addTo(known, hash, kept);
      rows.push(kept);
    },
    graph: () => ({ count, rows }),
  };
}

/** The graph with every arrow turned round. */
export function reversed({ count, rows }: Graph): Graph {
  const words = wordsFor(count);
  const turned = Array.from({ length: count }, () => new Uint32Array(words));
  const block = new Uint32Array(32);
  for (let first = 0; first < count; first += 32) {
    const most = Math.min(32, count - first);
    for (let word = 0; word < words; word += 1) {
      let any = 0;
      for (let index = 0; index < 32; index += 1) any |= block[index] = index < most ? rows[first + index]![word]! : 0;
      if (any === 0) continue;
      turn(block);
      const servers = Math.min(32, count - word * 32);
      for (let index = 0; index < servers; index += 1) turned[word * 32 + index]![first >>> 5] = block[index]!;
    }
  }
  const grown = growingGraph(count);
  for (const row of turned) grown.add(row);
  return grown.graph();
}

/** Turns a square of 32 × 32 bits, by halves (H. S. Warren, Hacker's Delight, §7-3, for the lowest bit first). */
function turn(block: Uint32Array): void {
  let mask = 0x0000_ffff;
  for (let step = 16; step !== 0; step >>>= 1, mask ^= mask << step) {
    for (let index = 0; index < 32; index = (index + step + 1) & ~step) {
      const swapped = ((block[index]! >>> step) ^ block[index + step]!) & mask;
      block[index]! ^= swapped << step;
      block[index + step]! ^= swapped;
    }
  }
}

/** Only arrows that leave some of them. */
export function leaving({ count, rows }: Graph, some: Bits): Graph {
  const none = new Uint32Array(wordsFor(count));
  return { count, rows: rows.map((row, index) => (hasBit(some, index) ? row : none)) };
}

/** What some of them reach in one step, asking equal rows once. */
export function nextFrom({ count, rows }: Graph, some: Bits): Bits {
  const next = new Uint32Array(wordsFor(count));
  const asked = new Set<Bits>();
  eachBit(some, (index) => {
    const row = rows[index]!;
    if (asked.has(row)) return;
    asked.add(row);
    addBits(next, row);
  });
  return next;
}
