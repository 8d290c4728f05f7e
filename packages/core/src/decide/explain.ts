import { instantText } from "../base/instant.ts";
import type { Rule, PolicySet } from "../model/policy-set.ts";
import type { Answer, Question } from "../model/question.ts";
import type { Inventory } from "../model/workload.ts";
import { ipKey, ipOf } from "../base/ip.ts";
import { type Change, closings, matterOf, openings } from "./changes.ts";
import { type Denial, denialsOf } from "./effect.ts";
import { endAccount, type EndAccount } from "./end-account.ts";
import { judge } from "./judgement.ts";
import { type NearMiss, nearMisses } from "./near-miss.ts";
import { pointText } from "./policy-words.ts";
import { coversService, isPeer } from "./match.ts";
import { answerTo, type Case, openingRules } from "./what-if.ts";
import { worldOf } from "./world.ts";

/** A rule that determined an answer, with who answers for it. */
export interface RuleAccount {
  readonly name: string;
  /** Null for a quarantine, which is state. */
  readonly at: { readonly file: string; readonly line: number } | null;
  readonly because: string | null;
  readonly owner: string | null;
  readonly approvedBy: string | null;
  readonly ticket: string | null;
  /** The instants between which it is in force; null is open. */
  readonly from: string | null;
  readonly until: string | null;
}

/** The answer to one question with everything it rests on, and what would change it. Every text is JSON. */
export interface Explanation {
  readonly question: { readonly from: string; readonly to: string; readonly over: string | null; readonly at: string | null };
  readonly answer: Answer;
  readonly client: EndAccount;
  readonly server: EndAccount;
  readonly rules: readonly RuleAccount[];
  /** Every layer that alone denies, at every end that has a stage for it. */
  readonly denials: readonly Denial[];
  /** What would let a denied question in, or close an allowed one; each was decided again. */
  readonly changes: readonly Change[];
  /** Instants at which a rule begins or ends and the answer turns. */
  readonly turns: readonly { readonly at: string; readonly rules: readonly string[]; readonly answer: Answer; readonly isPast: boolean }[];
  readonly nearest: readonly NearMiss[];
}

/** Explains one question. Only the workloads it concerns are looked at, so it costs the same in any inventory. */
export function explain(set: PolicySet, inventory: Inventory, question: Question): Explanation {
  const one: Case = { set, inventory: concerned(inventory, question), question };
  const world = worldOf(set, one.inventory);
  const answer = answerTo(one);
  const { from, to, over, at } = question;
  const matter = matterOf(one);
  const isJudged = matter !== null && answer.verdict !== "unknown";
  return {
    question: { from, to, over: over === null ? null : pointText(over), at: at === null ? null : instantText(at) },
    answer,
    client: endAccount(world, from, at),
    server: endAccount(world, to, at),
    rules: answer.verdict === "unknown" ? [] : answer.by.map((name) => ruleAccount(set, name)),
    denials: isJudged ? denialsOf(world, matter, judge(world, matter)) : [],
    changes: answer.verdict === "deny" ? openings(one) : answer.verdict === "allow" ? closings(one, answer) : [],
    turns: isJudged ? turnsOf(one, answer) : [],
    nearest: isJudged ? nearMisses(one, matter, answer) : [],
  };
}

/** The workloads that a question names or that ever held its addresses. */
function concerned(inventory: Inventory, { from, to }: Question): Inventory {
  const keys = new Set([from, to].map(ipOf).flatMap((ip) => (ip === undefined ? [] : [ipKey(ip)])));
  return { ...inventory, workloads: inventory.workloads.filter(({ id, leases }) => id === from || id === to || leases.some(({ ip }) => keys.has(ipKey(ip)))) };
}

function ruleAccount(set: PolicySet, name: string): RuleAccount {
  const rule = [...set.forbids, ...openingRules(set)].find((one) => one.name === name);
  const policy = set.policies.find((one) => name.startsWith(`${one.name}/`));
  if (rule === undefined) return { name, at: null, because: null, owner: null, approvedBy: null, ticket: null, from: null, until: null };
  const { register, start, end, at } = rule;
  const text = (key: string): string | null => (Object.hasOwn(register, key) ? [register[key]!].flat().join(", ") : null);
  return {
    name,
    at: { file: at.file, line: at.line },
    because: text("because"),
    owner: text("owner") ?? policy?.owner ?? null,
    approvedBy: text("approved-by"),
    ticket: text("ticket"),
    from: start === null ? null : instantText(start),
    until: end === null ? null : instantText(end),
  };
}

/** The last turn before the instant of the question, and the next one after it. */
function turnsOf(one: Case, answer: Answer): Explanation["turns"] {
  const { at } = one.question;
  const matter = matterOf(one);
  if (at === null || matter === null) return [];
  const timed = [...one.set.forbids, ...openingRules(one.set)].filter((rule) => isTimed(rule) && couldMatch(rule, matter));
  const instants = [...new Set(timed.flatMap(({ start, end }) => [start, end]).filter((instant) => instant !== null))].sort((a, b) => a - b);
  const answerAt = (instant: number): Answer => answerTo({ ...one, question: { ...one.question, at: instant } });
  const turnAt = (instant: number, then: Answer, isPast: boolean) => ({
    at: instantText(instant),
    rules: timed.filter((rule) => rule.start === instant || rule.end === instant).map(({ name }) => name),
    answer: then,
    isPast,
  });
  const next = instants.find((instant) => instant > at && answerAt(instant).verdict !== answer.verdict);
  const last = instants.findLast((instant) => instant <= at && answerAt(instant - 1).verdict !== answer.verdict);
  return [...(last === undefined ? [] : [turnAt(last, answerAt(last - 1), true)]), ...(next === undefined ? [] : [turnAt(next, answerAt(next), false)])];
}

const isTimed = ({ start, end }: Rule): boolean => start !== null || end !== null;

function couldMatch(rule: Rule, { client, server, over }: NonNullable<ReturnType<typeof matterOf>>): boolean {
  return (
    rule.services.some((service) => coversService(service, over)) &&
    rule.from.some((peer) => isPeer(peer, client, 0)) &&
    rule.to.some((peer) => isPeer(peer, server, 0))
  );
}
