import type { Instant } from "../../base/instant.ts";
import type { PolicySet } from "../../model/policy-set.ts";
import type { Answer, Question } from "../../model/question.ts";
import type { Inventory } from "../../model/workload.ts";
import { decide } from "../decide.ts";
import { type Denial, denialsOf, isBlocked } from "../effect.ts";
import { type End, endOf } from "../ends.ts";
import { type Judgement, judge, type Matter } from "../judgement.ts";
import { type VerdictGiven, verdictOf } from "../verdict.ts";
import { type World, worldOf } from "../world.ts";

/** Asks a policy and an inventory; what a law is stated of, so that it can be stated of a broken `decide` too. */
export type Ask = (set: PolicySet, inventory: Inventory) => (question: Question) => Answer;

/** The real one. */
export const asked: Ask = (set, inventory) => {
  const world = worldOf(set, inventory);
  return (question) => decide(world, question);
};

/** What is done wrong between the steps of `decide`; without any of it, nothing is. */
export interface Breakage {
  readonly set?: (set: PolicySet) => PolicySet;
  readonly end?: (end: End, where: { readonly world: World; readonly text: string; readonly at: Instant | null }) => End;
  readonly judgement?: (judgement: Judgement, matter: Matter, world: World) => Judgement;
  readonly given?: (given: VerdictGiven, matter: Matter, judgement: Judgement) => VerdictGiven;
  readonly denials?: (denials: readonly Denial[], matter: Matter, judgement: Judgement) => readonly Denial[];
}

/** A `decide` that gets one thing wrong: the positive control of a law. */
export function brokenDecide(breakage: Breakage): Ask {
  return (set, inventory) => {
    const world = worldOf(breakage.set?.(set) ?? set, inventory);
    return (question) => answerOf(world, question, breakage);
  };
}

function answerOf(world: World, question: Question, breakage: Breakage): Answer {
  const { over, at, facts } = question;
  const resolve = (text: string): End => {
    const end = endOf(world, text, at);
    return breakage.end?.(end, { world, text, at }) ?? end;
  };
  const [client, server] = [resolve(question.from), resolve(question.to)];
  // Who cannot be known is none of the things that are broken here.
  if (client.kind !== "known" || server.kind !== "known" || over === null || at === null) return decide(world, question);
  const matter: Matter = { client, server, over, at, facts };
  const judged = judge(world, matter);
  const judgement = breakage.judgement?.(judged, matter, world) ?? judged;
  const denials = denialsOf(world, matter, judgement);
  const given = verdictOf(matter, judgement);
  const isDiscovery = over.protocol === 58 && over.port >= 133 && over.port <= 136;
  const isStopped = isBlocked(breakage.denials?.(denials, matter, judgement) ?? denials);
  return { ...(breakage.given?.(given, matter, judgement) ?? given), effect: isStopped && !isDiscovery ? "block" : "pass" };
}
