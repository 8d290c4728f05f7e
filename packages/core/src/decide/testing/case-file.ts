import { readInventoryFile } from "../../inventory/inventory-file.ts";
import { readPolicySet } from "../../language/read.ts";
import type { PolicySet } from "../../model/policy-set.ts";
import type { Answer, Question } from "../../model/question.ts";
import type { Inventory } from "../../model/workload.ts";
import { questionOf } from "../question-line.ts";

/** One question of a case; `expected` is the line as it stands, or null where none is written yet. `line` counts from 0 and is the question's. */
export interface CaseQuestion {
  readonly line: number;
  readonly question: Question;
  readonly expected: string | null;
}

/** A sentence of the meaning, the world it is said of, and the questions that show it. */
export interface ConformanceCase {
  readonly sentence: string;
  readonly set: PolicySet;
  readonly inventory: Inventory;
  readonly questions: readonly CaseQuestion[];
}

interface Blocks {
  readonly policies: ReadonlyMap<string, string>;
  readonly inventory: string;
}

const usualTime = "2026-11-25T12:00:00Z";
const questionShape = /^\? (\S+) -> (\S+) over (\S+)(?: at (\S+))?(?: facts (\{.*\}))?$/;

/** Reads a file of cases, as conformance/README.md has it; throws with the line on anything else. */
export function casesIn(text: string, path: string): readonly ConformanceCase[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, index) => (line.startsWith("== ") ? [index] : []));
  const shared = blocksIn(lines.slice(0, starts[0]), { policies: new Map(), inventory: '{ "workloads": [] }' });
  return starts.map((start, index) => {
    const own = lines.slice(start + 1, starts[index + 1]);
    const { policies, inventory } = blocksIn(own, shared);
    const files = [...policies].map(([name, body]) => ({ path: name, bytes: new TextEncoder().encode(body) }));
    const { set, diagnostics } = readPolicySet(files);
    const wrong = diagnostics.find(({ severity }) => severity === "error");
    if (wrong !== undefined) throw new Error(`${path}:${start + 1}: the policy has an error: ${wrong.at.file}:${wrong.at.line}: ${wrong.message}`);
    const read = readInventoryFile(inventory);
    if (read.problems.length > 0) throw new Error(`${path}:${start + 1}: ${JSON.stringify(read.problems[0])}`);
    const questions = own.flatMap((line, offset) => (line.startsWith("?") ? [questionIn(own, { offset, line: start + 1 + offset, set, path })] : []));
    return { sentence: lines[start]!.slice(3), set, inventory: read.inventory, questions };
  });
}

/** `policy NAME` and `inventory`, each followed by its indented text; those of a case replace those of the file. */
function blocksIn(lines: readonly string[], shared: Blocks): Blocks {
  const policies = new Map(shared.policies);
  let inventory = shared.inventory;
  for (const [index, line] of lines.entries()) {
    const name = /^policy (\S+)$/.exec(line)?.[1];
    if (name === undefined && line !== "inventory") continue;
    const end = lines.findIndex((other, at) => at > index && other !== "" && !other.startsWith("  "));
    const body = lines.slice(index + 1, end < 0 ? undefined : end).map((one) => one.slice(2));
    if (name === undefined) inventory = body.join("\n");
    else policies.set(name, body.join("\n"));
  }
  return { policies, inventory };
}

function questionIn(
  lines: readonly string[],
  { offset, line, set, path }: { readonly offset: number; readonly line: number; readonly set: PolicySet; readonly path: string },
): CaseQuestion {
  const [, from, to, over, at = usualTime, facts = "{}"] = questionShape.exec(lines[offset]!) ?? [];
  if (from === undefined) throw new Error(`${path}:${line + 1}: this is no question`);
  const { question } = questionOf(JSON.stringify({ id: null, from, to, over, at, facts: JSON.parse(facts) as unknown }), set.services);
  const next = lines[offset + 1] ?? "";
  return { line, question, expected: next.startsWith("= ") ? next.slice(2) : null };
}

/** An answer as cases write it: verdict, layer, effect, names. */
export function answerText({ verdict, layer, effect, by }: Answer): string {
  return [verdict, layer, effect, ...by].join(" ");
}

/** The text of a file with the answers given in place of those that stand there. */
export function rewritten(text: string, answers: ReadonlyMap<number, string>): string {
  const lines = text.split("\n");
  return lines
    .flatMap((line, index) => (answers.has(index) ? [line, `= ${answers.get(index)}`] : line.startsWith("= ") && answers.has(index - 1) ? [] : [line]))
    .join("\n");
}
