import type { Rule } from "../model/policy-set.ts";

/** A rule that nobody wrote, for a question about a policy: every service, always, whatever is known. */
export function madeRule(name: string, { from, to }: Pick<Rule, "from" | "to">): Rule {
  return {
    name,
    from,
    to,
    over: ["any"],
    services: [{ protocol: null, low: 0, high: 65_535 }],
    where: [],
    start: null,
    end: null,
    written: { from: null, until: null },
    register: {},
    at: { file: "", line: 1, column: 1, length: 1 },
  };
}
