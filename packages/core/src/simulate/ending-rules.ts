import { day, type Instant } from "../base/instant.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { PolicySet } from "../model/policy-set.ts";
import type { Simulation } from "./simulation.ts";

/** Long enough ahead to ask an approver in time. */
export const soon = 30 * day;

/** A rule that let traffic in and does not last, with the connections that it allowed. */
export interface EndingRule {
  readonly rule: string;
  readonly end: Instant;
  readonly connections: number;
}

/** The rules that allowed something in the time that was judged, and are over 30 days behind the last that was seen; the first to end first. */
export function endingRules(set: PolicySet, { totals, rules }: Pick<Simulation, "totals" | "rules">): readonly EndingRule[] {
  const last = Object.values(totals).reduce((most, one) => Math.max(most, one?.last ?? -Infinity), -Infinity);
  const allowed = new Map(rules.flatMap(({ rule, outcome, connections }) => (outcome === "allowed" ? [[rule, connections] as const] : [])));
  return everyRule(set)
    .flatMap(({ name, end }) => {
      const connections = allowed.get(name);
      return connections === undefined || end === null || end > last + soon ? [] : [{ rule: name, end, connections }];
    })
    .sort((a, b) => a.end - b.end);
}
