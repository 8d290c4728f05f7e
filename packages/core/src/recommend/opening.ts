import { commonsFor } from "./commons.ts";
import { crossingKey, type Dependency, eachOnce, type ProposalWorkload, type Side, type Triple, tripleKey } from "./dependency.ts";
import { isCoveredBy, likelyOf } from "./likely.ts";
import type { Population } from "./population.ts";
import { hasNoPolicy, type Sides } from "./sides.ts";

/** What is there to be named, and by what. */
export interface Naming {
  readonly workloads: readonly ProposalWorkload[];
  readonly sides: Sides;
  readonly population: Population;
}

/** Who is known to use what, and what a rule would open beyond. */
export interface Opening {
  /** Whoever is in the inventory, once for each set of labels. */
  readonly all: readonly Side[];
  /** Whether somebody of the one zone was seen to use this of the other, or they are one. */
  canCross(one: Triple): boolean;
  /** Whether it was seen, or is likely. */
  isKnown(one: Triple): boolean;
  /** How many pairs of groups a rule would open beside those that are known, if these zones are closed. */
  openedBy(way: Triple, closed: ReadonlySet<string>): number;
}

export function openingOf(dependencies: readonly Dependency[], { workloads, sides, population }: Naming): Opening {
  // Asked only where somebody lacks a label: in most estates of nobody.
  const asked = lazily(() => ({
    everybodyUses: commonsFor(dependencies, population).everybodyUses,
    // What is likely is proposed anyhow.
    known: new Set([...dependencies, ...likelyOf(dependencies, population)].map(tripleKey)),
    crossings: new Set(dependencies.map(crossingKey)),
  }));
  const all = allSides(workloads, sides);
  const covered = new Map<string, readonly Side[]>();
  const coveredBy = (side: Side): readonly Side[] => {
    const those = covered.get(side.key) ?? (side.peer.kind === "network" ? [side] : all.filter((other) => isNamedBy(other, side)));
    covered.set(side.key, those);
    return those;
  };
  const canCross = (one: Triple): boolean => one.client.zone === one.server.zone || asked().crossings.has(crossingKey(one));
  const isKnown = (one: Triple): boolean => asked().known.has(tripleKey(one));
  return {
    all,
    canCross,
    isKnown,
    openedBy(way, closed) {
      const named = coveredBy(way.client);
      const servers = isByArchitects(way, closed) ? coveredBy(way.server) : [way.server];
      if (named.length <= 1 && servers.length <= 1) return 0;
      const everybody = asked().everybodyUses(way);
      const clients = named.filter(({ peer }) => peer.kind !== "labels" || !everybody.has(peer.labels["env"] ?? ""));
      const pairs = clients.flatMap((client) => servers.map((server): Triple => ({ client, server, service: way.service })));
      return pairs.filter((one) => one.client.key !== one.server.key && !isKnown(one) && canCross(one)).length;
    },
  };
}

/** What joins those without a policy is let in by a common rule as soon as one of their zones is closed, and that names whoever has the labels. */
const isByArchitects = ({ client, server }: Triple, closed: ReadonlySet<string>): boolean =>
  hasNoPolicy(server) && (closed.has(server.zone) || (hasNoPolicy(client) && closed.has(client.zone)));

/** All without labels are one. */
function allSides(workloads: readonly ProposalWorkload[], sides: Sides): readonly Side[] {
  const found = workloads.flatMap(({ id }) => {
    const end = { kind: "held", holder: id } as const;
    return sides.of(end) ?? sides.unplaced(end) ?? [];
  });
  return eachOnce(found);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

const isNamedBy = (one: Side, by: Side): boolean => (by.peer.kind === "zone" ? one.zone === by.peer.zone : one.key === by.key || isCoveredBy(one, by));
