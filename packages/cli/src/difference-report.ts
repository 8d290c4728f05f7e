import type { Difference, DifferenceLine } from "@bulkhead/core/simulate/difference";
import type { PeopleChanged } from "@bulkhead/core/simulate/people-changed";
import type { StageChanged } from "@bulkhead/core/simulate/stages-changed";
import type { TestsChanged } from "@bulkhead/core/simulate/tests-changed";
import type { TouchedFlows } from "@bulkhead/core/simulate/touched-flows";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import { shellWord } from "@bulkhead/core/base/shell-word";
import { pointText } from "@bulkhead/core/decide/policy-words";
import type { Question } from "@bulkhead/core/model/question";

/** Everything that is said about a change of policy. */
export interface DifferenceReport {
  readonly difference: Difference;
  /** Whether the workloads are real ones. */
  readonly isReal: boolean;
  /** Whether any point is live, so that stages do anything on the wire. */
  readonly hasPoints: boolean;
  /** Whether both rules and people may have changed, so that what a line rests on is worth a word. */
  readonly hasCauses: boolean;
  /** What changes about the workloads; null where they are the same. */
  readonly people: PeopleChanged | null;
  readonly stages: readonly StageChanged[];
  readonly tests: TestsChanged;
  /** Null where no flows were looked at. */
  readonly flows: { readonly looked: number; readonly since: Instant | null; readonly touched: readonly TouchedFlows[] } | null;
  readonly checks: readonly Check[];
  /** The directory of the new policy, and what follows it on a command line; null where no command could ask about these workloads. */
  readonly typed: { readonly directory: string; readonly words: string } | null;
}

/** What a flag asked for. */
export interface Check {
  readonly flag: string;
  /** Null where nothing speaks against it, and not everything could be told. */
  readonly isKept: boolean | null;
  /** What speaks against it. */
  readonly lines: readonly DifferenceLine[];
}

/** A stage that changes, as `policy/shop in: warn → enforce`. */
export const stageText = ({ name, part, before, after }: StageChanged): string => `${name} ${part}: ${before} → ${after}`;

/** When a line holds, from the instant of the difference on; "" where always. */
export function whenText({ times }: DifferenceLine, from: Instant | null): string {
  if (times.length === 1 && times[0]!.since === from && times[0]!.until === null) return "";
  return times
    .map(({ since, until }) =>
      [since === null || since === from ? "" : `from ${instantText(since)}`, until === null ? "" : `until ${instantText(until)}`]
        .filter((part) => part !== "")
        .join(" "),
    )
    .join(", ");
}

/** What has to be known for a line; "" where nothing has. */
export function conditionsText({ conditions }: Pick<DifferenceLine, "conditions">): string {
  const texts = conditions.map((one) =>
    Object.entries(one)
      .map(([name, words]) => `${name} ${words}`)
      .join(" and "),
  );
  return texts.includes("") ? "" : texts.join(", or ");
}

/** A command that explains the answer of now; null where an end cannot be typed. */
export function explainCommand({ isReal, typed }: DifferenceReport, { from, to, over, at, facts }: Question): string | null {
  const isTypeable = (end: string): boolean => isReal || ipOf(end) !== undefined || /^[^= ,]+=[^ ,]*(,[^= ,]+=[^ ,]*)*$/.test(end);
  if (typed === null || over === null || at === null || !isTypeable(from) || !isTypeable(to)) return null;
  const known = Object.keys(facts).length === 0 ? [] : ["--facts", JSON.stringify(facts)];
  const words = [typed.directory, "--from", from, "--to", to, "--over", pointText(over), "--at", instantText(at), ...known];
  return `bulkhead explain ${words.map(shellWord).join(" ")}${typed.words}`;
}

/** What a line rests on, where people changed, too. */
export const causeTexts = {
  rules: "by the rules alone",
  population: "by the workloads alone: new ones, or other labels, addresses, identities",
  either: "by the rules alone, and by the workloads alone",
  together: "by rules and workloads together",
} as const;

/** What has to be added where nothing can be said of the wire. */
export const noPointsText = "No point is live among them, so stages do nothing on the wire, and only what the policy means was compared.";

/** How many lines there are of each change, in words. */
export function countsText({ lines }: Difference): string {
  const count = (change: DifferenceLine["change"]): number => lines.filter((line) => line.change === change).length;
  const parts = [`${count("gained")} gained`, `${count("lost")} lost`];
  if (count("unclear") > 0) parts.push(`${count("unclear")} unclear`);
  if (count("wire") > 0) parts.push(`${count("wire")} on the wire only`);
  return parts.join(", ");
}
