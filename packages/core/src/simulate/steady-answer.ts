import type { Instant } from "../base/instant.ts";
import { areEqual } from "../base/lists.ts";
import type { Flow } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { changesWithin } from "../decide/stretches.ts";
import type { FlowJudge } from "./flow-judge.ts";

/** What the policy says of all conversations of a flow; null where rules start or end between its first and its last, and the answer changes with them. */
export function steadyAnswer(judge: FlowJudge, changes: readonly Instant[], flow: Flow): Answer | null {
  const [first, ...later] = instantsOf(flow, changes).map((at) => judge(flow, at));
  return later.every((answer) => isSame(answer, first!)) ? first! : null;
}

/** The instants that stand for all of a flow: its first, and each change up to its last. */
export function instantsOf({ first, last }: Flow, changes: readonly Instant[]): readonly (Instant | null)[] {
  if (first === null || last === null) return [first];
  return [first, ...changesWithin(changes, first, last)];
}

export const isSame = (a: Answer, b: Answer): boolean => a.verdict === b.verdict && a.layer === b.layer && a.effect === b.effect && areEqual(a.by, b.by);
