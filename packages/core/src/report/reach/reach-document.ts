import { instantText } from "../../base/instant.ts";
import { addedUp } from "../../decide/second-engine.ts";
import type { GroupReach, Reach } from "../../reach/reach.ts";
import type { Spread } from "../../reach/spread.ts";
import type { StepAccount } from "../../reach/step-account.ts";
import { type Block, type Cell, type Document, type Section, type Table, words } from "../document.ts";
import { barsMost, type SpreadBar, spreadSvg } from "./spread-svg.ts";
import { waysSvg } from "./ways-svg.ts";

/** Reach under one policy, with its directory. */
export interface ReachUnder {
  readonly directory: string;
  readonly reach: Reach;
}

/** What the page shows: a policy, beside it perhaps its draft. */
export interface ReachPage {
  readonly policies: readonly [ReachUnder, ...ReachUnder[]];
  readonly from: string;
  readonly to: string;
  /** Among whom: real workloads, or one of each kind. */
  readonly among: string;
}

// What a browser lays out at once; machines get all of them with --json.
const rowsMost = 400;

/** How far one breach goes, as a document. */
export function reachDocument(page: ReachPage): Document {
  const { policies, among } = page;
  const { at, basis } = policies[0].reach;
  const { verdicts, askedAgain, disagreements } = addedUp(policies.map(({ reach }) => reach.secondEngine));
  const ways = policies.flatMap(({ directory, reach }, number) =>
    reach.ways === null ? [] : [[`ways-${number}`, `Ways under ${directory}`, wayBlocks(page, { directory, reach }, number)] as const],
  );
  const blocks: readonly (readonly [id: string, title: string, blocks: readonly Block[]])[] = [
    ...ways,
    [
      "spread",
      "What falls with one workload",
      spreadBlocks(policies, { id: "groups", title: "Other workloads that fall with one of a group", of: ({ groups }) => groups }),
    ],
    [
      "entries",
      "From addresses that no workload holds",
      spreadBlocks(policies, { id: "entries", title: "Workloads that fall from addresses", of: ({ entries }) => entries }),
    ],
    ["unknown", "What could not be told", [unknownTable(policies)]],
  ];
  return {
    title: "How far one breach goes",
    front: [
      ["Policy", policies.map(({ directory }) => directory).join(", draft ")],
      ["At", instantText(at)],
      ["Counted", basis === "policy" ? "what the policy allows" : "what passes today"],
      ["Second engine", `${askedAgain.toLocaleString("en-US")} of ${verdicts.toLocaleString("en-US")} verdicts asked again, ${disagreements} disagreements`],
      ["Among", among],
    ],
    sections: blocks.map(([id, title, own], number): Section => ({ number: number + 1, id, title, blocks: own })),
  };
}

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly of: (reach: Reach) => readonly GroupReach[];
}

/** A bar for each of the farthest, and the table of all; of a draft what would be, and beside it what was. */
function spreadBlocks(policies: ReachPage["policies"], { id, title, of }: Listed): readonly Block[] {
  const [before, after] = [policies.length > 1 ? new Map(of(policies[0].reach).map((one) => [one.group, one])) : null, of(policies.at(-1)!.reach)];
  const sorted = after.toSorted((a, b) => b.any.ever - a.any.ever);
  const bars = sorted
    .slice(0, barsMost)
    .map(({ group, any, administration }): SpreadBar => ({ name: group, any, administration, before: before?.get(group)?.any ?? null }));
  const cells = ({ within, ever }: Spread): readonly Cell[] => [...within, ever];
  const table: Table = {
    kind: "table",
    id,
    title: before === null ? title : `${title}, under the draft`,
    columns: [
      "group",
      "size",
      "1 step",
      "2 steps",
      "3 steps",
      "in the end",
      "by administration: 1",
      "2",
      "3",
      "in the end ",
      ...(before === null ? [] : ["in the end, before"]),
    ],
    rows: sorted
      .slice(0, rowsMost)
      .map(({ group, workloads, any, administration }) => [
        group,
        workloads,
        ...cells(any),
        ...cells(administration),
        ...(before === null ? [] : [before.get(group)?.any.ever ?? null]),
      ]),
    empty: "There is nobody.",
  };
  const frame = before === null ? "" : "; dashed: where it ended before";
  const text = `The ${bars.length} that reach farthest. Blue: any service, strongest in one step, then two, three, in the end. Red: administration only${frame}.`;
  const rest = sorted.length > rowsMost ? [words(`The first ${rowsMost} of ${sorted.length}; \`--json\` has all.`)] : [];
  return bars.length === 0
    ? [table]
    : [
        { kind: "figure", id: `${id}-picture`, title: `${title}, drawn`, svg: spreadSvg(bars, `${title}; the table says the same`), text, table: id },
        table,
        ...rest,
      ];
}

