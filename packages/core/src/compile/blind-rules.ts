import type { Diagnostic } from "../base/diagnostic.ts";
import type { KnownEnd } from "../decide/ends.ts";
import { demandsFacts, isPeer } from "../decide/match.ts";
import type { World } from "../decide/world.ts";
import type { Rule } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";

/** Rules that concern a host and demand what its kernel cannot see: an allow does not open there, a forbid blocks its whole service. */
export function blindRules(world: World, workload: Workload, own: readonly KnownEnd[]): readonly Diagnostic[] {
  const { set } = world;
  const concerns = (rule: Rule, tierLeast: number): boolean => own.some((end) => [...rule.from, ...rule.to].some((peer) => isPeer(peer, end, tierLeast)));
  const opening = [...set.conduits, ...set.exceptions, ...set.commons, ...set.policies.flatMap(({ allow, exceptions }) => [...allow, ...exceptions])];
  const why = `the kernel of \`${workload.id}\` sees addresses and ports, and not what \`where\` demands`;
  const told = (rule: Rule, message: string): Diagnostic => ({
    code: "blind-point",
    severity: "warning",
    at: rule.at,
    message,
    help: "a proxy or an inspecting firewall could see it; until then take the demand out of the rule, or accept this",
  });
  return [
    ...opening.filter((rule) => demandsFacts(rule) && concerns(rule, 2)).map((rule) => told(rule, `\`${rule.name}\` opens nothing there: ${why}`)),
    ...set.forbids
      .filter((rule) => demandsFacts(rule) && concerns(rule, 0))
      .map((rule) => told(rule, `\`${rule.name}\` blocks its whole service there: ${why}`)),
  ];
}
