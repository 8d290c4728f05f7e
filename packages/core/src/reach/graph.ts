/** reach/ follows what a policy allows from workload to workload: who can reach whom, in how many steps, and where that could be cut. */
import { addTo } from "../base/lists.ts";
import { addBits, type Bits, wordsFor } from "../decide/bits.ts";

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

function hashOf(row: Bits): number {
  let hash = 0x811c_9dc5;
  for (const word of row) hash = Math.imul(hash ^ word, 0x0100_0193);
  return hash >>> 0;
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

export const hasBit = (bits: Bits, index: number): boolean => ((bits[index >>> 5]! >>> (index & 31)) & 1) !== 0;

/** Calls for each bit that is set, in order. */
export function eachBit(bits: Bits, call: (index: number) => void): void {
  for (let word = 0; word < bits.length; word += 1) for (let left = bits[word]!; left !== 0; left &= left - 1) call(word * 32 + 31 - Math.clz32(left & -left));
}

/** Calls for each bit that is set in both, and takes it from `left`; the inner loop of every search. */
export function takeBits(row: Bits, left: Bits, call: (index: number) => void): void {
  for (let word = 0; word < row.length; word += 1) {
    let found = row[word]! & left[word]!;
    if (found !== 0) left[word]! &= ~found;
    for (; found !== 0; found &= found - 1) call(word * 32 + 31 - Math.clz32(found & -found));
  }
}

/** The first bit that is set in both, or -1. */
export function firstInBoth(some: Bits, others: Bits): number {
  for (let word = 0; word < some.length; word += 1) {
    const found = some[word]! & others[word]!;
    if (found !== 0) return word * 32 + 31 - Math.clz32(found & -found);
  }
  return -1;
}

export const isEmpty = (bits: Bits): boolean => bits.every((word) => word === 0);

export const both = (some: Bits, others: Bits): Bits => some.map((word, index) => word & others[index]!);

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
