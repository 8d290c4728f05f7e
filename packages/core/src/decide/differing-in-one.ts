import { grouped } from "../base/lists.ts";

/** What two rules may differ in and still be said by one: who, with whom, over what. */
const ruleParts = ["from", "to", "services"] as const;
export type RulePart = (typeof ruleParts)[number];

/** The parts as a policy writes them. */
export const rulePartWords: Readonly<Record<RulePart, string>> = { from: "from", to: "to", services: "over" };

type Parts = Readonly<Record<RulePart, readonly unknown[]>>;

/** Rules that differ in one part only: one rule with all that stands there would say the same. */
export interface DifferingInOne<R> {
  readonly part: RulePart;
  /** Two or more, in the order in which they came. */
  readonly rules: readonly R[];
}

/** Which of these rules one rule each could say. `besides` gives all that must be alike beyond the three parts; null leaves a rule out. */
export function differingInOne<R extends Parts>(rules: readonly R[], besides: (rule: R) => unknown): readonly DifferingInOne<R>[] {
  return ruleParts.flatMap((part) => {
    const others = ruleParts.filter((other) => other !== part);
    const alike = grouped(
      rules.filter((rule) => besides(rule) !== null),
      (rule) => JSON.stringify([besides(rule), others.map((other) => unordered(rule[other]))]),
    );
    return [...alike.values()].flatMap((group) => (group.length > 1 ? [{ part, rules: group }] : []));
  });
}

/** A list as texts in an order that does not depend on how it was written. */
export const unordered = (list: readonly unknown[]): readonly string[] => list.map((one) => JSON.stringify(one)).sort();
