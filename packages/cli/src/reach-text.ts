import { columns } from "@bulkhead/core/base/columns";
import { number } from "@bulkhead/core/base/number";
import { addedUp } from "@bulkhead/core/decide/second-engine";
import { instantText } from "@bulkhead/core/base/instant";
import type { Basis } from "@bulkhead/core/reach/allowed";
import type { CutAccount } from "@bulkhead/core/reach/cut-account";
import type { GroupReach, Reach } from "@bulkhead/core/reach/reach";
import type { Spread } from "@bulkhead/core/reach/spread";
import type { StepAccount } from "@bulkhead/core/reach/step-account";
import type { Way } from "@bulkhead/core/reach/ways";
import type { ReachUnder } from "@bulkhead/core/report/reach/reach-document";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";
import type { People } from "./difference-inputs.ts";
import { conditionsText } from "./difference-report.ts";
import type { ReachLine } from "./reach-print.ts";
import { secondEngineText } from "./second-engine-text.ts";

const shownMost = 25;
const partsMost = 6;

interface Around {
  readonly people: People;
  readonly line: ReachLine;
}

/** Reach for people: how far it goes in numbers, then the ways that were asked about and what would cut them, then what nobody can tell. */
export function reachText(each: readonly ReachUnder[], around: Around): string {
  const [{ reach }] = each as readonly [ReachUnder, ...ReachUnder[]];
  const parts = [
    headOf(each, around),
    ...(reach.ways === null
      ? [
          tableOf("If one workload falls, how many others fall within 1, 2, 3 steps, and in the end", each, ({ groups }) => groups),
          tableOf("From addresses that no workload holds", each, ({ entries }) => entries),
        ]
      : each.flatMap((under) => [waysOf(under, around, each.length > 1), cutOf(under)])),
    unknownOf(each),
    secondEngineText(addedUp(each.map(({ reach: { secondEngine } }) => secondEngine))),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const basisTexts: Readonly<Record<Basis, string>> = {
  policy: "by what the policy allows, as if all of it were enforced",
  wire: "by what passes today, with the stages and live points",
};

function headOf(each: readonly ReachUnder[], around: Around): string {
  const { reach } = each[0]!;
  return [
    `reach at ${instantText(reach.at)}, ${basisTexts[reach.basis]}; ${amongText(reach, around)}`,
    ...each.flatMap((under) => pairsOf(printable(under.directory), under.reach)),
  ].join("\n");
}

/** Among whom it was looked. */
export function amongText({ workloads, classes }: Reach, { people, line }: Around): string {
  const among = people.isReal ? counted(workloads, "workload") : `one workload of each of ${counted(workloads, "kind")} that this policy tells apart`;
  const addresses =
    line.throughAddresses === true
      ? "addresses that nobody holds are steps between, too"
      : "addresses that nobody holds begin and end ways, and are no steps between";
  return `${among}, ${counted(classes, "class", "classes")} with the addresses; ${addresses}`;
}

/** Both sides as they were typed. */
export const sidesText = ({ from, to }: ReachLine): { readonly from: string; readonly to: string } => ({
  from: from ?? "anyone else",
  to: to ?? "any other workload",
});

/** Pairs of workloads in numbers, by what is allowed and by what passes. */
function pairsOf(directory: string, { pairs }: Reach): readonly string[] {
  const line = (title: string, { direct, administration, ever }: Reach["pairs"][Basis]): string =>
    `  ${title}  ${number(direct)} / ${number(pairs.all)} pairs of workloads, ${number(administration)} by services of administration; ${number(ever)} in any number of steps`;
  const isOpen = pairs.all > 0 && pairs.wire.direct === pairs.all;
  return [directory, line("allowed", pairs.policy), `${line("passing", pairs.wire)}${isOpen ? ": nothing is blocked" : ""}`];
}

const distances = ["1", "2", "3", "end"];

/** A row for each group, the farthest reaching first; where there is a draft, what changes is `before→after`. */
function tableOf(title: string, each: readonly ReachUnder[], groupsOf: (reach: Reach) => readonly GroupReach[]): string {
  const all = each.map(({ reach }) => new Map(groupsOf(reach).map((one) => [one.group, one])));
  const groups = [...new Set(all.flatMap((one) => [...one.keys()]))];
  if (groups.length === 0) return "";
  const farthest = (group: string): number => Math.max(...all.map((one) => one.get(group)?.any.ever ?? 0));
  const sorted = groups.map((group) => ({ group, ever: farthest(group) })).sort((a, b) => b.ever - a.ever);
  const rows = sorted.slice(0, shownMost).map(({ group }) => {
    const found = all.map((one) => one.get(group));
    const cells = (of: (reach: GroupReach) => Spread): readonly string[] =>
      distances.map((_, at) => turned(found.map((one) => (one === undefined ? "-" : number([...of(one).within, of(one).ever][at]!)))));
    const size = found.find((one) => one !== undefined)!.workloads;
    return [printable(group), size === 0 ? "" : number(size), ...cells(({ any }) => any), ...cells(({ administration }) => administration)];
  });
  const heads = ["group", "size", "any service: 1", ...distances.slice(1), "by administration: 1", ...distances.slice(1)];
  const rest = sorted.length > shownMost ? [`  and ${counted(sorted.length - shownMost, "more group")} (--json lists them)`] : [];
  return [title, ...columns([heads, ...rows], { right: 1 }).map((line) => `  ${line}`), ...rest].join("\n");
}

const turned = (values: readonly string[]): string => (values.every((value) => value === values[0]) ? values[0]! : values.join("→"));

/** Every group that has a way, each with a shortest one. */
function waysOf({ directory, reach }: ReachUnder, { line }: Around, isNamed: boolean): string {
  const under = isNamed ? ` under ${printable(directory)}` : "";
  const { from: client, to: server } = sidesText(line);
  const [from, to] = [printable(client), printable(server)];
  const ways = reach.ways!;
  const nobody = [...(reach.sides.from === 0 ? [from] : []), ...(reach.sides.to === 0 ? [to] : [])];
  if (ways.length === 0) return `No way from ${from} to ${to}${under}${nobody.length === 0 ? "" : `: nobody known there is ${nobody.join(" or ")}`}`;
  const title =
    line.to === undefined
      ? `Reached from ${from}${under}: ${counted(ways.length, "group")}, the nearest first`
      : `Ways from ${from} to ${to}${under}: from ${counted(ways.length, "group")}, the nearest first`;
  const rest = ways.length > shownMost ? [`  and ${counted(ways.length - shownMost, "more group")} (--json lists them)`] : [];
  return [title, ...ways.slice(0, shownMost).flatMap((way) => wayText(directory, way)), ...rest].join("\n");
}

function wayText(directory: string, { group, workloads, steps, administration, path, administrationPath }: Way): readonly string[] {
  const by = administration === null ? "" : `; by services of administration alone in ${number(administration)}`;
  const size = workloads === 0 ? "" : ` (${number(workloads)})`;
  return [
    `  ${printable(group)}${size}: in ${counted(steps, "step")}${by}`,
    ...(path ?? []).map((step) => `    ${stepText(directory, step)}`),
    ...(administrationPath === null
      ? []
      : ["    by services of administration alone:", ...administrationPath.map((step) => `      ${stepText(directory, step)}`)]),
  ];
}

/** One step: who, to whom, over what, and the rules that open it with their places. */
function stepText(directory: string, { from, to, over, administration, conditions, rules, witness }: StepAccount): string {
  const services = over.length > partsMost ? `${over.slice(0, partsMost).join(", ")} and ${over.length - partsMost} more` : over.join(", ");
  const moved = administration.length === 0 ? "" : ` (${administration.slice(0, partsMost).join(", ")})`;
  const where = conditionsText({ conditions });
  const each = rules.slice(0, partsMost).map(({ name, file, line }) => `${name} (${directory}/${file}:${line})`);
  const more = rules.length > partsMost ? ` and ${counted(rules.length - partsMost, "more rule")}` : "";
  const { verdict, layer } = witness.answer;
  const why =
    rules.length > 0
      ? `by ${each.join(", ")}${more}`
      : verdict === "allow"
        ? "open: nothing guards it"
        : `passes, though denied (${layer}): no point that enforces stands there`;
  return printable(`${from} → ${to}  ${services}${moved}${where === "" ? "" : `, if ${where}`}  ${why}`);
}

/** What would part both sides. */
function cutOf({ directory, reach }: ReachUnder): string {
  const { cut } = reach;
  if (cut === null) return "";
  const { steps, chokePoints, between } = cut;
  const choke = chokePoints.length === 0 ? "  on every way: nobody" : `  on every way, each alone: ${chokePoints.map(printable).join("; ")}`;
  const fewest = betweenText(between);
  if (steps === null) return ["What would part them", "  more steps than are looked for", choke, fewest].join("\n");
  return [
    "What would part them",
    `  fewest steps: ${number(steps.count)}`,
    ...steps.shown.slice(0, shownMost).map((step) => `    ${stepText(directory, step)}`),
    ...(steps.count > shownMost ? [`    and ${counted(steps.count - shownMost, "more step")} (--json lists the first ${steps.shown.length})`] : []),
    rulesOf(cut, reach.basis),
    ...aloneOf(cut),
    choke,
    fewest,
  ].join("\n");
}

function betweenText(between: CutAccount["between"]): string {
  switch (between.kind) {
    case "next":
      return "  fewest in between: nobody, for a single step leads there";
    case "more":
      return "  fewest in between: more than are looked for";
    case "cut":
      return `  fewest in between: ${number(between.names.length)}, ${between.names.slice(0, shownMost).map(printable).join("; ")}`;
  }
}

function rulesOf({ rules, steps }: CutAccount, basis: Basis): string {
  if (basis === "wire") return "  what passes here rests on stages and points: enforce what denies it, and where nothing does, ask again without --wire";
  if (rules === null) return "  no rule to take away: at least one of these steps needs none, so guard what it leads to";
  const names = rules.names.slice(0, shownMost).map(printable).join(", ");
  const tried = `tried: without ${rules.names.length === 1 ? "it" : "them"} ${rules.isProven ? "no" : "another"} way is left`;
  return `  ${steps?.count === 1 ? "it rests" : "they rest"} on ${counted(rules.names.length, "rule")}: ${names} (${tried})`;
}

/** Which rules would do by themselves; nothing where the one that was named is all of them, or none was tried. */
function aloneOf({ aloneRules, rules }: CutAccount): readonly string[] {
  if (aloneRules === null || (aloneRules.length === 1 && aloneRules[0] === rules?.names.join())) return [];
  if (aloneRules.length === 0) return ["  no rule does it alone (each under a shortest way was tried)"];
  const more = aloneRules.length > shownMost ? ` and ${aloneRules.length - shownMost} more` : "";
  return [`  each alone would do: ${aloneRules.slice(0, shownMost).map(printable).join(", ")}${more} (each tried: without it no way is left)`];
}

/** Who is not in the figures: unknown is not unreachable. */
function unknownOf(each: readonly ReachUnder[]): string {
  const lines = each.flatMap(({ directory, reach: { unknown } }) => {
    const { workloads, ids, ranges, untold } = unknown;
    return [
      ...(workloads > 0
        ? [
            `${counted(workloads, "workload")} claimed by two zones or two policies, neither reached nor reaching here: ${ids.slice(0, partsMost).join(", ")}${workloads > partsMost ? " …" : ""}`,
          ]
        : []),
      ...(ranges > 0
        ? [`${counted(ranges, "range")} of addresses in which only workloads are expected: a machine there that nobody registered may be a step`]
        : []),
      ...(untold > 0 ? [`${counted(untold, "workload")} whose rules demand more kinds of facts than can be gone through`] : []),
    ].map((text) => `  ${printable(each.length > 1 ? `${directory}: ${text}` : text)}`);
  });
  return lines.length === 0 ? "" : ["Could not be told", ...lines].join("\n");
}
