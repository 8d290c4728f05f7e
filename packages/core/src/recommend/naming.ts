import { day } from "../base/instant.ts";
import type { Dependency, Side, Triple } from "./dependency.ts";
import { type Naming, openingOf } from "./opening.ts";
import { isUnplaced, type Sides } from "./sides.ts";
import { spanOf } from "./span.ts";
import { zonesToClose } from "./zones-to-close.ts";

// A rule may open six groups for each dependency that will be needed again within weeks. Measured on generated organisations (2026-11): of what was
// seen five times or more on several days 96 of 100 are, of the rest of several days 60, of what was seen within one day 35.
const openedMost = 6;
const openedByFewMost = 4;
const openedByVisitMost = 2;
const fewConnections = 5;

/** Dependencies as rules name them best. */
export interface Named {
  readonly named: readonly Dependency[];
  /** What no rule could name without many others that were not seen to do so. */
  readonly wide: readonly Dependency[];
  /** The zones that guard whoever has no policy in them, those that are to be closed with them. */
  readonly closed: ReadonlySet<string>;
}

/** Where a label is missing, all that have it are named, too, and there is no negation. Who has no zone can be named by that instead. */
export function namedBest(dependencies: readonly Dependency[], naming: Naming): Named {
  const opening = openingOf(dependencies, naming);
  const { sides } = naming;
  const closed = new Set([
    ...sides.closed,
    ...zonesToClose(dependencies, { sides, opening, costOf: (one, among) => Math.min(bestFor(one, among).opened, mostFor(one)) }),
  ]);
  function bestFor(one: Triple, among: ReadonlySet<string>): { readonly way: Triple; readonly opened: number } {
    const ways = waysToName(one, sides).map((way) => ({ way, opened: opening.openedBy(way, among) }));
    return ways.reduce((best, other) => (other.opened < best.opened ? other : best));
  }
  const [named, wide] = [new Array<Dependency>(), new Array<Dependency>()];
  for (const one of dependencies) {
    const { way, opened } = bestFor(one, closed);
    (opened > mostFor(one) ? wide : named).push({ ...one, ...way });
  }
  return { named, wide, closed };
}

/** What joins only networks and those that no zone claims stands open as long as nobody closes it: there is nothing that could be opened wider. */
function mostFor({ client, server, flows }: Dependency): number {
  if ([client, server].every((side) => side.peer.kind === "network" || isUnplaced(side))) return Infinity;
  if ((spanOf(flows) ?? day) < day) return openedByVisitMost;
  return flows.reduce((sum, { connections }) => sum + connections, 0) < fewConnections ? openedByFewMost : openedMost;
}

/** By its labels, or, as far as no zone claims it, by that. */
function waysToName({ client, server, service }: Triple, { unplacedSide }: Sides): readonly Triple[] {
  const ofSide = (side: Side): readonly Side[] => (isUnplaced(side) && unplacedSide !== null ? [side, unplacedSide] : [side]);
  return ofSide(client).flatMap((from) => ofSide(server).map((to) => ({ client: from, server: to, service })));
}
