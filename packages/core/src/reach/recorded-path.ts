import type { Instant } from "../base/instant.ts";
import { questionOf } from "../decide/question-line.ts";
import { decide } from "../decide/decide.ts";
import { pointText } from "../decide/policy-words.ts";
import type { World } from "../decide/world.ts";
import { pointOf } from "../map/service-point.ts";
import type { NamedService } from "../model/policy-set.ts";
import type { Answer, Question } from "../model/question.ts";

/** One step of a recorded way, as it was asked; `problem` says why it is none. */
export interface RecordedStep {
  readonly question: Question;
  readonly over: string;
  readonly problem: string | null;
}

/** Reads a line as `decide --questions` does, or a record as `decode --json` and `flows --json` print it; `at` stands in place of its own time. */
export function recordedStep(line: string, { services, at }: { readonly services: readonly NamedService[]; readonly at: Instant | null }): RecordedStep {
  const record = recordIn(line);
  const { question: own, over, problem } = questionOf(record === null ? line : JSON.stringify(record), services);
  const question = { ...own, at: at ?? own.at };
  // What a record did not tell, nobody can write better; its answer is unknown.
  if (record !== null) return { question, over, problem };
  return { question, over, problem: problem ?? problemIn(question, over) };
}

function problemIn(question: Question, over: string): string | null {
  if (question.over === null) return over === "" ? "it needs `over`" : `\`${over}\` is no single service`;
  return question.at === null ? "it needs `at`, a time such as 2026-11-25T12:00:00Z" : null;
}

/** The question that a record stands for; null where a line is no record. */
function recordIn(line: string): object | null {
  let written: unknown;
  try {
    written = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof written !== "object" || written === null || !("client" in written) || "from" in written) return null;
  const { client, server, protocol, serverPort, icmpType, first } = written as Readonly<Record<string, unknown>>;
  const numberIn = (value: unknown): number | null => (typeof value === "number" ? value : null);
  const name = String(protocol);
  const point = pointOf({ protocol: name, serverPort: numberIn(serverPort), icmpType: numberIn(icmpType) });
  return { from: client, to: server, over: point === null ? name : pointText(point), at: first };
}

/** What one policy says to a recorded way. */
export interface JudgedPath {
  readonly answers: readonly Answer[];
  /** The first step that the policy denies, from 0; null where it denies none. */
  readonly denied: number | null;
  /** The first step that points block. */
  readonly blocked: number | null;
  readonly unknown: number;
}

/** Asks a world about every step of a way. */
export function judgedPath(world: World, steps: readonly RecordedStep[]): JudgedPath {
  const answers = steps.map(({ question }) => decide(world, question));
  const first = (is: (answer: Answer) => boolean): number | null => {
    const found = answers.findIndex(is);
    return found < 0 ? null : found;
  };
  return {
    answers,
    denied: first(({ verdict }) => verdict === "deny"),
    blocked: first(({ effect }) => effect === "block"),
    unknown: answers.filter(({ verdict }) => verdict === "unknown").length,
  };
}
