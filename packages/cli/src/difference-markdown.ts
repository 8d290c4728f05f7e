import { someOf } from "@bulkhead/core/base/some-of";
import { instantText } from "@bulkhead/core/base/instant";
import { number } from "@bulkhead/core/base/number";
import type { DifferenceLine } from "@bulkhead/core/simulate/difference";
import { secondEngineText } from "./second-engine-text.ts";
import { causeTexts, conditionsText, countsText, type DifferenceReport, noPointsText, stageText, whenText } from "./difference-report.ts";

// A comment of a pull request holds 65,536 characters: so many rows of so many parts always fit.
const rowsMost = 30;
const unclearMost = 3;
const reachMost = 5;
const partsMost = 4;
const cellMost = 300;

/** A difference as a reviewer reads it below a pull request. */
export function differenceMarkdown(report: DifferenceReport): string {
  const parts = [
    headOf(report),
    peopleOf(report),
    checksOf(report),
    untoldOf(report),
    linesOf(report),
    reachOf(report),
    stagesOf(report),
    flowsOf(report),
    testsOf(report),
    secondEngineOf(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function headOf({ difference, isReal, hasPoints }: DifferenceReport): string {
  const { reach, from, lines } = difference;
  const among = isReal
    ? `${number(reach.workloads.after)} workloads`
    : `one workload of each of the ${number(reach.workloads.after)} kinds that the policies tell apart`;
  return [
    lines.length === 0 ? "### No difference in access" : `### Access: ${countsText(difference)}`,
    "",
    `Compared exactly, nothing sampled: ${among} and every other address, every service, ${from === null ? "at any time" : `from ${instantText(from)} on`}.${hasPoints ? "" : ` ${noPointsText}`}`,
  ].join("\n");
}

function peopleOf({ people }: DifferenceReport): string {
  if (people === null) return "";
  const { added, removed, relabelled, moved } = people;
  return [
    `Workloads: ${number(added.length)} new, ${number(removed.length)} gone, ${number(relabelled.length)} other labels, ${number(moved.length)} with another address, identity or point.`,
    ...relabelled
      .slice(0, rowsMost)
      .map(({ id, key, before, after }) => `- ${cell(id)}: ${cell(key)} ${cell(before ?? "(none)")} → ${cell(after ?? "(none)")}`),
  ].join("\n");
}

function checksOf({ checks }: DifferenceReport): string {
  return checks
    .map(({ flag, isKept, lines }) => {
      if (isKept === null) return `- ❔ \`${flag}\`: could not be told`;
      return isKept ? `- ✅ \`${flag}\`` : `- ❌ \`${flag}\`: ${number(lines.length)} against it`;
    })
    .join("\n");
}

function linesOf({ difference, hasCauses }: DifferenceReport): string {
  const { lines, from } = difference;
  if (lines.length === 0) return "";
  const unclear = lines.filter(({ change }) => change === "unclear");
  // Who is new was unknown to everybody: a few such rows tell as much as all of them.
  const shown = lines.filter((line) => line.change !== "unclear" || unclear.indexOf(line) < unclearMost).slice(0, rowsMost);
  const rest = lines.length > shown.length ? ["", `and ${number(lines.length - shown.length)} more; \`--json\` lists them.`] : [];
  return [
    `| | from | to | over | when | decided by |${hasCauses ? " why |" : ""}`,
    `|---|---|---|---|---|---|${hasCauses ? "---|" : ""}`,
    ...shown.map((line) => rowOf(line, { hasCauses, from })),
    ...rest,
  ].join("\n");
}

const words = { gained: "**gained**", lost: "**lost**", unclear: "unclear", wire: "on the wire" } as const;

function rowOf(line: DifferenceLine, { hasCauses, from }: { readonly hasCauses: boolean; readonly from: number | null }): string {
  const { change, witness, before, after, cause } = line;
  const [when, known] = [whenText(line, from), conditionsText(line)];
  const decided = [
    // Who loses access asks what gave it.
    change === "lost" ? `was ${decidedBy(witness.before)}, now ${decidedBy(witness.after)}` : decidedBy(witness.after),
    ...(change === "wire" ? [`${before.effect} → ${after.effect}`] : []),
  ].join("; ");
  const whenever = [when, known === "" ? "" : cell(`where ${known}`)].filter((one) => one !== "").join("; ");
  const cells = [cell(listed(line.from.parts)), cell(listed(line.to.parts)), cell(listed(line.over)), whenever, cell(decided)];
  return `| ${words[change]} | ${cells.join(" | ")} |${hasCauses ? ` ${causeTexts[cause]} |` : ""}`;
}

const decidedBy = ({ layer, by }: DifferenceLine["witness"]["after"]): string => (by.length === 0 ? `nothing (${layer})` : by.join(", "));

function stagesOf({ stages }: DifferenceReport): string {
  if (stages.length === 0) return "";
  const rest = stages.length > rowsMost ? [`and ${number(stages.length - rowsMost)} more; \`--json\` lists them.`] : [];
  return ["**Stages** that change:", ...stages.slice(0, rowsMost).map((one) => `- ${cell(stageText(one))}`), ...rest].join("\n");
}

function reachOf({ difference, isReal }: DifferenceReport): string {
  const { reach, lines } = difference;
  if (lines.length === 0) return "";
  const noun = isReal ? "workloads" : "kinds of workloads";
  return [
    "| reach, over any service | before | now |",
    "|---|---|---|",
    `| pairs of ${noun}, each with itself among them | ${number(reach.pairs.before)} of ${number(reach.workloads.before ** 2)} | ${number(reach.pairs.after)} of ${number(reach.workloads.after ** 2)} |`,
    `| ${noun} that a public address may open | ${number(reach.fromInternet.before)} | ${number(reach.fromInternet.after)} |`,
    ...reach.changed
      .slice(0, reachMost)
      .map(({ from, reaches }) => `| ${cell(`${listed(from.parts)} reaches`)} | ${number(reaches.before)} | ${number(reaches.after)} |`),
    ...(reach.changed.length > reachMost ? ["", `and ${number(reach.changed.length - reachMost)} more whose reach changes; \`--json\` lists them.`] : []),
  ].join("\n");
}

function flowsOf({ flows }: DifferenceReport): string {
  if (flows === null) return "";
  const { looked, touched } = flows;
  if (looked === 0) return "No flow was recorded in this time, so nothing is known of traffic that this touches.";
  const head = `**Recorded flows** that would be answered otherwise: ${number(touched.length)} of ${number(looked)}.`;
  if (touched.length === 0) return head;
  const rest = touched.length > rowsMost ? ["", `and ${number(touched.length - rowsMost)} more.`] : [];
  return [
    head,
    "",
    "| from | to | service | before → now | connections | last |",
    "|---|---|---|---|---|---|",
    ...touched
      .slice(0, rowsMost)
      .map(
        ({ from, to, service, before, after, connections, last }) =>
          `| ${[from, to, service].map(cell).join(" | ")} | ${before.verdict} → ${after.verdict} | ${number(connections)} | ${last === null ? "" : instantText(Math.floor(last / 1e6) * 1e6)} |`,
      ),
    ...rest,
  ].join("\n");
}

function testsOf({ tests }: DifferenceReport): string {
  const { before, after, added, removed, turned } = tests;
  if (added.length + removed.length + turned.length === 0) return "";
  return [
    `**Tests**: ${number(before)} before, ${number(after)} now; ${number(added.length)} new, ${number(removed.length)} removed, ${number(turned.length)} of the old policy ${turned.length === 1 ? "fails" : "fail"} now.`,
    ...turned.slice(0, rowsMost).map(({ at, message }) => `- \`${cell(at.file).replaceAll("`", "")}:${at.line}\` ${cell(message)}`),
  ].join("\n");
}

function untoldOf({ difference }: DifferenceReport): string {
  const lines = difference.untold.slice(0, rowsMost).map((one) => `- ${cell(one)}`);
  return lines.length === 0 ? "" : ["**Could not be told**", ...lines].join("\n");
}

/** One row a line: a list where there is more than the figure. */
const secondEngineOf = ({ difference }: DifferenceReport): string =>
  secondEngineText(difference.secondEngine)
    .split("\n")
    .map((line, at) => (at === 0 ? cell(line) : `- ${cell(line.trim())}`))
    .join("\n");

const listed = (parts: readonly string[]): string => someOf(parts, partsMost);

/** Text from outside in a cell: nothing in it is markup, a mention, a link, or the end of the cell. */
function cell(text: string): string {
  const short = text.length > cellMost ? `${text.slice(0, cellMost)}…` : text;
  return (
    short
      .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "�")
      // A colon before a blank begins no emoji and no link.
      .replace(/[&<>"'`*_~|[\]\\@#!]|:(?! )/g, (char) => `&#${char.charCodeAt(0)};`)
      .replace(/www\./gi, (text) => `${text.slice(0, -1)}&#46;`)
  );
}
