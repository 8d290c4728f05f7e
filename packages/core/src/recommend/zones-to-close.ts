import { grouped } from "../base/lists.ts";
import { type Dependency, eachOnce, type Side, type Triple } from "./dependency.ts";
import type { Opening } from "./opening.ts";
import { isAdministration } from "./service-kinds.ts";
import { hasNoPolicy, type Sides } from "./sides.ts";

interface Closing {
  readonly sides: Sides;
  readonly opening: Opening;
  /** What it costs to let this in by a rule, if these zones are closed: pairs of groups that the rule opens, or what the dependency is worth. */
  readonly costOf: (one: Dependency, closed: ReadonlySet<string>) => number;
}

/**
 * Of the zones that are proposed, those in which less stands open when they are closed: whoever states no application has no policy, and between them
 * everything is open; when their zone is closed, common rules let in what was seen, and open it to others with their labels.
 */
export function zonesToClose(dependencies: readonly Dependency[], { sides, opening, costOf }: Closing): readonly string[] {
  const bare = opening.all.filter((side) => hasNoPolicy(side) && !sides.closed.has(side.zone));
  if (bare.length === 0) return [];
  const stands = standingOpen(dependencies, bare, opening);
  return [...sides.zones.values()].filter((zone) => {
    if (bare.every((side) => side.zone !== zone)) return false;
    const closed = new Set([...sides.closed, zone]);
    const isTouched = ({ client, server }: Triple): boolean => isBareIn(server, zone) || (isBareIn(client, zone) && isOpen(server));
    const price = dependencies.filter(isTouched).reduce((sum, one) => sum + costOf(one, closed), 0);
    return price < stands(zone);
  });
}

const isBareIn = (side: Side, zone: string): boolean => side.zone === zone && hasNoPolicy(side);
const isOpen = (side: Side): boolean => side.peer.kind === "network" || hasNoPolicy(side);

/** How much stands open at those of a zone that have no policy, and was not seen: pairs of groups and services, those that the server answers and those of administration. */
function standingOpen(dependencies: readonly Dependency[], bare: readonly Side[], { canCross, isKnown }: Opening): (zone: string) => number {
  const answered = grouped(dependencies, ({ server }) => server.key);
  const administration = [...new Set(dependencies.map(({ service }) => service).filter(isAdministration))];
  const networks = eachOnce(dependencies.flatMap(({ client, server }) => [client, server]).filter(({ peer }) => peer.kind === "network"));
  const ends = [...bare, ...networks];
  const servicesOf = (server: Side): readonly string[] => {
    const own = (answered.get(server.key) ?? []).map(({ service }) => service);
    return [...new Set(server.peer.kind === "network" ? own : [...own, ...administration])];
  };
  const services = new Map(ends.map((side) => [side, servicesOf(side)]));
  return (zone) => {
    let count = 0;
    for (const client of ends)
      for (const server of ends) {
        if (client === server || !(isBareIn(client, zone) || isBareIn(server, zone))) continue;
        count += services.get(server)!.filter((service) => canCross({ client, server, service }) && !isKnown({ client, server, service })).length;
      }
    return count;
  };
}
