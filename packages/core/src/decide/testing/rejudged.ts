import type { Policy, Rule } from "../../model/policy-set.ts";
import type { KnownEnd } from "../ends.ts";
import { type Judgement, judge, type Matter } from "../judgement.ts";
import type { World } from "../world.ts";
import { changedRules, type RulePlace } from "./changed-set.ts";

/** The judgement if the rules were other ones; which scope claims an end stays as it is. */
export function rejudgedWith(matter: Matter, world: World, change: (rule: Rule, place: RulePlace) => Rule | null): Judgement {
  const set = changedRules(world.set, change);
  const changed = new Map<string, Policy>(set.policies.map((policy) => [policy.name, policy]));
  const inSet = (end: KnownEnd): KnownEnd => ({ ...end, policy: end.policy === null ? null : (changed.get(end.policy.name) ?? null) });
  return judge({ ...world, set }, { ...matter, client: inSet(matter.client), server: inSet(matter.server) });
}
