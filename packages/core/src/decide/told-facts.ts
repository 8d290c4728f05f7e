import type { Answer } from "../model/question.ts";
import { everyRule } from "./every-rule.ts";
import { combinations, combinationsOf, type Conditions, conditionsOf, knownFacts } from "./known-facts.ts";
import { couldMatch } from "./match.ts";
import type { Matter } from "./judgement.ts";
import { answerTo, type Case } from "./what-if.ts";

/** Another answer that a question would get if somebody told what is not known of it. */
export interface ToldFacts {
  /** Any of these would have to be known. */
  readonly conditions: readonly Conditions[];
  readonly answer: Answer;
}

// Beyond that a person is not helped by a list.
const combinationsMost = 256;

/** What facts that nobody told would change. */
export function toldFacts(one: Case, matter: Matter, answer: Answer): readonly ToldFacts[] {
  const { facts } = one.question;
  const known = knownFacts(everyRule(one.set).filter((rule) => rule.where.length > 0 && couldMatch(rule, matter))).filter(
    ({ name }) => facts[name] === undefined || facts[name] === null,
  );
  if (known.length === 0 || combinationsOf(known) > combinationsMost) return [];
  const groups = new Map<string, { readonly answer: Answer; readonly some: object[] }>();
  for (const told of combinations(known)) {
    const then = answerTo({ ...one, question: { ...one.question, facts: { ...facts, ...told } } });
    const key = `${then.verdict} ${then.layer} ${then.effect}`;
    const group = groups.get(key) ?? { answer: then, some: [] };
    group.some.push(told);
    groups.set(key, group);
  }
  return [...groups.values()]
    .filter(({ answer: then }) => then.verdict !== answer.verdict || then.layer !== answer.layer)
    .map(({ answer: then, some }) => ({ answer: then, conditions: conditionsOf(known, some) }));
}