/** The ways in one picture, every step in a table, and what would part both sides. */
function wayBlocks({ from, to }: ReachPage, { directory, reach: { ways, cut, listed } }: ReachUnder, number: number): readonly Block[] {
  const found = ways ?? [];
  if (found.length === 0) return [words(`No way from ${from} to ${to}.`)];
  const paths = found.flatMap(({ path }) => (path === null ? [] : [path]));
  const table: Table = {
    kind: "table",
    id: `steps-${number}`,
    title: `Step by step under ${directory}`,
    columns: ["step", "who to whom", "over", "administration among it", "rules"],
    rows: found
      .flatMap(({ group, path }): readonly Cell[][] => (path ?? []).map((step, at) => [`${group}, step ${at + 1} of ${path!.length}`, ...stepCells(step)]))
      .slice(0, rowsMost),
    empty: "There is none.",
    cards: { without: [] },
  };
  const svg = waysSvg({
    paths,
    isTowards: listed === "from",
    chokePoints: cut?.chokePoints ?? [],
    cut: cut?.steps?.shown ?? [],
    label: `Ways from ${from} to ${to}; the table says the same`,
  });
  const marks = cut === null ? "" : " Red and dashed: the fewest steps that part both sides. Red frame: on every way.";
  return [
    {
      kind: "figure",
      id: `ways-picture-${number}`,
      title: `Ways from ${from} to ${to} under ${directory}`,
      svg,
      text: `A shortest way of each group, as far as there is room.${marks}`,
      table: table.id,
    },
    table,
    ...(cut === null ? [] : cutBlocks(cut, { directory, number })),
  ];
}

function stepCells({ from, to, over, administration, rules, witness: { answer } }: StepAccount): readonly Cell[] {
  const why = answer.verdict === "allow" ? "open: nothing guards it" : `denied (${answer.layer}), but nothing enforces it`;
  return [
    `${from} → ${to}`,
    over.join(", "),
    administration.join(", "),
    rules.length === 0 ? why : rules.map(({ name, file, line }) => `${name} (${file}:${line})`).join(", "),
  ];
}

/** The numbers in a sentence, and everything they count in a table. */
function cutBlocks(
  { steps, rules, aloneRules, chokePoints, between }: NonNullable<Reach["cut"]>,
  { directory, number }: { readonly directory: string; readonly number: number },
): readonly Block[] {
  const rest =
    rules === null
      ? "no rule can be taken away: at least one of them rests on none"
      : `they rest on ${rules.names.length === 1 ? "1 rule" : `${rules.names.length} rules`}, and without that ${rules.isProven ? "no" : "another"} way is left (tried)`;
  const names = between.kind === "cut" ? between.names : [];
  // The one rule that is taken away is not listed twice.
  const alone = (aloneRules ?? []).filter((name) => name !== rules?.names.join());
  const few = {
    cut: `fewest in between: ${names.length}`,
    next: "nobody is in between, for a single step leads there",
    more: "more in between than are looked for",
  }[between.kind];
  const rows = (what: string, each: readonly string[]): readonly Cell[][] => each.map((which) => [what, which]);
  return [
    words(`What would part both sides. Fewest steps: ${steps?.count ?? "more than are looked for"}; ${rest}. On every way: ${chokePoints.length}; ${few}.`),
    {
      kind: "table",
      id: `cut-${number}`,
      title: `What would part both sides under ${directory}`,
      columns: ["what", "which"],
      rows: [
        ...rows(
          "step",
          (steps?.shown ?? []).map(({ from, to }) => `${from} → ${to}`),
        ),
        ...rows("rule", rules?.names ?? []),
        ...rows("rule, each alone would do", alone),
        ...rows("on every way", chokePoints),
        ...rows("in between", names),
      ].slice(0, rowsMost),
      empty: "Nothing.",
    },
  ];
}

function unknownTable(policies: ReachPage["policies"]): Table {
  return {
    kind: "table",
    id: "unknown",
    title: "Of whom nothing can be said, which is not the same as unreachable",
    columns: ["policy", "workloads claimed twice", "ranges in which only workloads are expected", "workloads with too many kinds of facts"],
    rows: policies.map(({ directory, reach: { unknown } }) => [directory, unknown.workloads, unknown.ranges, unknown.untold]),
    empty: "Everything could be told.",
  };
}
