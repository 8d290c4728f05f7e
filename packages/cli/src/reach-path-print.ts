import { columns } from "@bulkhead/core/base/columns";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import { questionJson } from "@bulkhead/core/decide/question-line";
import { worldOf } from "@bulkhead/core/decide/world";
import type { Answer } from "@bulkhead/core/model/question";
import type { Basis } from "@bulkhead/core/reach/allowed";
import { type JudgedPath, judgedPath, type RecordedStep } from "@bulkhead/core/reach/recorded-path";
import { type Context, type Exit, printable } from "./context.ts";
import { counted } from "./counted.ts";
import type { People } from "./difference-inputs.ts";
import { recordedPath, type Revision } from "./reach-inputs.ts";

export interface PathAsked {
  readonly revisions: readonly Revision[];
  readonly people: People;
  readonly basis: Basis;
  readonly path: string;
  /** At which time each step is judged; null for its own. */
  readonly at: Instant | null;
}

interface JudgedUnder {
  readonly directory: string;
  readonly judged: JudgedPath;
}

/** Prints what each policy would have said to a recorded way, side by side, and leaves the exit code of the last one: 0 stopped, 1 not. */
export async function printJudged(context: Context, { revisions, people, basis, path, at }: PathAsked, { json }: { readonly json?: boolean }): Promise<void> {
  const steps = await recordedPath(path, { set: revisions[0]!.set, stdin: context.stdin, at });
  const each = revisions.map(({ directory, set }): JudgedUnder => ({ directory, judged: judgedPath(worldOf(set, people.after), steps) }));
  if (json === true) await context.outSlowly(`${printable(JSON.stringify(jsonOf(steps, each)))}\n`);
  else await context.outSlowly(textOf(steps, each, basis));
  context.exit(exitOf(each.at(-1)!.judged, basis));
}

function jsonOf(steps: readonly RecordedStep[], each: readonly JudgedUnder[]): object {
  return {
    steps: steps.map(({ question }) => questionJson(question)),
    // Steps are numbered from 1, as people count lines.
    policies: each.map(({ directory, judged: { answers, denied, blocked, unknown } }) => ({
      policy: directory,
      denied: numbered(denied),
      blocked: numbered(blocked),
      unknown,
      answers,
    })),
  };
}

const numbered = (step: number | null): number | null => (step === null ? null : step + 1);

const stoppedIn = ({ denied, blocked }: JudgedPath, basis: Basis): number | null => (basis === "policy" ? denied : blocked);

function exitOf(judged: JudgedPath, basis: Basis): Exit {
  if (stoppedIn(judged, basis) !== null) return 0;
  return judged.unknown > 0 ? 2 : 1;
}

const shownMost = 100;

function textOf(steps: readonly RecordedStep[], each: readonly JudgedUnder[], basis: Basis): string {
  const rows = steps
    .slice(0, shownMost)
    .map(({ question: { from, to, at }, over }, step) => [
      String(step + 1),
      `${from} → ${to} ${over}`,
      at === null ? "" : instantText(at),
      ...each.map(({ judged }) => wordOf(judged.answers[step]!)),
    ]);
  const table = [["", "step", "at", ...each.map(({ directory }) => directory)], ...rows].map((row) => row.map(printable));
  const rest = steps.length > shownMost ? [`and ${counted(steps.length - shownMost, "more step")} (--json lists them)`] : [];
  return `${[...columns(table), ...rest, "", ...each.map((under) => sentenceOf(under, basis, steps.length))].join("\n")}\n`;
}

/** The answer to a step: the verdict, what gave it, and whether any point acts on it. */
function wordOf({ verdict, layer, by, effect }: Answer): string {
  const why = [layer, ...by.slice(0, 2)].join(", ");
  const onWire = effect === "block" ? ", blocked" : verdict === "deny" ? ", not blocked" : "";
  return `${verdict} (${why}${by.length > 2 ? " …" : ""})${onWire}`;
}

function sentenceOf({ directory, judged }: JudgedUnder, basis: Basis, steps: number): string {
  const stopped = stoppedIn(judged, basis);
  const unknown = judged.unknown === 0 ? "" : `; ${counted(judged.unknown, "step")} of ${steps} cannot be told`;
  const verb = basis === "policy" ? "denies" : "blocks";
  if (stopped === null) return printable(`${directory} ${verb} none of ${counted(steps, "step")}${unknown}`);
  const all = judged.answers.filter(({ verdict, effect }) => (basis === "policy" ? verdict === "deny" : effect === "block")).length;
  const onWire = basis === "wire" ? "" : judged.blocked === null ? "; no point blocks any of them today" : `; points block step ${judged.blocked + 1} first`;
  return printable(`${directory} ${verb} step ${stopped + 1} first, ${all} of ${counted(steps, "step")} in all${onWire}${unknown}`);
}
