import { number } from "../../base/number.ts";
import { everyRule } from "../../decide/every-rule.ts";
import { worldOf } from "../../decide/world.ts";
import { differenceOf, type DifferenceLine } from "../../simulate/difference.ts";
import { type Cell, missing, type Section, type Table, words } from "../document.ts";
import { attributionWords, sourcesTable, windowWords } from "../scope-blocks.ts";
import { timeText } from "../time-text.ts";
import { type Facts, listed } from "./facts.ts";
import { broadFlows, idleConduits, unusedFlows } from "./flows.ts";
import { unregisteredIn } from "./traffic.ts";
import { reviewsUntil, stateOf } from "./upkeep.ts";

/** Section 1: what there is in numbers, and what somebody has to decide. */
export function summarySection(facts: Facts): Section {
  const { set, permitted, permittedFlows, matrix, invariants, recorded, flows } = facts;
  const kinds = (kind: string): number => matrix.filter(({ crossing }) => crossing.kind === kind).length;
  const rows: readonly (readonly [string, number])[] = [
    ["zones, those that are built in among them", permitted.zones.length],
    ["conduits", set.conduits.length],
    ["permitted flows between zones", permittedFlows.length],
    ["ordered pairs of zones", matrix.length],
    ["of them denied", kinds("denied")],
    ["of them with named flows only", kinds("named")],
    ["of them unrestricted", kinds("unrestricted")],
    ["of them with an end where nobody is known", kinds("nobody")],
    ["invariants", invariants.each.length],
    ["of them proven", invariants.each.filter(({ state }) => state === "holds").length],
    ...(flows.length === 0
      ? []
      : ([
          ["recorded connections", Object.values(recorded.all).reduce((sum, one) => sum + one.connections, 0)],
          ["of them between zones by a named flow", recorded.crossing.allowed.connections],
          ["of them denied by the policy", recorded.all.denied.connections],
          ["of them of which nobody can tell", recorded.all.unknown.connections],
        ] as const)),
  ];
  return {
    number: 1,
    id: "summary",
    title: "Summary",
    blocks: [
      { kind: "table", id: "counts", title: "In numbers", columns: ["what", "how many"], rows, empty: "" },
      { kind: "table", id: "decisions", title: "What somebody has to decide", columns: ["what", "section"], rows: decisionsOf(facts), empty: "Nothing." },
    ],
  };
}

function decisionsOf(facts: Facts): readonly (readonly Cell[])[] {
  const { set, world, matrix, invariants, recorded, permitted, generatedAt, isReal } = facts;
  const exceptions = [...set.exceptions, ...set.policies.flatMap((policy) => policy.exceptions)];
  const of = (count: number, [one, many]: readonly [string, string], section: number): readonly (readonly Cell[])[] =>
    count === 0 ? [] : [[`${number(count)} ${count === 1 ? one : many}`, section]];
  const unplaced =
    isReal && world.hasBoundaries ? permitted.alike.filter(({ end }) => end.zone === "unplaced").flatMap(({ workloads }) => workloads).length : 0;
  return [
    ...(world.hasBoundaries ? [] : [["the policy declares no zones", 3]]),
    ...of(invariants.each.filter(({ state }) => state === "broken").length, ["invariant is broken", "invariants are broken"], 6),
    ...of(
      [...world.claims.values()].filter(({ contested }) => contested.length > 0).length,
      ["workload is claimed by several zones or policies", "workloads are claimed by several zones or policies"],
      3,
    ),
    ...of(unplaced, ["workload is in no zone", "workloads are in no zone"], 3),
    ...of(set.zones.filter(({ register }) => register["owner"] === undefined).length, ["zone has no owner", "zones have no owner"], 3),
    ...of(matrix.filter(({ crossing }) => crossing.kind === "unrestricted").length, ["pair of zones is unrestricted", "pairs of zones are unrestricted"], 4),
    ...of(recorded.denied.length, ["kind of recorded traffic would be denied", "kinds of recorded traffic would be denied"], 8),
    ...of(unregisteredIn(facts).length, ["service crossed zones without a conduit", "services crossed zones without a conduit"], 9),
    ...of(unusedFlows(facts).length, ["permitted flow between zones was never used", "permitted flows between zones were never used"], 10),
    ...of(idleConduits(facts).length, ["conduit lets nothing across", "conduits let nothing across"], 10),
    ...of(broadFlows(facts).length, ["permitted flow is broad", "permitted flows are broad"], 11),
    ...of(exceptions.filter((rule) => stateOf(rule, generatedAt) === "ending").length, ["exception is ending", "exceptions are ending"], 12),
    ...of(
      exceptions.filter((rule) => stateOf(rule, generatedAt) === "over").length,
      ["exception is over and still written", "exceptions are over and still written"],
      12,
    ),
    ...of(reviewsUntil(facts, generatedAt).length, ["review is overdue", "reviews are overdue"], 13),
  ];
}

