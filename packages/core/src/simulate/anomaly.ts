import type { Diagnostic } from "../base/diagnostic.ts";
import type { Instant } from "../base/instant.ts";
import type { PolicySet, Rule } from "../model/policy-set.ts";
import type { Inventory } from "../model/workload.ts";

/** What can be odd about a policy without being a mistake. */
export const anomalyTitles = {
  duplicate: "Two rules say the same",
  redundant: "Other rules say already what a rule says",
  shadowed: "Forbids shadow all that a rule allows",
  "never-counts": "A rule can never count",
  "no-way": "A rule or a conduit has nothing to go with it",
  "idle-peer": "A peer of a rule adds nothing",
  "could-be-one": "Two rules could be one",
  "too-broad": "A rule opens more than a service",
  "wide-peer": "Most of whom a rule names never used it",
  "never-used": "A rule decided nothing that was recorded",
  ended: "A rule is over",
  ending: "A rule ends within 30 days",
  "review-due": "A review is due",
  "no-owner": "Nobody owns something that needs an owner",
  "no-reason": "A rule gives no reason",
  nobody: "Something refers to nobody of the inventory",
  contested: "Two zones or two segments claim the same workloads",
  unguarded: "Some workloads of a zone are guarded, and others by nobody",
  "unused-name": "A declared name is used nowhere",
  "contradicts-test": "A rule contradicts a test",
  untold: "Whether a rule makes a difference, or is used, could not be told",
} as const satisfies Readonly<Record<string, string>>;

export type AnomalyCode = keyof typeof anomalyTitles;

/** Something odd, at its place, with the traffic that would settle it. */
export interface Anomaly extends Diagnostic {
  readonly code: AnomalyCode;
  readonly severity: "warning";
  /** What it is about, by its full name, and the others that it names. */
  readonly name: string;
  readonly others: readonly string[];
  /** A command line that lists the flows which would settle it; null where none would. */
  readonly flows: string | null;
}

/** What recorded traffic says of rules. */
export interface RuleUse {
  /** How many days were asked for, and how many of them are recorded. */
  readonly days: number;
  readonly daysRecorded: number;
  /** Declared events none of whose dates lies in the days that are recorded. */
  readonly unseenEvents: readonly string[];
  /**
   * The services that flows used under each rule, those of the most connections first: what was answered, or may have been. None of a rule that decided
   * about attempts alone; a rule that decided nothing is missing.
   */
  readonly services: ReadonlyMap<string, readonly string[]>;
  /** The groups, by these label keys, between which they ran. */
  readonly by: readonly string[];
  readonly groups: ReadonlyMap<string, Readonly<Record<"from" | "to", ReadonlySet<string>>>>;
  /** Rules of which no flow record can speak. */
  readonly blind: ReadonlySet<string>;
}

export interface AnomaliesAsked {
  readonly set: PolicySet;
  readonly at: Instant;
  readonly inventory: Inventory | null;
  /** Null where nothing is recorded. */
  readonly use: RuleUse | null;
}

interface Said {
  readonly message: string;
  readonly help: string | null;
  readonly others?: readonly string[];
}

/** An anomaly of a rule. */
export const ofRule = (code: AnomalyCode, rule: Rule, { message, help, others = [] }: Said): Anomaly => ({
  code,
  severity: "warning",
  at: rule.at,
  name: rule.name,
  message,
  help,
  others,
  flows: null,
});

/** An anomaly of what is no rule. */
export const placed = (code: AnomalyCode, said: Pick<Anomaly, "name" | "at" | "message" | "help"> & Partial<Pick<Anomaly, "others">>): Anomaly => ({
  code,
  severity: "warning",
  others: [],
  flows: null,
  ...said,
});

// What is found by meaning, by names or by the calendar no traffic could settle.
const settledByFlows: ReadonlySet<AnomalyCode> = new Set([
  "shadowed",
  "never-counts",
  "no-way",
  "contradicts-test",
  "too-broad",
  "wide-peer",
  "never-used",
  "ending",
]);

/** An anomaly with the flows that would settle it, where any would. */
export function withFlows(anomaly: Anomaly, flowsOf: (name: string) => string | null): Anomaly {
  return settledByFlows.has(anomaly.code) ? { ...anomaly, flows: flowsOf(anomaly.name) } : anomaly;
}
