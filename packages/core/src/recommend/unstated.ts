import { someOf } from "../base/some-of.ts";
import type { ProposalWorkload, RuleDraft, RulePeer } from "./dependency.ts";
import { sortedOnce } from "../base/order.ts";
import { labelOf } from "./sides.ts";

/** A label that some of whom a rule names do not state: so the rule names the others with them, too. */
export interface Unstated {
  readonly key: string;
  /** Who does not state it, by id. */
  readonly workloads: readonly string[];
}

interface Known {
  readonly workloads: readonly ProposalWorkload[];
  /** The labels by which rules name workloads. */
  readonly labels: readonly string[];
}

/** Says what is missing where a rule for single sides is as wide as a segment. Conduits and common rules are meant to be wide. */
export function unstatedAmong({ workloads, labels }: Known): (rule: Pick<RuleDraft, "kind" | "from" | "to">) => readonly Unstated[] {
  // Few lack a label, and there are many rules.
  const lacking = labels
    .map((key) => ({ key, without: workloads.filter((one) => labelOf(one.labels, key) === null) }))
    .filter(({ without }) => without.length > 0);
  const unstatedBy = (peer: RulePeer): readonly Unstated[] => {
    if (peer.kind !== "labels") return [];
    const isNamed = (one: ProposalWorkload): boolean => Object.entries(peer.labels).every(([key, values]) => values.includes(labelOf(one.labels, key) ?? ""));
    return lacking.flatMap(({ key, without }) => {
      const named = Object.hasOwn(peer.labels, key) ? [] : without.filter(isNamed);
      const isWide = named.length > 0 && workloads.some((one) => labelOf(one.labels, key) !== null && isNamed(one));
      return isWide ? [{ key, workloads: named.map(({ id }) => id) }] : [];
    });
  };
  return ({ kind, from, to }) => {
    if (kind !== "allow") return [];
    const found = new Map<string, readonly string[]>();
    for (const { key, workloads: some } of [...from, ...to].flatMap(unstatedBy)) found.set(key, sortedOnce([...(found.get(key) ?? []), ...some]));
    return [...found].map(([key, some]) => ({ key, workloads: some }));
  };
}

const namesMost = 3;

/** Why a rule is wide, as its comment says it. */
export const unstatedText = ({ key, workloads }: Unstated): string =>
  `names others with ${workloads.length === 1 ? "it" : "them"}, because ${namesOf(workloads)} ${workloads.length === 1 ? "states" : "state"} no ${key}`;

/** The same of all rules, a line for each label; with what says which value it may be. */
export function unstatedLines(rules: readonly { readonly unstated: readonly Unstated[] }[]): readonly string[] {
  const all = rules.flatMap(({ unstated }) => unstated);
  return sortedOnce(all.map(({ key }) => key)).map((key) => {
    const some = all.filter((one) => one.key === key);
    const workloads = sortedOnce(some.flatMap((one) => one.workloads));
    const [rule, state, whom] = [
      some.length === 1 ? "rule is" : "rules are",
      workloads.length === 1 ? "states" : "state",
      workloads.length === 1 ? "it" : "them",
    ];
    return `${some.length} ${rule} wider than need be, because ${namesOf(workloads)} ${state} no ${key}; \`bulkhead inventory suggest\` says what it may be: label ${whom}, and propose again`;
  });
}

const namesOf = (names: readonly string[]): string => someOf(names, namesMost);
