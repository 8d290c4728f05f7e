import { isPeer, isSelected, placeless } from "../decide/match.ts";
import { worldOf } from "../decide/world.ts";
import type { Peer, PolicySet, Rule } from "../model/policy-set.ts";
import type { Inventory, Workload } from "../model/workload.ts";
import { contestedWorkloads } from "./contested-workloads.ts";
import { imaginedWorkloads, type Side } from "./imagined-workloads.ts";

/** What of those whom a rule names is contested on one of its sides, and by whom. */
export interface ContestedSide {
  readonly isAll: boolean;
  readonly names: readonly string[];
}

/** Says how many of those whom a rule names two zones or segments claim at once: what it does for them nobody can tell. Null where nobody is. */
export function contestedRules(set: PolicySet, inventory: Inventory | null): (rule: Rule) => ContestedSide | null {
  const namesOf = (workloads: readonly Workload[]): ReadonlyMap<string, readonly string[]> =>
    new Map(contestedWorkloads(worldOf(set, { workloads, points: [], quarantined: [] })).flatMap(({ names, ids }) => ids.map((id) => [id, names])));
  const real = inventory === null ? null : namesOf(inventory.workloads);
  const sideOf = (rule: Rule, side: Side): ContestedSide | null => {
    const peers = rule[side].filter(({ kind }) => kind !== "network");
    // Without an inventory, those count whom the rule names by label; everybody is never contested.
    const isNarrow = peers.every(({ kind }) => kind === "labels" || kind === "zone");
    if (real?.size === 0 || (real === null && !isNarrow)) return null;
    const all = (inventory?.workloads ?? imaginedWorkloads(set, side, peers) ?? []).filter((one) => peers.some((peer) => isMeant(set, peer, one)));
    const found = real ?? namesOf(all);
    const contested = all.filter(({ id }) => found.has(id));
    return contested.length === 0 ? null : { isAll: contested.length === all.length, names: found.get(contested[0]!.id)! };
  };
  return (rule) => {
    const sides = (["from", "to"] as const).flatMap((side) => sideOf(rule, side) ?? []);
    return sides.find(({ isAll }) => isAll) ?? sides[0] ?? null;
  };
}

/** A zone means its members here, whoever else claims them. */
function isMeant({ zones }: PolicySet, peer: Peer, workload: Workload): boolean {
  if (peer.kind !== "zone") return isPeer(peer, placeless(workload), 0);
  return zones.some(({ name, members }) => members !== null && peer.names.includes(name) && isSelected(members, workload.labels));
}
