import type { Outcome } from "../../simulate/simulation.ts";
import type { Sums } from "../../posture/recorded.ts";
import { healthOf, ruleHealth } from "../../posture/upkeep.ts";
import { missing, type Section, words } from "../document.ts";
import { unusedFlows, untoldFlows } from "./flows.ts";
import { type Facts, useOf } from "./facts.ts";

/** Section 14: figures, each with what it is a part of and what nobody can tell. */
export function metricsSection(facts: Facts): Section {
  return {
    number: 14,
    id: "metrics",
    title: "Metrics",
    blocks: [
      words("Each figure is so many of so many; what nobody can tell stands beside it, is part of the whole, and is never counted as good."),
      {
        kind: "table",
        id: "metrics",
        title: "Figures",
        columns: ["figure", "what", "of", "all", "unknown"],
        rows: [...pairRows(facts), ...trafficRows(facts), ...invariantRows(facts), ...ruleRows(facts)],
        empty: "",
      },
      missing(
        "Verified default deny, enforcement compliance (EC)",
        "Both are counted at points that were read back, and none was.",
        "Next: `bulkhead agent run` on the hosts.",
      ),
    ],
  };
}

type Row = readonly [figure: string, what: string, of: number, all: number, unknown: number];

function pairRows({ matrix, world }: Facts): readonly Row[] {
  const count = (kinds: readonly string[]): number => matrix.filter(({ crossing }) => kinds.includes(crossing.kind)).length;
  const what = "ordered pairs of zones";
  const unknown = count(["nobody"]);
  return [
    ["macro coverage, by the text", `${what} that deny, or name what may cross`, world.hasBoundaries ? count(["denied", "named"]) : 0, matrix.length, unknown],
    ["denied", `${what} between which nothing may cross`, count(["denied"]), matrix.length, unknown],
    ["unrestricted", `${what} between which everything may cross, or no rule names what does`, count(["unrestricted", "open"]), matrix.length, unknown],
  ];
}

const outcomeWords: readonly (readonly [Outcome, string])[] = [
  ["allowed", "by a named rule"],
  ["open", "open: nobody guards it"],
  ["denied", "denied by the policy"],
];

function trafficRows({ recorded, flows }: Facts): readonly Row[] {
  if (flows.length === 0) return [];
  const rows = (what: string, sums: Sums, by: "flows" | "connections"): readonly Row[] => {
    const all = Object.values(sums).reduce((total, one) => total + one[by], 0);
    return outcomeWords.map(([outcome, words]) => [
      what,
      `${by === "flows" ? "distinct flows" : "connections"} ${words}`,
      sums[outcome][by],
      all,
      sums.unknown[by],
    ]);
  };
  return [
    ...rows("traffic compliance (TC_dist)", recorded.all, "flows"),
    ...rows("traffic compliance (TC_conn)", recorded.all, "connections"),
    ...rows("between zones", recorded.crossing, "connections").filter(([, what]) => !what.includes("open")),
  ];
}

function invariantRows(facts: Facts): readonly Row[] {
  const { invariants, recorded, flows } = facts;
  const { each } = invariants;
  const unasked = each.filter(({ state }) => state === "nobody" || state === "not-in-force").length;
  const quiet = each.filter(({ forbid }) => useOf(facts, forbid)?.connections === 0);
  // What certainly ran into one is no longer open, however often it was.
  const untold = each.filter(({ forbid }) => useOf(facts, forbid) === null && !recorded.rules.has(forbid.name));
  return [
    ["invariants (INV), by the policy", "forbids that nothing is allowed against", each.filter(({ state }) => state === "holds").length, each.length, unasked],
    ...(flows.length === 0
      ? []
      : [["invariants (INV), by traffic", "forbids that no recorded conversation ran into", quiet.length, each.length, untold.length] as const]),
  ];
}

function ruleRows(facts: Facts): readonly Row[] {
  const { set, generatedAt, permittedFlows, flows } = facts;
  const { rules, said, all } = healthOf(set, generatedAt);
  const now = permittedFlows.filter(({ notBefore }) => notBefore === null);
  const untold = untoldFlows(facts, now).length;
  const unused = [
    "unused permission (D4)",
    "permitted flows between zones that no recorded conversation used",
    unusedFlows(facts).length,
    now.length,
    untold,
  ] as const;
  return [
    ...ruleHealth.map(({ what }, at): Row => ["rule health (RH)", `opening rules with ${what}`, said[at]!, rules, 0]),
    ["rule health (RH)", "opening rules with all of these", all, rules, 0],
    ...(flows.length === 0 ? [] : [unused]),
  ];
}