/** Section 2: what this rests on. */
export function scopeSection(facts: Facts): Section {
  const { policy, set, permitted, secondEngine, inventory, isReal, generatedAt } = facts;
  const places = everyRule(set).map(({ at }) => at.file);
  const people = isReal
    ? `${number(inventory.workloads.length)} workloads of the inventory`
    : `${number(inventory.workloads.length)} kinds of workloads that the policy tells apart, because no inventory was named`;
  const { askedAgain, verdicts, disagreements, sample } = secondEngine;
  const chosen = sample === null ? "" : ` (${sample.how}; seed ${sample.seed})`;
  return {
    number: 2,
    id: "scope",
    title: "Scope and method",
    blocks: [
      words(
        `The policy is asked as of ${timeText(generatedAt)!}, among ${people}. Nothing about it is sampled: ${number(permitted.alike.length)} kinds of ends that it can tell apart are asked about each other over ${number(permitted.space.count)} kinds of services.`,
      ),
      words(
        `Second engine: ${number(askedAgain)} of ${number(verdicts)} verdicts were asked again of \`decide\`${chosen}, which reads every question by itself; ${number(disagreements)} ${disagreements === 1 ? "disagreement" : "disagreements"}.${disagreements === 0 ? "" : " This is a fault of ours, and no verdict in this report can be trusted."}`,
      ),
      {
        kind: "table",
        id: "policy-files",
        title: "Files of the policy",
        columns: ["file", "rules", "SHA-256"],
        rows: policy.files.map(({ path, digest }) => [path, places.filter((file) => file === path).length, digest]),
        empty: "",
      },
      windowWords(facts),
      attributionWords,
      sourcesTable(facts),
    ],
  };
}

/** Section 15: what changed since another revision, by its meaning. */
export function changesSection({ before, world, set, generatedAt, inventory }: Facts): Section {
  if (before === null)
    return {
      number: 15,
      id: "changes",
      title: "Change log",
      blocks: [missing("Changes since the last version", "No earlier revision was named.", "Next: `--since-policy DIR` with the policy as it was.")],
    };
  const { lines, untold } = differenceOf({ before: worldOf(before.set, inventory), after: world, from: generatedAt });
  return {
    number: 15,
    id: "changes",
    title: "Change log",
    blocks: [
      words(`Compared with the revision ${before.version.slice(0, 12)}, by what both mean, not by their text.`),
      ...untold.map((text) => words(`Nothing is said of ${text}.`)),
      {
        kind: "table",
        id: "changes",
        title: "Access that changed",
        columns: ["change", "from", "to", "over"],
        rows: lines.map(({ change, from, to, over }) => [changes[change], listed(from.parts), listed(to.parts), listed(over)]),
        empty: "Nothing that matters to access.",
      },
      rulesChanged(everyRule(before.set), everyRule(set)),
    ],
  };
}

const changes: Readonly<Record<DifferenceLine["change"], string>> = {
  gained: "gained",
  lost: "lost",
  unclear: "denied and unknown changed places",
  wire: "only what points do",
};

function rulesChanged(before: ReturnType<typeof everyRule>, after: ReturnType<typeof everyRule>): Table {
  // Where it is written makes no difference.
  const textOf = (rule: (typeof after)[number]): string => JSON.stringify({ ...rule, at: null });
  const [was, is] = [before, after].map((rules) => new Map(rules.map((rule) => [rule.name, rule] as const)));
  const approval = ({ register }: (typeof after)[number]): string | null =>
    [register["approved-by"], register["ticket"]].flatMap((one) => one ?? []).join(", ") || null;
  return {
    kind: "table",
    id: "rules-changed",
    title: "Rules that changed, with their approvals",
    columns: ["rule", "change", "approved by, ticket"],
    rows: [
      ...after.filter(({ name }) => !was!.has(name)).map((rule) => [rule.name, "new", approval(rule)]),
      ...after.filter((rule) => was!.has(rule.name) && textOf(was!.get(rule.name)!) !== textOf(rule)).map((rule) => [rule.name, "rewritten", approval(rule)]),
      ...before.filter(({ name }) => !is!.has(name)).map((rule) => [rule.name, "taken away", null]),
    ],
    empty: "None.",
  };
}

// REQUIREMENTS §10.2; SP 800-53 r5, PCI DSS 4.0.1, NIS2 implementing regulation 2024/2690, NSA and DoD network pillar.
const crossWalk: readonly (readonly [string, string, string])[] = [
  ["SP 800-53 SC-7, SC-7(5), SC-7(21)", "Boundary protection, deny by default, isolation", "3, 4, 5"],
  ["SP 800-53 SC-7(3), SC-7(4), SC-7(22)", "Access points, external services, separate networks", "4, 5, 11"],
  ["SP 800-53 AC-4", "Information flow enforcement", "4, 5, 6"],
  ["SP 800-53 CM-3, CM-7", "Configuration change control, least functionality", "10, 11, 13, 15"],
  ["SP 800-53 CA-9", "Connections inside the system", "5, 9"],
  ["PCI DSS 1.2.x, 1.3.x", "Rule sets and their review, restricted traffic", "5, 10, 12, 13"],
  ["NIS2 implementing regulation 6.8", "Network segmentation", "3, 4"],
  ["NSA, network pillar: macrosegmentation, intermediate", "Zones, and what may cross them", "3, 4, 5"],
  ["DoD zero trust 5.3.1, 5.3.2", "Macrosegmentation", "3, 4, 5, 6"],
];

/** Section 16: for which controls this is evidence. */
export const crossWalkSection: Section = {
  number: 16,
  id: "cross-walk",
  title: "Cross-walk",
  blocks: [
    {
      kind: "table",
      id: "cross-walk",
      title: "Controls, and the sections that speak to them",
      columns: ["control", "what", "sections"],
      rows: crossWalk,
      empty: "",
    },
    missing("OSCAL observations and findings", "They rest on the proof of enforcement of section 7.", "Next: enforce one segment, and make this report again."),
  ],
};
