import { differenceJson, lineJson } from "@bulkhead/core/simulate/difference-json";
import { type Context, printable } from "./context.ts";
import type { DifferenceReport } from "./difference-report.ts";

/** Prints a difference in the form that was asked for, and leaves its exit code: 1 where a flag is not kept, 2 where something could not be told. */
export async function printReport(
  context: Context,
  report: DifferenceReport,
  { json, markdown }: { readonly json?: boolean; readonly markdown?: boolean },
): Promise<void> {
  if (json === true) await context.outSlowly(reportJson(report));
  else if (markdown === true) await context.outSlowly((await import("./difference-markdown.ts")).differenceMarkdown(report));
  else await context.outSlowly((await import("./difference-text.ts")).differenceText(report));
  context.exit(exitOf(report));
}

function reportJson({ difference, isReal, people, stages, tests, flows, checks }: DifferenceReport): string {
  // JSON itself leaves some controls of terminals as they are; escaped, they are the same JSON.
  return `${printable(differenceJson(difference, { isReal, people, stages, tests, flows, checks: checks.map((one) => ({ ...one, lines: one.lines.map(lineJson) })) }).trimEnd())}\n`;
}

function exitOf({ checks, difference }: DifferenceReport): 0 | 1 | 2 {
  if (difference.secondEngine.disagreements > 0) return 2;
  if (checks.some(({ isKept }) => isKept === false)) return 1;
  return difference.untold.length > 0 ? 2 : 0;
}
