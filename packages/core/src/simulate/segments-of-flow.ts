import { sortedOnce } from "../base/order.ts";
import type { World } from "../decide/world.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";

/** The segments, by the names of their policies, that a flow is about: those of its ends. Equal lists are one object. */
export function segmentsOfFlow(world: World): (flow: Pick<Flow, "client" | "server">) => readonly string[] {
  const lists = new Map<string, readonly string[]>();
  const listOf = (names: readonly string[]): readonly string[] => {
    const sorted = sortedOnce(names);
    const key = JSON.stringify(sorted);
    const known = lists.get(key) ?? sorted;
    lists.set(key, known);
    return known;
  };
  const none = listOf([]);
  const byHolder = new Map([...world.claims].map(([{ id }, claims]) => [id, listOf(namesIn(claims))]));
  const ofEnd = (end: FlowEnd): readonly string[] => {
    switch (end.kind) {
      case "held":
        return byHolder.get(end.holder) ?? none;
      case "contested":
        return listOf(end.holders.flatMap((holder) => byHolder.get(holder) ?? none));
      case "bare":
        return none;
    }
  };
  const both = new Map<readonly string[], Map<readonly string[], readonly string[]>>();
  return ({ client, server }) => {
    const [one, other] = [ofEnd(client), ofEnd(server)];
    if (one === other || other === none) return one;
    let ofOne = both.get(one);
    if (ofOne === undefined) both.set(one, (ofOne = new Map<readonly string[], readonly string[]>()));
    let found = ofOne.get(other);
    if (found === undefined) ofOne.set(other, (found = listOf([...one, ...other])));
    return found;
  };
}

/** A workload that two scopes claim is in neither segment for sure, and a matter of both. */
function namesIn({ policy, contested }: { readonly policy: { readonly name: string } | null; readonly contested: readonly string[] }): readonly string[] {
  const claimants = contested.flatMap((name) => (name.startsWith("policy/") ? [name.slice("policy/".length)] : []));
  if (claimants.length > 0) return claimants;
  return policy === null ? [] : [policy.name];
}
