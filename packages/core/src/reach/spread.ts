import { type Bits, eachBit, hasBit } from "../decide/bits.ts";
import { addTo } from "../base/lists.ts";
import { closureOf } from "./closure.ts";
import type { Graph } from "./graph.ts";
import { stepsOn } from "./steps.ts";
import type { Whom } from "./whom.ts";

/** How many other workloads fall, if one falls, within one step, two, three, and in the end. */
export interface Spread {
  readonly within: readonly [one: number, two: number, three: number];
  readonly ever: number;
}

const stepsShown = 3;

/** The spread from one member of each place; `through` are those who can be a step between. */
export function spreadsOf(graph: Graph, { workloads }: Pick<Whom, "workloads">, through: Bits | null): readonly Spread[] {
  const closure = closureOf(graph, through);
  const weigh = weigher(workloads);
  const spreads: Spread[] = [];
  // What is reached from equal rows is equal; only oneself is not counted.
  for (const [row, places] of placesBy(graph.rows)) {
    const steps = stepsOn(graph, row, { through, most: stepsShown });
    const sums = steps.map(weigh);
    for (const place of places) {
      const self = workloads[place]! > 0 ? steps.findIndex((step) => hasBit(step, place)) : -1;
      const isReached = workloads[place]! > 0 && hasBit(closure.rows[place]!, place);
      let sum = 0;
      const within = Array.from({ length: stepsShown }, (_, step) => (sum += (sums[step] ?? 0) - (step === self ? 1 : 0)));
      spreads[place] = { within: within as unknown as Spread["within"], ever: weigh(closure.rows[place]!) - (isReached ? 1 : 0) };
    }
  }
  return spreads;
}

function placesBy(rows: readonly Bits[]): ReadonlyMap<Bits, readonly number[]> {
  const places = new Map<Bits, number[]>();
  for (const [place, row] of rows.entries()) addTo(places, row, place);
  return places;
}

/** Adds up the workloads of rows, each row once. */
function weigher(workloads: Uint32Array): (row: Bits) => number {
  const known = new WeakMap<Bits, number>();
  return (row) => {
    let sum = known.get(row);
    if (sum === undefined) {
      sum = 0;
      eachBit(row, (place) => (sum! += workloads[place]!));
      known.set(row, sum);
    }
    return sum;
  };
}

/** The farther of two. */
export function farther(one: Spread, other: Spread): Spread {
  const difference = one.ever - other.ever || one.within[0] - other.within[0] || one.within[1] - other.within[1] || one.within[2] - other.within[2];
  return difference >= 0 ? one : other;
}
