import type { Instant } from "../base/instant.ts";
import type { Demand, Rule } from "../model/policy-set.ts";
import type { Facts } from "../model/question.ts";
import type { EndClass } from "./end-class.ts";
import { isInForce, isMet, placeless } from "./match.ts";

/** Which rules are in force at an instant, and which demands the facts of a question meet. */
export interface Active {
  /** Equal for instants between the same changes, and facts that meet the same demands. */
  readonly key: string;
  readonly isInForce: (rule: number) => boolean;
  readonly isOpen: (rule: Rule, isForbid: boolean, client: EndClass) => boolean;
}

/** The rules that count at an instant, with what is known of the facts. */
export function activeAt(rules: readonly Rule[], at: Instant, facts: Facts): Active {
  const inForce = Uint8Array.from(rules, (rule) => (isInForce(rule, at) ? 1 : 0));
  // The tier of the client belongs to its class; everything else to the question.
  const answers = new Map<Demand, ReturnType<typeof isMet>>();
  for (const demand of rules.flatMap(({ where }) => where)) if (demand.kind !== "tier") answers.set(demand, isMet(demand, { client: placeless(null), facts }));
  const answerTo = (demand: Demand, client: EndClass): ReturnType<typeof isMet> =>
    demand.kind === "tier" ? (client.tier >= demand.least ? "met" : "not-met") : answers.get(demand)!;
  return {
    key: `${inForce.join("")} ${[...answers.values()].map((answer) => answer[0]).join("")}`,
    isInForce: (rule) => inForce[rule] === 1,
    isOpen: ({ where }, isForbid, client) => where.every((demand) => (isForbid ? answerTo(demand, client) !== "not-met" : answerTo(demand, client) === "met")),
  };
}
