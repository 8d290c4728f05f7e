import { ipKey, ipOf } from "../base/ip.ts";
import type { PolicySet, Rule } from "../model/policy-set.ts";
import type { Answer, Question } from "../model/question.ts";
import type { Inventory } from "../model/workload.ts";
import { decide } from "./decide.ts";
import { worldOf } from "./world.ts";

/** A question together with everything that its answer depends on, small enough to be asked again with a change. */
export interface Case {
  readonly set: PolicySet;
  readonly inventory: Inventory;
  readonly question: Question;
}

/** The answer to a case. */
export const answerTo = ({ set, inventory, question }: Case): Answer => decide(worldOf(set, inventory), question);

/** The same case with no other workloads than a question names or that ever held its addresses: it costs the same in any inventory. */
export function concerned(one: Case): Case {
  const { from, to } = one.question;
  const keys = new Set([from, to].map(ipOf).flatMap((ip) => (ip === undefined ? [] : [ipKey(ip)])));
  const workloads = one.inventory.workloads.filter(({ id, leases }) => id === from || id === to || leases.some(({ ip }) => keys.has(ipKey(ip))));
  return { ...one, inventory: { ...one.inventory, workloads } };
}

/** The same case with one rule, by its full name, rewritten or (null) taken away. */
export function withRule(one: Case, name: string, rewrite: (rule: Rule) => Rule | null): Case {
  const edited = (rules: readonly Rule[]): readonly Rule[] =>
    rules.flatMap((rule) => {
      if (rule.name !== name) return [rule];
      const written = rewrite(rule);
      return written === null ? [] : [written];
    });
  const { set } = one;
  return {
    ...one,
    set: {
      ...set,
      conduits: edited(set.conduits),
      forbids: edited(set.forbids),
      commons: edited(set.commons),
      exceptions: edited(set.exceptions),
      policies: set.policies.map((policy) => ({ ...policy, allow: edited(policy.allow), exceptions: edited(policy.exceptions) })),
    },
  };
}

/** The same case without some rules and quarantines, as answers name them. */
export function withoutNames(one: Case, names: readonly string[]): Case {
  const { inventory } = one;
  const quarantined = inventory.quarantined.filter((id) => !names.includes(`quarantine/${id}`));
  return names.reduce<Case>((without, name) => withRule(without, name, () => null), { ...one, inventory: { ...inventory, quarantined } });
}

/** Every rule that can open, of architects and owners alike. */
export const openingRules = ({ conduits, commons, exceptions, policies }: PolicySet): readonly Rule[] => [
  ...conduits,
  ...commons,
  ...exceptions,
  ...policies.flatMap((policy) => [...policy.allow, ...policy.exceptions]),
];
