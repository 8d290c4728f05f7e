import fc from "fast-check";
import type { PolicySet, Rule } from "../../model/policy-set.ts";
import { arbitraryRule } from "./random-rule.ts";
import { grounded } from "./random-world.ts";

/** Where a rule stands. */
export type RulePlace = "conduits" | "forbids" | "commons" | "exceptions" | "allow" | "own-exceptions";

/** Every rule replaced by what `change` makes of it, or left out where that is null. */
export function changedRules(set: PolicySet, change: (rule: Rule, place: RulePlace) => Rule | null): PolicySet {
  const each = (rules: readonly Rule[], place: RulePlace) => rules.flatMap((rule) => change(rule, place) ?? []);
  return {
    ...set,
    conduits: each(set.conduits, "conduits"),
    forbids: each(set.forbids, "forbids"),
    commons: each(set.commons, "commons"),
    exceptions: each(set.exceptions, "exceptions"),
    policies: set.policies.map((policy) => ({ ...policy, allow: each(policy.allow, "allow"), exceptions: each(policy.exceptions, "own-exceptions") })),
  };
}

/** Every rule of a set with its place. */
export function rulesIn(set: PolicySet): readonly { readonly rule: Rule; readonly place: RulePlace }[] {
  const found: { rule: Rule; place: RulePlace }[] = [];
  changedRules(set, (rule, place) => {
    found.push({ rule, place });
    return rule;
  });
  return found;
}

/** A rule that a set does not have yet; `turn` chooses the policy that gets an `allow` or an exception of its own. */
export interface Addition {
  readonly place: RulePlace;
  readonly rule: Rule;
  readonly turn: number;
}

const ruleFor = { conduits: "conduit", forbids: "forbid", commons: "common", exceptions: "exception", allow: "allow", "own-exceptions": "exception" } as const;

const additionAt = (place: RulePlace): fc.Arbitrary<Addition> => fc.record({ place: fc.constant(place), rule: arbitraryRule(ruleFor[place]), turn: fc.nat(2) });

export const arbitraryForbidding = additionAt("forbids");
export const arbitraryOpening = fc.oneof(...(["allow", "conduits", "commons", "exceptions", "own-exceptions"] as const).map(additionAt));
export const arbitraryException = fc.oneof(additionAt("exceptions"), additionAt("own-exceptions"));

/** The set with the rule added; the same set where it has no policy that could get it. */
export function added(set: PolicySet, { place, rule, turn }: Addition): PolicySet {
  const policy = set.policies[turn % Math.max(1, set.policies.length)];
  const owner = { conduits: "conduit", forbids: "forbid", commons: "common", exceptions: "exception", allow: policy?.name, "own-exceptions": policy?.name }[
    place
  ];
  if (owner === undefined) return set;
  const more = { ...grounded(set, rule), name: `${owner}/added` };
  if (place !== "allow" && place !== "own-exceptions") return { ...set, [place]: [...set[place], more] };
  return {
    ...set,
    policies: set.policies.map((one) => {
      if (one !== policy) return one;
      return place === "allow" ? { ...one, allow: [...one.allow, more] } : { ...one, exceptions: [...one.exceptions, more] };
    }),
  };
}
