import { addBits, type Bits, bitsAt, both, eachBit, firstInBoth, hasBit, isEmpty, takeBits, wordsFor } from "../decide/bits.ts";
import { type Graph, nextFrom } from "./graph.ts";

/** Who is reached first in one step, in two, and so on; those it began with only where a way leads back to them. */
export function stepsFrom(graph: Graph, some: Bits, through: Bits | null = null): readonly Bits[] {
  return stepsOn(graph, nextFrom(graph, some), { through });
}

/** The same from what is reached in one step, up to so many steps. */
export function stepsOn(graph: Graph, first: Bits, { through, most = Infinity }: { readonly through: Bits | null; readonly most?: number }): readonly Bits[] {
  const steps: Bits[] = [];
  const seen = new Uint32Array(wordsFor(graph.count));
  // One list for all steps: of equal rows, the first one brought everything.
  const asked = new Set<Bits>();
  for (let reached = first; steps.length < most && !isEmpty(reached);) {
    steps.push(reached);
    addBits(seen, reached);
    const next = new Uint32Array(seen.length);
    eachBit(through === null ? reached : both(reached, through), (index) => {
      const row = graph.rows[index]!;
      if (asked.has(row)) return;
      asked.add(row);
      addBits(next, row);
    });
    reached = next.map((word, index) => word & ~seen[index]!);
  }
  return steps;
}

/** A shortest way from one of some to one of others, both included; null where there is none. */
export function shortestWay(
  graph: Graph,
  { from, to, through = null, without = null }: { readonly from: Bits; readonly to: Bits; readonly through?: Bits | null; readonly without?: Bits | null },
): readonly number[] | null {
  const left = new Uint32Array(wordsFor(graph.count)).map((_, index) => ~(from[index]! | (without?.[index] ?? 0)));
  const before = new Int32Array(graph.count).fill(-1);
  const queue: number[] = [];
  eachBit(from, (index) => queue.push(index));
  const firsts = queue.length;
  for (let at = 0; at < queue.length; at += 1) {
    const one = queue[at]!;
    if (at >= firsts && through !== null && !hasBit(through, one)) continue;
    const end = firstInBoth(graph.rows[one]!, to);
    // Within some that lie on both sides, one step is a way, too.
    if (end >= 0) return wayTo(before, one, end);
    takeBits(graph.rows[one]!, left, (next) => {
      before[next] = one;
      queue.push(next);
    });
  }
  return null;
}

function wayTo(before: Int32Array, last: number, end: number): readonly number[] {
  const way = [end];
  for (let at = last; at >= 0; at = before[at]!) way.unshift(at);
  return way;
}

/** Each of these alone parts some from others: without it, no way is left. In the order of the way. */
export function chokePoints(graph: Graph, asked: { readonly from: Bits; readonly to: Bits; readonly through?: Bits | null }): readonly number[] {
  const way = shortestWay(graph, asked);
  if (way === null) return [];
  // Who is on every way is on this one, too.
  return way.slice(1, -1).filter((one) => shortestWay(graph, { ...asked, without: bitsAt(graph.count, [one]) }) === null);
}
