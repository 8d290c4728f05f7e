import { type Instant, midnightOf, instantOf } from "../base/instant.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { PolicySet, Register, Rule } from "../model/policy-set.ts";
import { serviceWidth } from "../simulate/anomalies-of-use.ts";
import type { Permitted } from "./permitted.ts";
import type { PermittedFlow } from "./permitted-flows.ts";

/** A value of the register as text; null where it is not written. */
export function written(register: Register, key: string): string | null {
  const value = register[key];
  return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
}

/** Who answers for each rule: its own owner, else the one of its policy. */
export function ownersIn(set: PolicySet): (rule: Rule) => string | null {
  const owners = new Map(set.policies.flatMap(({ owner, allow, exceptions }) => [...allow, ...exceptions].map((rule) => [rule, owner] as const)));
  return (rule) => written(rule.register, "owner") ?? owners.get(rule) ?? null;
}

/** When a review is due; null where none is written. */
export function reviewOf(register: Register): Instant | null {
  const text = written(register, "review");
  return text === null ? null : (midnightOf(text) ?? instantOf(text) ?? null);
}

/** What every rule should say (REQUIREMENTS §9.2, RH), and whether one says it. */
export const ruleHealth: readonly { readonly what: string; readonly isSaid: (rule: Rule, at: Instant, owner: string | null) => boolean }[] = [
  { what: "an owner", isSaid: (_, __, owner) => owner !== null },
  { what: "a purpose", isSaid: ({ register }) => written(register, "because") !== null },
  { what: "named services", isSaid: ({ services }) => serviceWidth(services) === null },
  { what: "a data class", isSaid: ({ register }) => written(register, "data-class") !== null },
  { what: "a ticket or an approver", isSaid: ({ register }) => written(register, "ticket") !== null || written(register, "approved-by") !== null },
  { what: "a review in the future", isSaid: ({ register }, at) => (reviewOf(register) ?? -Infinity) > at },
];

/** How many of the opening rules in force say each thing, and how many say all of it. */
export function healthOf(set: PolicySet, at: Instant): { readonly rules: number; readonly said: readonly number[]; readonly all: number } {
  const forbids = new Set(set.forbids);
  const ownerOf = ownersIn(set);
  const rules = everyRule(set).filter((rule) => !forbids.has(rule) && (rule.end === null || rule.end > at));
  const isSaid = (rule: Rule): readonly boolean[] => ruleHealth.map((one) => one.isSaid(rule, at, ownerOf(rule)));
  const each = rules.map(isSaid);
  return {
    rules: rules.length,
    said: ruleHealth.map((_, at) => each.filter((one) => one[at]).length),
    all: each.filter((one) => one.every((said) => said)).length,
  };
}

// REQUIREMENTS §9.1: peers that are more than a fifth of everybody.
const shareMost = 0.2;

/** Why a permitted flow is wider than a need; empty where it is not. */
export function widthsOf({ alike, world }: Permitted, { conduit, rule, clients, servers }: PermittedFlow): readonly string[] {
  const everybody = world.inventory.workloads.length;
  const of = (some: readonly number[], words: string): readonly string[] => {
    const count = some.reduce((sum, number) => sum + alike[number]!.workloads.length, 0);
    return count > everybody * shareMost ? [`${count} of ${everybody} workloads ${words}`] : [];
  };
  const isPublic = (some: readonly number[]): boolean => some.some((number) => alike[number]!.end.networks.has("internet"));
  const services = rule === null ? conduit.services : [conduit, rule].map((one) => one.services).find((one) => serviceWidth(one) === null);
  const width = serviceWidth(services ?? rule!.services);
  return [
    ...(width === null ? [] : [width]),
    ...of(clients, "may open it"),
    ...of(servers, "may be opened"),
    ...(isPublic(clients) ? ["any public address may open it"] : []),
    ...(isPublic(servers) ? ["it may open any public address"] : []),
  ];
}
