import type { PolicySet, Rule } from "../model/policy-set.ts";

/** Every rule of a set, of whatever kind. */
export function everyRule({ forbids, conduits, exceptions, commons, policies }: PolicySet): readonly Rule[] {
  return [...forbids, ...conduits, ...exceptions, ...commons, ...policies.flatMap(({ allow, exceptions: own }) => [...allow, ...own])];
}
