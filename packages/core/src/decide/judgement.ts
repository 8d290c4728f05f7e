import { sortedOnce } from "../base/order.ts";
import type { Rule } from "../model/policy-set.ts";
import type { KnownEnd } from "./ends.ts";
import { type Asked, forbids, opens } from "./match.ts";
import type { World } from "./world.ts";

/** A question between two known ends. */
export interface Matter extends Asked {
  readonly client: KnownEnd;
  readonly server: KnownEnd;
}

/** Everything that matched a question, layer by layer, before anything is concluded from it. */
export interface Judgement {
  /** Forbids that match, and `quarantine/<id>` of both ends. */
  readonly forbids: readonly string[];
  readonly isQuarantined: boolean;
  readonly zonesDiffer: boolean;
  readonly conduits: readonly string[];
  /** The architects' exceptions: they open boundary and segment. */
  readonly exceptions: readonly string[];
  readonly commons: readonly string[];
  /** Of the server's own policy; empty without one. */
  readonly server: OwnMatches;
  readonly client: OwnMatches;
}

export interface OwnMatches {
  readonly allows: readonly string[];
  readonly exceptions: readonly string[];
}

/** Matches every rule against a question. */
export function judge(world: World, matter: Matter): Judgement {
  const { set, quarantined } = world;
  const opening = (rules: readonly Rule[]) => rules.filter((rule) => opens(rule, matter)).map(({ name }) => name);
  const own = ({ policy }: KnownEnd): OwnMatches => ({ allows: opening(policy?.allow ?? []), exceptions: opening(policy?.exceptions ?? []) });
  const inQuarantine = [matter.client, matter.server].flatMap(({ workload }) =>
    workload !== null && quarantined.has(workload.id) ? [`quarantine/${workload.id}`] : [],
  );
  return {
    forbids: sortedOnce([...set.forbids.filter((rule) => forbids(rule, matter)).map(({ name }) => name), ...inQuarantine]),
    isQuarantined: inQuarantine.length > 0,
    zonesDiffer: world.hasBoundaries && matter.client.zone !== matter.server.zone,
    conduits: opening(set.conduits),
    exceptions: opening(set.exceptions),
    commons: opening(set.commons),
    server: own(matter.server),
    client: own(matter.client),
  };
}

/** Whether anything of an end's own policy matched. */
export const anyOf = ({ allows, exceptions }: OwnMatches): boolean => allows.length > 0 || exceptions.length > 0;

/** The same judgement as if no exception had been written. */
export function withoutExceptions(judgement: Judgement): Judgement {
  const plain = ({ allows }: OwnMatches): OwnMatches => ({ allows, exceptions: [] });
  return { ...judgement, exceptions: [], server: plain(judgement.server), client: plain(judgement.client) };
}
