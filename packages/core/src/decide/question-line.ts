import { instantOf, instantText } from "../base/instant.ts";
import { servicePointOf } from "../language/service.ts";
import type { NamedService } from "../model/policy-set.ts";
import type { Question } from "../model/question.ts";
import { pointText } from "./policy-words.ts";

/** A question as one line of JSON tells it; `problem` says why it is no question, and then it is answered as unresolved. */
export interface QuestionLine {
  readonly id: unknown;
  readonly question: Question;
  /** The service as it was written, for people; "" where none was. */
  readonly over: string;
  readonly problem: string | null;
}

const unreadable: Question = { from: "", to: "", over: null, at: null, facts: {} };

/** Reads `{ id, from, to, over, at, facts? }`. */
export function questionOf(line: string, services: readonly NamedService[]): QuestionLine {
  let written: unknown;
  try {
    written = JSON.parse(line);
  } catch {
    return { id: null, question: unreadable, over: "", problem: "it is not JSON" };
  }
  if (typeof written !== "object" || written === null || Array.isArray(written))
    return { id: null, question: unreadable, over: "", problem: "it is no JSON object" };
  const { id = null, from, to, over, at, facts } = written as Readonly<Record<string, unknown>>;
  if (typeof from !== "string" || typeof to !== "string") return { id, question: unreadable, over: "", problem: "it needs `from` and `to`" };
  const question: Question = {
    from,
    to,
    over: typeof over === "string" ? servicePointOf(over, services) : null,
    at: typeof at === "string" ? (instantOf(at) ?? null) : null,
    facts: typeof facts === "object" && facts !== null ? (facts as Question["facts"]) : {},
  };
  return { id, question, over: typeof over === "string" ? over : "", problem: null };
}

/** A question as such a line has it. */
export function questionJson({ from, to, over, at, facts }: Question): object {
  return { from, to, over: over === null ? null : pointText(over), at: at === null ? null : instantText(at), facts };
}
