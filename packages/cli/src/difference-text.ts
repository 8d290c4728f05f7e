import { instantText } from "@bulkhead/core/base/instant";
import { number } from "@bulkhead/core/base/number";
import type { DifferenceLine } from "@bulkhead/core/simulate/difference";
import type { Ends } from "@bulkhead/core/simulate/difference-sides";
import { printable } from "./context.ts";
import { peopleText } from "./people-text.ts";
import { secondEngineText } from "./second-engine-text.ts";
import {
  causeTexts,
  type Check,
  conditionsText,
  countsText,
  type DifferenceReport,
  explainCommand,
  noPointsText,
  stageText,
  whenText,
} from "./difference-report.ts";

const shownMost = 25;
const unclearMost = 3;
const partsMost = 6;

const titles = {
  gained: "Gained: allowed now, and was not",
  lost: "Lost: was allowed, and is not now",
  unclear: "Denied now, and nobody could tell before; or the other way round",
  wire: "The policy means the same; points do something else",
} as const;

/** A difference for people: access first, then how far it reaches, the traffic and the tests that it touches. */
export function differenceText(report: DifferenceReport): string {
  const { difference } = report;
  const parts = [
    report.people === null ? "" : peopleText(report.people),
    headOf(report),
    untoldOf(report),
    ...(["gained", "lost", "unclear", "wire"] as const).map((change) => linesOf(report, change)),
    ...(difference.lines.length === 0 ? [] : [reachOf(report)]),
    stagesOf(report),
    flowsOf(report),
    testsOf(report),
    ...report.checks.map((check) => checkOf(report, check)),
    secondEngineText(difference.secondEngine),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function headOf({ difference, isReal, hasPoints }: DifferenceReport): string {
  const { lines, from, reach } = difference;
  const among = isReal
    ? `${number(reach.workloads.after)} workloads`
    : `one workload of each of ${number(reach.workloads.after)} kinds that these policies tell apart`;
  const scope = `compared for ${among} and every other address, every service, ${from === null ? "at any time" : `from ${instantText(from)} on`}`;
  const head = lines.length === 0 ? `no difference in access; ${scope}` : `${countsText(difference)}; ${scope}`;
  return hasPoints ? head : `${head}\n${noPointsText}`;
}

function linesOf(report: DifferenceReport, change: DifferenceLine["change"]): string {
  const found = report.difference.lines.filter((line) => line.change === change);
  if (found.length === 0) return "";
  // Who is new was unknown to everybody: a few such lines tell as much as all of them.
  const most = change === "unclear" ? unclearMost : shownMost;
  const rest = found.length > most ? [`  and ${number(found.length - most)} more (--json lists them)`] : [];
  return [titles[change], ...found.slice(0, most).map((line) => lineText(report, line)), ...rest].join("\n");
}

function lineText(report: DifferenceReport, line: DifferenceLine): string {
  const { from, to, over, witness, cause } = line;
  const [when, known] = [whenText(line, report.difference.from), conditionsText(line)];
  const command = explainCommand(report, witness.question);
  return [
    `  ${printable(`${sideText(from)} → ${sideText(to)}`)}  ${listed(over)}`,
    ...(when === "" ? [] : [`      ${when}`]),
    ...(known === "" ? [] : [`      where this is known: ${printable(known)}`]),
    ...(report.hasCauses ? [`      ${causeTexts[cause]}`] : []),
    `      ${printable(`for example ${witness.question.from} → ${witness.question.to}: ${answerText(witness.before)}; now ${answerText(witness.after)}`)}`,
    ...(command === null ? [] : [`      ${printable(command)}`]),
  ].join("\n");
}

const answerText = ({ verdict, layer, by, effect }: DifferenceLine["witness"]["before"]): string =>
  `${verdict} (${[layer, ...by].join(", ")})${effect === "block" ? ", blocked" : effect === "pass" && verdict === "deny" ? ", not blocked" : ""}`;

const sideText = ({ parts }: Ends): string => listed(parts);

function listed(parts: readonly string[]): string {
  const rest = parts.length > partsMost ? ` and ${number(parts.length - partsMost)} more` : "";
  return `${parts.slice(0, partsMost).join(", ")}${rest}`;
}

const stagesOf = ({ stages }: DifferenceReport): string =>
  stages.length === 0 ? "" : ["stages that change", ...stages.map((one) => `  ${printable(stageText(one))}`)].join("\n");

function reachOf({ difference, isReal }: DifferenceReport): string {
  const { reach } = difference;
  const noun = isReal ? "workloads" : "kinds";
  const pairs = (count: number, people: number): string => `${number(count)} / ${number(people * people)}`;
  return [
    "How far access reaches, over any service",
    `  pairs of ${noun}, each with itself among them: ${pairs(reach.pairs.before, reach.workloads.before)} before, ${pairs(reach.pairs.after, reach.workloads.after)} now`,
    `  ${noun} that a public address may open: ${number(reach.fromInternet.before)} before, ${number(reach.fromInternet.after)} now`,
    ...reach.changed
      .slice(0, partsMost)
      .map(({ from, reaches }) => `  ${printable(sideText(from))}: reaches ${number(reaches.before)} before, ${number(reaches.after)} now`),
    ...(reach.changed.length > partsMost ? [`  and ${number(reach.changed.length - partsMost)} more`] : []),
  ].join("\n");
}

function flowsOf({ flows }: DifferenceReport): string {
  if (flows === null) return "";
  const { looked, since, touched } = flows;
  const span = since === null ? "" : ` since ${instantText(since)}`;
  if (looked === 0) return `no flow was recorded${span}, so nothing is known of traffic that this touches`;
  const head = `Recorded flows${span} that would be answered otherwise if they began now: ${number(touched.length)} of ${number(looked)}`;
  const rest = touched.length > shownMost ? [`  and ${number(touched.length - shownMost)} more (--json lists them)`] : [];
  return [
    head,
    ...touched
      .slice(0, shownMost)
      .map(
        ({ from, to, service, before, after, connections, answered, last }) =>
          `  ${printable(`${from} → ${to} ${service}`)}: ${before.verdict} → ${after.verdict}; ${number(connections)} ${connections === 1 ? "connection" : "connections"}, ${number(answered)} answered${last === null ? "" : `, last ${instantText(Math.floor(last / 1e6) * 1e6)}`}`,
      ),
    ...rest,
  ].join("\n");
}

function testsOf({ tests }: DifferenceReport): string {
  const { added, removed, turned } = tests;
  if (added.length + removed.length + turned.length === 0) return "";
  const placed = (word: string, { at }: { readonly at: { readonly file: string; readonly line: number } }): string =>
    `  ${word} ${printable(at.file)}:${at.line}`;
  return [
    `Tests: ${number(tests.before)} before, ${number(tests.after)} now`,
    ...added.slice(0, shownMost).map((one) => placed("new    ", one)),
    ...removed.slice(0, shownMost).map((one) => placed("removed", one)),
    ...turned.slice(0, shownMost).map((one) => `${placed("turned ", one)} (of the old policy): ${printable(one.message)}`),
  ].join("\n");
}

function checkOf({ difference }: DifferenceReport, { flag, isKept, lines }: Check): string {
  if (isKept !== false) return `${flag}: ${isKept === true ? "kept" : "could not be told"}`;
  return [
    `${flag}: not kept`,
    ...lines.slice(0, shownMost).map((line) => {
      const when = whenText(line, difference.from);
      return `  ${printable(`${sideText(line.from)} → ${sideText(line.to)}  ${listed(line.over)}`)}${when === "" ? "" : `, ${when}`}`;
    }),
    ...(lines.length > shownMost ? [`  and ${number(lines.length - shownMost)} more (--json lists them)`] : []),
  ].join("\n");
}

function untoldOf({ difference }: DifferenceReport): string {
  const lines = difference.untold.map((one) => `  ${printable(one)}`);
  return lines.length === 0 ? "" : ["Could not be told", ...lines].join("\n");
}
