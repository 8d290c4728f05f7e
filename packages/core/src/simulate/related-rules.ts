import { everyRule } from "../decide/every-rule.ts";
import { couldOverlap } from "../language/selector.ts";
import type { Peer, PolicySet, Rule, Selector } from "../model/policy-set.ts";
import type { Service } from "../model/service.ts";

/** Which questions a change is about: those that one of these could match. */
export type Touched = Pick<Rule, "from" | "to" | "services">;

/** A set with only those rules and policies that could say something of a question which one of `touched` could match: of the others no answer to it depends. */
export function relatedRules(set: PolicySet, touched: readonly Touched[]): PolicySet {
  const ends = touched.flatMap(({ from, to }) => [...from, ...to]);
  // What has no member at either end guards nobody there, and its rules count for its members alone.
  const policies = set.policies.filter(({ scope }) => ends.some((peer) => doesPeerMeet(set, { kind: "labels", selector: scope }, peer)));
  return filteredRules({ ...set, policies }, (rule) => touched.some((one) => couldMeet(set, rule, one)));
}

/** A set with some of its rules. */
export function filteredRules(set: PolicySet, isKept: (rule: Rule) => boolean): PolicySet {
  return editedRules(set, (rule) => (isKept(rule) ? rule : null));
}

/** A set with every rule rewritten, or (null) taken away. */
export function editedRules(set: PolicySet, edit: (rule: Rule) => Rule | null): PolicySet {
  const each = (rules: readonly Rule[]): readonly Rule[] =>
    rules.flatMap((rule) => {
      const edited = edit(rule);
      return edited === null ? [] : [edited];
    });
  return {
    ...set,
    conduits: each(set.conduits),
    forbids: each(set.forbids),
    commons: each(set.commons),
    exceptions: each(set.exceptions),
    policies: set.policies.map((policy) => ({ ...policy, allow: each(policy.allow), exceptions: each(policy.exceptions) })),
  };
}

/** A set with one rule rewritten, or (null) taken away; everything else is the same object as before. */
export function withRule(set: PolicySet, was: Rule, is: Rule | null): PolicySet {
  const each = (rules: readonly Rule[]): readonly Rule[] => (rules.includes(was) ? rules.flatMap((rule) => (rule !== was ? rule : (is ?? []))) : rules);
  const policies = set.policies.map((policy) => {
    const [allow, exceptions] = [each(policy.allow), each(policy.exceptions)];
    return allow === policy.allow && exceptions === policy.exceptions ? policy : { ...policy, allow, exceptions };
  });
  const [conduits, forbids, commons, exceptions] = [set.conduits, set.forbids, set.commons, set.exceptions].map(each) as [Rules, Rules, Rules, Rules];
  return { ...set, conduits, forbids, commons, exceptions, policies };
}

type Rules = readonly Rule[];

/** The rules of a set by their name. */
export const rulesByName = (set: PolicySet): ReadonlyMap<string, Rule> => new Map(everyRule(set).map((rule) => [rule.name, rule]));

function couldMeet(set: PolicySet, a: Touched, b: Touched): boolean {
  return doServicesMeet(a.services, b.services) && doPeersMeet(set, a.from, b.from) && doPeersMeet(set, a.to, b.to);
}

function doServicesMeet(a: readonly Service[], b: readonly Service[]): boolean {
  return a.some((one) =>
    b.some((other) => one.protocol === null || other.protocol === null || (one.protocol === other.protocol && one.low <= other.high && other.low <= one.high)),
  );
}

const doPeersMeet = (set: PolicySet, some: readonly Peer[], others: readonly Peer[]): boolean =>
  some.some((one) => others.some((other) => doesPeerMeet(set, one, other)));

/** Whether one end could be both; yes where only an inventory could tell. */
function doesPeerMeet(set: PolicySet, one: Peer, other: Peer): boolean {
  if (one.kind === "network" || other.kind === "network") return !isOfWorkloads(one) && !isOfWorkloads(other);
  if (one.kind !== "labels") return other.kind === "labels" ? doesPeerMeet(set, other, one) : true;
  if (other.kind === "labels") return couldOverlap(one.selector, other.selector);
  return other.kind !== "zone" || other.names.some((name) => couldBeIn(set, one.selector, name));
}

const isOfWorkloads = ({ kind }: Peer): boolean => kind === "labels" || kind === "workloads" || kind === "identity";

function couldBeIn(set: PolicySet, selector: Selector, zone: string): boolean {
  const members = set.zones.find(({ name }) => name === zone)?.members ?? null;
  return zone === "unplaced" || (members !== null && couldOverlap(members, selector));
}
