import { byCodePoint } from "../base/order.ts";
import type { ProposalWorkload, Side } from "./dependency.ts";
import type { Sides } from "./sides.ts";

/** A group of workloads that rules can name on its own: app and env are stated. */
export interface Group extends Side {
  readonly app: string;
  readonly env: string;
  readonly role: string | null;
  /** What its machines run, as the inventory states it; a group may be mixed. */
  readonly systems: ReadonlySet<string>;
}

/** The groups that there are, to say how many of those alike do something. */
export interface Population {
  readonly groups: readonly Group[];
  readonly segmentCount: number;
  /** Those of other applications, or of other environments of the same one. */
  apartFrom(side: Side): readonly Group[];
}

export function populationOf(workloads: readonly ProposalWorkload[], sides: Sides): Population {
  const found = new Map<string, Group & { readonly systems: Set<string> }>();
  for (const { id, attributes } of workloads) {
    const side = sides.of({ kind: "held", holder: id });
    if (side?.peer.kind !== "labels") continue;
    const { app, env, role = null } = side.peer.labels;
    if (app === undefined || env === undefined) continue;
    const known = found.get(side.key) ?? { ...side, app, env, role, systems: new Set<string>() };
    found.set(side.key, known);
    const system = attributes?.["os"];
    if (system !== undefined && system !== "") known.systems.add(system.toLowerCase());
  }
  const groups = [...found.values()].sort((a, b) => byCodePoint(a.key, b.key));
  return {
    groups,
    segmentCount: sides.segments.size,
    apartFrom: ({ key, peer }) => {
      const { app, env } = peer.kind === "labels" ? peer.labels : {};
      return groups.filter((group) => group.key !== key && !(app !== undefined && group.app === app && group.env === env));
    },
  };
}
