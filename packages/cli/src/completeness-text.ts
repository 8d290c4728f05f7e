import { columns } from "@bulkhead/core/base/columns";
import { watchedWords } from "@bulkhead/core/map/completeness/watched";
import { comingText, type Forecast } from "@bulkhead/core/map/completeness/unseen";
import { day, dayText } from "@bulkhead/core/base/instant";
import type { Figure } from "@bulkhead/core/map/completeness/figures";
import { type Before, beforeText } from "@bulkhead/core/map/completeness/before";
import type { DeclaredCounts, Report } from "./completeness-report.ts";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

const partsShown = 8;

/** Completeness for people: the figures, what is missing, what is still to come, and how that would have fared before. */
export function completenessText(report: Report, horizon: number): string {
  const { figures, verdict, environments, saturation, watched, tried, declared, before } = report;
  const dateOf = (at: number): string => dayText((watched.origin + at) * day);
  const head = `${counted(watched.dependencies.length, "dependency", "dependencies")} in ${counted(watched.days, "day")} from ${dateOf(0)} until ${dateOf(watched.days)}; ${watchedWords}`;
  const recent = saturation.curve.slice(-7).map((one) => (watched.isObserved[one.day] === true ? String(one.came) : "dark"));
  const novelty = `new on ${recent.length === 1 ? "the last day" : `each of the last ${recent.length} days`}: ${recent.join(", ")}`;
  const missing = verdict.isEnough ? ["complete enough"] : ["not complete enough:", ...verdict.missing.map((line) => `  ${line}`)];
  const others = environments.map(
    ({ env, isEnough, missing: what }) => `  ${printable(env)}: ${isEnough ? "complete enough" : `${counted(what.length, "figure")} missing`}`,
  );
  const trials = tried.trials.map(({ from, came, said, silent }) => [
    `  ${dateOf(from)}`,
    said === null ? `silent: ${printable(silent ?? "")}` : `${said.low} to ${said.high}`,
    said === null ? "" : `${came} came`,
    said === null ? "" : said.low <= came && came <= said.high ? "inside" : "outside",
  ]);
  return `${[
    [head, ...(before === null ? [] : [beforeLine(before)]), novelty, ...(declared === null ? [] : [declaredLine(declared)])],
    columns(figures.map(rowOf)),
    missing,
    others.length === 0 ? [] : ["by environment", ...others],
    forecastLines(tried.forecast, horizon),
    trials.length === 0 ? [] : [`what would have been said earlier, for the ${counted(horizon, "day")} after, and what came`, ...columns(trials)],
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

const beforeLine = (before: Before): string => `${beforeText(before)} (\`--until ${dayText(Math.ceil((before.last + 1) / day) * day)}\` looks at that time)`;

const declaredLine = ({ both, observedOnly, declaredOnly }: DeclaredCounts): string =>
  `between workloads: ${both} seen and declared, ${observedOnly} seen only, ${declaredOnly} declared only (\`bulkhead declared\` lists them)`;

function rowOf({ id, name, numerator, denominator, unknown, low, high, note }: Figure): readonly string[] {
  const value = numerator === null || denominator === null ? "none" : `${numerator} / ${denominator}`;
  const share = numerator === null || denominator === null || denominator === 0 ? "" : percent(numerator / denominator);
  const interval = low === null || high === null ? "" : `${percent(low)} to ${percent(high)}`;
  return [`  ${id}`, value, share, interval, unknown > 0 ? `${unknown} unknown` : "", `${name}${note === "" ? "" : ` (${note})`}`];
}

function forecastLines(forecast: Forecast, horizon: number): readonly string[] {
  if (forecast.kind === "silent") return [`no estimate of what is still to come: ${printable(forecast.why)}`];
  const { rhythms, visitors, declared } = forecast.parts;
  const parts = [
    ...Object.entries(rhythms.byFamily).map(([name, mean]) => ({ name: familyText(name), mean })),
    ...visitors.map(({ client, mean }) => ({ name: `visits of ${client}`, mean })),
    ...declared.map(({ name, mean }) => ({ name: `${name}, declared and never watched: a guess`, mean })),
  ]
    .filter(({ mean }) => mean >= 0.5)
    .sort((a, b) => b.mean - a.mean);
  return [comingText(forecast.interval, horizon), ...parts.slice(0, partsShown).map(({ name, mean }) => `  about ${Math.round(mean)}: ${printable(name)}`)];
}

const familyText = (family: string): string => families[family] ?? `what happens ${family}`;
const families: Readonly<Record<string, string>> = {
  "any day": "rare, on any day",
  "working days": "rare, on working days",
  weekly: "once a week",
  monthly: "once a month, each on a day of its own",
  new: "begun in these days",
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
