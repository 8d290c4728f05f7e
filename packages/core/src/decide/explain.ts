import { instantText } from "../base/instant.ts";
import type { Rule, PolicySet } from "../model/policy-set.ts";
import type { Answer, Question } from "../model/question.ts";
import type { Inventory } from "../model/workload.ts";
import { matterOf } from "./change-steps.ts";
import { type Change, closings, openings } from "./changes.ts";
import { type Denial, denialsOf } from "./effect.ts";
import { endAccount, type EndAccount } from "./end-account.ts";
import { type FloorAccount, floorAccounts, type HostFloor } from "./host-floor.ts";
import { judge, type Matter } from "./judgement.ts";
import { type LayerAccount, layerAccounts } from "./layer-account.ts";
import { couldMatch } from "./match.ts";
import { type NearMiss, nearMisses } from "./near-miss.ts";
import { pointText } from "./policy-words.ts";
import { readAnswers, type ReadAnswers } from "./read-answers.ts";
import { type ToldFacts, toldFacts } from "./told-facts.ts";
import { answerTo, type Case, concerned, openingRules } from "./what-if.ts";
import { type World, worldOf } from "./world.ts";

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

/** The answer to one question with everything it rests on, and what would change it; its readings where it is unknown. Every text is JSON. */
export interface Explanation extends ReadAnswers {
  readonly question: { readonly from: string; readonly to: string; readonly over: string | null; readonly at: string | null };
  readonly answer: Answer;
  readonly client: EndAccount;
  readonly server: EndAccount;
  readonly rules: readonly RuleAccount[];
  /** What each layer says, those that are silent too. */
  readonly layers: readonly LayerAccount[];
  /** Every layer that alone denies, at every end that has a stage for it. */
  readonly denials: readonly Denial[];
  /** What the points of hosts pass whatever the policy says; `effect` knows nothing of it. */
  readonly floor: readonly FloorAccount[];
  /** Whether that lets through what would be blocked; a point at a border has no such floor. */
  readonly passesByFloor: boolean;
  /** What would let a denied question in, or close an allowed one, the smallest first; each was decided again. */
  readonly changes: readonly Change[];
  /** What facts that nobody told would change. */
  readonly told: readonly ToldFacts[];
  /** Instants at which a rule begins or ends and the answer turns. */
  readonly turns: readonly { readonly at: string; readonly rules: readonly string[]; readonly answer: Answer; readonly isPast: boolean }[];
  readonly nearest: readonly NearMiss[];
}

/** Explains one question; `floor` is that of the host on which it is asked. Only the workloads it concerns are looked at, so it costs the same in any inventory. */
export function explain(set: PolicySet, inventory: Inventory, question: Question, floor: HostFloor | null = null): Explanation {
  const one = concerned({ set, inventory, question });
  const world = worldOf(set, one.inventory);
  const answer = answerTo(one);
  const { from, to, over, at } = question;
  const matter = matterOf(one);
  return {
    question: { from, to, over: over === null ? null : pointText(over), at: at === null ? null : instantText(at) },
    answer,
    client: endAccount(world, from, at),
    server: endAccount(world, to, at),
    ...(matter === null ? { ...unjudged, ...readAnswers(one) } : judgedOf(one, { world, matter, answer, floor })),
  };
}

type Judged = Omit<Explanation, "question" | "answer" | "client" | "server">;

const unread: ReadAnswers = { readings: [], readingsOmitted: 0 };
const unjudged: Judged = { ...unread, rules: [], layers: [], denials: [], floor: [], passesByFloor: false, changes: [], told: [], turns: [], nearest: [] };

interface Around {
  readonly world: World;
  readonly matter: Matter;
  readonly answer: Answer;
  readonly floor: HostFloor | null;
}

function judgedOf(one: Case, { world, matter, answer, floor }: Around): Judged {
  const judgement = judge(world, matter);
  const [denials, accounts] = [denialsOf(world, matter, judgement), floorAccounts(matter, floor)];
  const blocking = denials.filter(({ stage, hasPoint }) => hasPoint && stage === "enforce");
  const hasBorders = world.inventory.points.some(({ live }) => live);
  return {
    rules: answer.by.map((name) => ruleAccount(one.set, name)),
    layers: layerAccounts(world, matter, judgement, answer),
    denials,
    floor: accounts,
    passesByFloor: blocking.length > 0 && !hasBorders && blocking.every((denial) => accounts.some(({ end }) => end === denial.end)),
    changes: answer.verdict === "deny" ? openings(one, answer) : closings(one, answer),
    told: toldFacts(one, matter, answer),
    ...unread,
    turns: turnsOf(one, answer),
    nearest: nearMisses(one, matter, answer),
  };
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
  const { at, from, to } = one.question;
  const matter = matterOf(one);
  if (at === null || matter === null) return [];
  const timed = [...one.set.forbids, ...openingRules(one.set)].filter((rule) => isTimed(rule) && couldMatch(rule, matter));
  const instants = [...new Set(timed.flatMap(({ start, end }) => [start, end]).filter((instant) => instant !== null))].sort((a, b) => a - b);
  // Rules are told of here: that an address had another holder then is no turn of theirs.
  const ends = { from: matter.client.workload?.id ?? from, to: matter.server.workload?.id ?? to };
  const answerAt = (instant: number): Answer => answerTo({ ...one, question: { ...one.question, ...ends, at: instant } });
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
