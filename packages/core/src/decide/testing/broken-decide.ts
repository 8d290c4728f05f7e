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
  readonly denials?: (denials: readonly Denial[], judged: Judged) => readonly Denial[];
}

/** A question between known ends, as far as it was judged. */
export interface Judged {
  readonly world: World;
  readonly matter: Matter;
  readonly judgement: Judgement;
}

/** A `decide` that gets one thing wrong: the positive control of a law. */
export function brokenDecide(breakage: Breakage): Ask {
  return (set, inventory) => {
    const world = worldOf(breakage.set?.(set) ?? set, inventory);
    return (question) => {
      const judged = judgedOf(world, question, breakage);
      // Who cannot be known is none of the things that are broken here.
      if (judged === null) return decide(world, question);
      const given = verdictOf(judged.matter, judged.judgement);
      return { ...(breakage.given?.(given, judged.matter, judged.judgement) ?? given), effect: isBlocked(denialsUnder(judged, breakage)) ? "block" : "pass" };
    };
  };
}

/** Asks at which ends a question is blocked; null where it cannot be known. */
export type AskEnds = (set: PolicySet, inventory: Inventory) => (question: Question) => readonly Denial["end"][] | null;

/** The ends whose points block, of a `decide` that may get one thing wrong. */
export function blockingEnds(breakage: Breakage): AskEnds {
  return (set, inventory) => {
    const world = worldOf(breakage.set?.(set) ?? set, inventory);
    return (question) => {
      const judged = judgedOf(world, question, breakage);
      return judged === null ? null : denialsUnder(judged, breakage).flatMap((denial) => (isBlocked([denial]) ? [denial.end] : []));
    };
  };
}

function judgedOf(world: World, question: Question, breakage: Breakage): Judged | null {
  const { over, at, facts } = question;
  const resolve = (text: string): End => {
    const end = endOf(world, text, at);
    return breakage.end?.(end, { world, text, at }) ?? end;
  };
  const [client, server] = [resolve(question.from), resolve(question.to)];
  if (client.kind !== "known" || server.kind !== "known" || over === null || at === null) return null;
  const matter: Matter = { client, server, over, at, facts };
  const judgement = judge(world, matter);
  return { world, matter, judgement: breakage.judgement?.(judgement, matter, world) ?? judgement };
}

function denialsUnder(judged: Judged, breakage: Breakage): readonly Denial[] {
  const { world, matter, judgement } = judged;
  if (matter.over.protocol === 58 && matter.over.port >= 133 && matter.over.port <= 136) return [];
  const denials = denialsOf(world, matter, judgement);
  return breakage.denials?.(denials, judged) ?? denials;
}
