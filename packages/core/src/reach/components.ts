import { eachBit, hasBit, takeBits, wordsFor } from "../decide/bits.ts";
import { type Graph, reversed } from "./graph.ts";

/** The strong components: those who reach each other. Numbered so that arrows between them go to higher numbers. */
export interface Components {
  readonly of: Int32Array;
  readonly members: readonly (readonly number[])[];
}

/** Kosaraju's algorithm over rows of bits: a row is only asked for those nobody has visited, so each takes its words once. */
export function componentsOf(graph: Graph): Components {
  const { count } = graph;
  const of = new Int32Array(count).fill(-1);
  const members: number[][] = [];
  const backwards = reversed(graph).rows;
  const left = everybody(count);
  const order = finished(graph);
  for (let at = count - 1; at >= 0; at -= 1) {
    const start = order[at]!;
    if (!hasBit(left, start)) continue;
    const own = [start];
    left[start >>> 5]! &= ~(1 << (start & 31));
    for (let next = 0; next < own.length; next += 1) {
      of[own[next]!] = members.length;
      takeBits(backwards[own[next]!]!, left, (one) => own.push(one));
    }
    members.push(own);
  }
  return { of, members };
}

function everybody(count: number): Uint32Array {
  const all = new Uint32Array(wordsFor(count)).fill(0xffff_ffff);
  if ((count & 31) !== 0) all[all.length - 1]! = (1 << (count & 31)) - 1;
  return all;
}

/** All of them in the order in which a search that goes deep first is done with them. */
function finished({ count, rows }: Graph): Int32Array {
  const order = new Int32Array(count);
  const left = everybody(count);
  const [stack, word] = [new Int32Array(count), new Int32Array(count)];
  let [done, depth] = [0, 0];
  const enter = (one: number): void => {
    left[one >>> 5]! &= ~(1 << (one & 31));
    stack[depth++] = one;
  };
  for (let start = 0; start < count; start += 1) {
    if (!hasBit(left, start)) continue;
    enter(start);
    while (depth > 0) {
      const top = stack[depth - 1]!;
      const row = rows[top]!;
      let at = word[top]!;
      while (at < row.length && (row[at]! & left[at]!) === 0) at += 1;
      word[top] = at;
      if (at === row.length) order[done++] = stack[--depth]!;
      else {
        const found = row[at]! & left[at]!;
        enter(at * 32 + 31 - Math.clz32(found & -found));
      }
    }
  }
  return order;
}

/** The components that one of them has arrows into, each once, in order; itself not. */
export function successorsOf({ of }: Components, row: Uint32Array, own: number): readonly number[] {
  const found = new Set<number>();
  eachBit(row, (index) => found.add(of[index]!));
  found.delete(own);
  return Int32Array.from(found).sort() as unknown as readonly number[];
}
