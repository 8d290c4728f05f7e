import { byCodePoint } from "../base/order.ts";
import { type Bits, bitsAt, eachBit, hasBit } from "../decide/bits.ts";
import type { Ways } from "./allowed.ts";
import { type Graph, reversed } from "./graph.ts";
import type { Group } from "./names.ts";
import type { Parted } from "./parted.ts";
import { type StepAccount, stepAccount, type Telling } from "./step-account.ts";
import { shortestWay, stepsFrom } from "./steps.ts";

/** How one group reaches what is asked about, or is reached from it. */
export interface Way {
  readonly group: string;
  /** How many of them are asked about. */
  readonly workloads: number;
  readonly steps: number;
  /** By services of administration only; null where there is no such way. */
  readonly administration: number | null;
  /** A shortest way; null behind the first groups. */
  readonly path: readonly StepAccount[] | null;
  /** A shortest way by services of administration only; null where there is none, behind the first groups, and where `path` is one. */
  readonly administrationPath: readonly StepAccount[] | null;
}

/** Whose groups are listed: those on the side from which it goes, or those on the side to which it goes. */
export type Listed = "from" | "to";

// Nobody reads more ways; how far the others have it is told all the same.
const pathsMost = 50;

/** The groups of one side that have a way, the nearest first. */
export function waysFound(telling: Telling, ways: Ways, { parted, listed }: { readonly parted: Parted; readonly listed: Listed }): readonly Way[] {
  const side = parted[listed];
  const [any, administration] = [ways.any, ways.administration].map((graph) => {
    const [on, start] = listed === "from" ? [reversed(graph), parted.to] : [graph, parted.from];
    return distancesIn(stepsFrom(on, start, parted.through), graph.count);
  }) as [Int32Array, Int32Array];
  const nearest = ({ places }: Group, distances: Int32Array): number =>
    Math.min(Infinity, ...places.filter((place) => hasBit(side, place) && distances[place]! > 0).map((place) => distances[place]!));
  const near = telling.names.groups
    .map((group) => ({ group, steps: nearest(group, any) }))
    .filter(({ steps }) => steps < Infinity)
    .sort((a, b) => a.steps - b.steps || Number(a.group.isAddresses) - Number(b.group.isAddresses) || byCodePoint(a.group.name, b.group.name));
  return near.map(({ group, steps }, rank): Way => {
    const own = bitsAt(
      ways.any.count,
      group.places.filter((place) => hasBit(side, place)),
    );
    const byAdministration = nearest(group, administration);
    const path = rank < pathsMost ? pathOf(telling, ways.any, { ...parted, [listed]: own }) : null;
    const isPathOne = steps === byAdministration && path?.every((step) => step.administration.length > 0) === true;
    return {
      group: group.name,
      workloads: group.workloads,
      steps,
      administration: byAdministration < Infinity ? byAdministration : null,
      path,
      administrationPath: path === null || isPathOne ? null : pathOf(telling, ways.administration, { ...parted, [listed]: own }),
    };
  });
}

/** In how many steps each place is reached; 0 for never. */
function distancesIn(steps: readonly Bits[], count: number): Int32Array {
  const distances = new Int32Array(count);
  for (const [index, step] of steps.entries()) eachBit(step, (place) => void (distances[place] = index + 1));
  return distances;
}

function pathOf(telling: Telling, graph: Graph, parted: Parted): readonly StepAccount[] | null {
  const way = shortestWay(graph, parted);
  return way?.slice(1).map((place, at) => stepAccount(telling, way[at]!, place)) ?? null;
}
