import { type Bits, eachBit, hasBit } from "../decide/bits.ts";
import { type Graph, reversed } from "./graph.ts";
import { type Cut, cutMost, onTheWay, type Parted, reachedFrom } from "./parted.ts";
import { shortestWay } from "./steps.ts";

/** A step from one to another. */
export type Step = readonly [from: number, to: number];

/**
 * The fewest steps without which no way is left: as many as there are ways that share none (Menger's theorem; Ford and Fulkerson's search).
 * Of equally few, those nearest to where ways end, for that is what is protected.
 */
export function fewestSteps(graph: Graph, parted: Parted): Cut<Step> {
  // Searched against the arrows, the cut that is met first is the nearest to where ways end.
  const backwards = reversed(onTheWay(graph, parted));
  // What is left to go: an arrow that no way uses, or back along one that a way uses.
  const left: Graph = { count: graph.count, rows: backwards.rows.map((row) => row.slice()) };
  const used = new Set<number>();
  const numberOf = ([one, other]: Step): number => one * graph.count + other;
  for (let ways = 0; ways <= cutMost; ways += 1) {
    const way = shortestWay(left, { from: parted.to, to: parted.from });
    if (way === null) return { kind: "cut", by: across(backwards, reachedFrom(left, parted.to)) };
    for (let at = 1; at < way.length; at += 1) {
      const step: Step = [way[at - 1]!, way[at]!];
      const back: Step = [step[1], step[0]];
      const isGivenBack = used.delete(numberOf(back));
      if (!isGivenBack) used.add(numberOf(step));
      put(left, step, isGivenBack && hasBit(backwards.rows[step[0]]!, step[1]));
      put(left, back, true);
    }
  }
  return { kind: "more", most: cutMost };
}

function put({ rows }: Graph, [one, other]: Step, isSet: boolean): void {
  const row: Bits = rows[one]!;
  const bit = 1 << (other & 31);
  row[other >>> 5] = isSet ? row[other >>> 5]! | bit : row[other >>> 5]! & ~bit;
}

/** The steps, in their own direction, that lead from outside into what was reached against the arrows. */
function across(backwards: Graph, reached: Bits): readonly Step[] {
  const steps: Step[] = [];
  eachBit(reached, (server) => eachBit(backwards.rows[server]!, (client) => void (hasBit(reached, client) || steps.push([client, server]))));
  return steps;
}
