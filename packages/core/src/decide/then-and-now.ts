import { type Instant, instantText } from "../base/instant.ts";
import { sortedOnce } from "../base/order.ts";
import type { Rule } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";
import { matterOf } from "./change-steps.ts";
import { endOf } from "./ends.ts";
import { everyRule } from "./every-rule.ts";
import type { Matter } from "./judgement.ts";
import { couldMatch, isInForce } from "./match.ts";
import { answerTo, type Case, concerned } from "./what-if.ts";
import { type World, worldOf } from "./world.ts";

/** The same question at another time. */
export interface OtherTime {
  readonly at: string;
  readonly answer: Answer;
  /** What became otherwise from the earlier to the later of the two times, in words, the ends first. */
  readonly between: readonly string[];
}

/** What the same policy and inventory say to a question at another time, and what lies between. */
export function otherTime(asked: Case, at: Instant): OtherTime {
  const one = concerned(asked);
  const other: Case = { ...one, question: { ...one.question, at } };
  const [early, late] = one.question.at === null || one.question.at > at ? [other, one] : [one, other];
  return { at: instantText(at), answer: answerTo(other), between: [...endsBetween(early, late), ...rulesBetween(early, late)] };
}

function endsBetween(early: Case, late: Case): readonly string[] {
  const world = worldOf(late.set, late.inventory);
  return sortedOnce(
    [early.question.from, early.question.to].flatMap((text) => {
      const [was, is] = [early, late].map(({ question }) => whoIs(world, text, question.at));
      return was === is ? [] : [`${text} was ${was}, and is ${is}`];
    }),
  );
}

function whoIs(world: World, text: string, at: Instant | null): string {
  const end = endOf(world, text, at);
  switch (end.kind) {
    case "contested":
      return `contested by ${end.names.join(" and ")}`;
    case "unresolved":
      return "unresolved";
    case "known":
      return end.workload === null ? `nobody's (zone ${end.zone})` : `${end.workload.id} (zone ${end.zone})`;
  }
}

/** The rules about these ends and this service that began or ended in between. */
function rulesBetween(early: Case, late: Case): readonly string[] {
  const matters = [matterOf(early), matterOf(late)].filter((matter): matter is Matter => matter !== null);
  const [from, until] = [early.question.at, late.question.at];
  if (from === null || until === null) return [];
  return everyRule(late.set)
    .filter((rule) => matters.some((matter) => couldMatch(rule, matter)))
    .flatMap((rule) => turnIn(rule, { from, until }));
}

function turnIn(rule: Rule, { from, until }: { readonly from: Instant; readonly until: Instant }): readonly string[] {
  if (isInForce(rule, from) === isInForce(rule, until)) return [];
  const place = `${rule.name} (${rule.at.file}:${rule.at.line})`;
  return [isInForce(rule, until) ? `${place} began at ${instantText(rule.start!)}` : `${place} ended at ${instantText(rule.end!)}`];
}
