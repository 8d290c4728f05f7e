import type { Answer } from "@bulkhead/core/model/question";
import { buildCommand } from "@stricli/core";
import { type Context, printable } from "../context.ts";

const unreadShown = 20;
const idMax = 60;

interface Flags {
  readonly inventory: string;
  readonly questions: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Answer thousands of questions: what does this policy say about them?",
    fullDescription:
      'A question is one JSON object a line: {"id":1,"from":"web-1","to":"10.0.0.9","over":"tcp/5432","at":"2026-11-25T12:00:00Z"}; an end is a workload id or an address. Exit 0: every question was answered, with unknown where it could not be told. 1: the policy has errors. 2: a question could not be read.',
  },
  parameters: {
    flags: {
      inventory: { kind: "parsed", parse: String, brief: "A JSON file with workloads, points, quarantined" },
      questions: { kind: "parsed", parse: String, brief: "A file with one question a line, or - for standard input" },
      json: { kind: "boolean", optional: true, brief: "One JSON object a line, in the order of the questions" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const [{ policySetIn, inventoryIn }, { worldOf }, { decide }, { questionOf }, { linesOf }] = await Promise.all([
      import("../policy-input.ts"),
      import("@bulkhead/core/decide/world"),
      import("@bulkhead/core/decide/decide"),
      import("@bulkhead/core/decide/question-line"),
      import("../lines-of.ts"),
    ]);
    const set = await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const world = worldOf(set, await inventoryIn(this, flags.inventory));
    let [number, unread] = [0, 0];
    for await (const lines of linesOf(flags.questions, this.stdin)) {
      const answered: string[] = [];
      const told: (readonly [name: string, rest: string])[] = [];
      for (const line of lines) {
        number += 1;
        if (line.trim() === "") continue;
        const { id, question, over, problem } = questionOf(line, set.services);
        if (problem !== null && (unread += 1) <= unreadShown) this.say(`bulkhead: question ${number} cannot be read: ${problem}\n`);
        const answer = decide(world, question);
        if (flags.json === true) answered.push(`${JSON.stringify({ id, ...answer })}\n`);
        else
          told.push([nameOf(id), sentenceOf(problem === null ? `${question.from} → ${question.to} ${over}` : `(question ${number} cannot be read)`, answer)]);
      }
      await this.outSlowly(flags.json === true ? answered.join("") : aligned(told));
    }
    if (unread > unreadShown) this.say(`bulkhead: and ${unread - unreadShown} more questions cannot be read; each is answered with unknown\n`);
    if (unread > 0) this.exit(2);
  },
});

const nameOf = (id: unknown): string => printable((typeof id === "string" ? id : JSON.stringify(id)).slice(0, idMax));

const sentenceOf = (asked: string, { verdict, layer, by, effect }: Answer): string =>
  printable(`${verdict.padEnd(8)} ${layer.padEnd(11)} ${effect.padEnd(8)} ${asked}${by.length > 0 ? `  by ${by.join(", ")}` : ""}`);

const nameWidest = 40;

/** One answer a line, the names in a column. */
function aligned(told: readonly (readonly [name: string, rest: string])[]): string {
  const widest = told.reduce((most, [name]) => Math.max(most, Math.min(nameWidest, name.length)), 4);
  return told.map(([name, rest]) => `${name.padEnd(widest)}  ${rest}\n`).join("");
}
