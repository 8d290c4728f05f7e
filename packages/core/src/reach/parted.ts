import { addBits, type Bits, both, hasBit, wordsFor } from "../decide/bits.ts";
import { type Graph, reversed } from "./graph.ts";
import { stepsFrom } from "./steps.ts";

/** What is to be parted, nobody being on both sides, and who may be a step between (null: everybody). */
export interface Parted {
  readonly from: Bits;
  readonly to: Bits;
  readonly through: Bits | null;
}

/** What parts some from others with as little as possible; or nothing of at most so many does. */
export type Cut<One> = { readonly kind: "cut"; readonly by: readonly One[] } | { readonly kind: "more"; readonly most: number };

// Each costs a search of the graph; and nobody goes through a longer list.
export const cutMost = 2000;

/** Some, and all whom they reach. */
export function reachedFrom(graph: Graph, some: Bits): Bits {
  const reached = some.slice();
  for (const step of stepsFrom(graph, some)) addBits(reached, step);
  return reached;
}

/** Only the steps that lie on a way from some to others. */
export function onTheWay(graph: Graph, { from, to, through }: Parted): Graph {
  const { count } = graph;
  const none = new Uint32Array(wordsFor(count));
  const between = none.map((_, index) => (through?.[index] ?? 0xffff_ffff) & ~(from[index]! | to[index]!));
  const [starts, ends] = [from, to].map((side) => between.map((word, index) => word | side[index]!)) as [Bits, Bits];
  const inner: Graph = { count, rows: graph.rows.map((row, index) => (hasBit(starts, index) ? both(row, ends) : none)) };
  const met = reachedFrom(inner, from);
  const meeting = reachedFrom(reversed(inner), to);
  return { count, rows: inner.rows.map((row, index) => (hasBit(met, index) ? both(row, meeting) : none)) };
}
