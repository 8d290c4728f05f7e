import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { type Conditions, conditionsOf, knownFacts } from "../decide/known-facts.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { RuleIndex } from "../decide/rule-index.ts";
import type { Disagreement, Rechecking } from "../decide/second-engine.ts";
import { servicesText } from "../decide/services-text.ts";
import type { World } from "../decide/world.ts";
import type { Answer, Question } from "../model/question.ts";
import type { ServicePoint } from "../model/service.ts";
import { administrationPoints } from "../model/administration.ts";
import { type Basis, isDiscovery, isOpen, saidBetween } from "./allowed.ts";
import type { Names } from "./names.ts";
import type { Known, Place, Whom } from "./whom.ts";

/** One step, with what makes it possible. */
export interface StepAccount {
  readonly from: string;
  readonly to: string;
  readonly over: readonly string[];
  /** The services of administration among them. */
  readonly administration: readonly string[];
  /** What has to be known of a conversation; one empty one where nothing has. */
  readonly conditions: readonly Conditions[];
  /** Every rule that opens any of these services; none where nothing guards, or where what is denied is not blocked. */
  readonly rules: readonly { readonly name: string; readonly file: string; readonly line: number }[];
  /** A question that shows it, with the answer of `decide`. */
  readonly witness: { readonly question: Question; readonly answer: Answer };
}

/** What steps are told from. */
export interface Telling {
  readonly world: World;
  readonly index: RuleIndex;
  readonly whom: Whom;
  readonly names: Names;
  readonly at: Instant;
  readonly basis: Basis;
  readonly again: Rechecking;
  /** Whose policy it is, where there are two. */
  readonly policy: Disagreement["policy"];
}

/** Tells of a step between two places, which has to be one; `decide` is asked about each kind of service of it. */
export function stepAccount(telling: Telling, client: number, server: number): StepAccount {
  const { world, index, whom, names, at, basis } = telling;
  const [one, other] = [whom.places[client]!, whom.places[server]!];
  const open = saidBetween(index, { client: one.ofClass, server: other.ofClass, at }).filter(({ said }) => isOpen(basis, said));
  const intervals = [...new Set(open.flatMap((way) => way.intervals))].sort((a, b) => a - b);
  const administration = administrationPoints.filter(({ protocol, port }) => intervals.includes(index.intervalOf(protocol, port)));
  const [from, to] = pairOf(one, other);
  const asked = open.map(({ facts, intervals: alike, said }) => {
    const question: Question = { from, to, over: pointIn(index, alike, administration), at, facts };
    return {
      isTelling: alike.some((interval) => interval > 0),
      question,
      answer: telling.again.ask({ question, of: [{ world, policy: telling.policy, said }] })[0]!,
    };
  });
  // Where points let through what the policy denies, no rule is why.
  const passing = asked.filter(({ answer }) => answer.verdict !== "allow");
  const opening = new Set(passing.length > 0 ? [] : asked.flatMap(({ answer }) => answer.by));
  const rules = everyRule(world.set).filter(({ name }) => opening.has(name));
  const { question, answer } = passing[0] ?? asked.find(({ isTelling }) => isTelling) ?? asked[0]!;
  return {
    from: names.of(client),
    to: names.of(server),
    over: overText(index, intervals),
    administration: [...new Set(administration.map(({ name }) => name))],
    conditions: conditionsOf(knownFacts(index.rulesFrom(one.ofClass)), [...new Set(open.map(({ facts }) => facts))]),
    rules: rules.map(({ name, at: { file, line } }) => ({ name, file, line })).sort((a, b) => byCodePoint(a.name, b.name)),
    witness: { question, answer },
  };
}

/** Services as policy text has them; all but neighbour discovery, which nobody asks about, is any. */
function overText(index: RuleIndex, intervals: readonly number[]): readonly string[] {
  const every = [...index.space.samples.keys()];
  return servicesText(index.space, intervals.length === every.filter((interval) => !isDiscovery(index, interval)).length ? every : intervals);
}

/** A member of each, who are two where there are two, and workloads where there are any: they alone can be a step between. */
export function pairOf({ members: clients }: Place, { members: servers }: Place): readonly [from: string, to: string] {
  const isWorkload = ({ workload }: Known): boolean => workload !== null;
  const { text: from } = clients.find(isWorkload) ?? clients[0]!;
  const isOther = ({ text }: Known): boolean => text !== from;
  const to = servers.find((one) => isWorkload(one) && isOther(one)) ?? servers.find(isOther);
  return [from, to?.text ?? from];
}

/** A service of some intervals: one of administration, else one that rules name, else what there is. */
function pointIn({ space, intervalOf }: RuleIndex, intervals: readonly number[], administration: readonly ServicePoint[]): ServicePoint {
  const some = new Set(intervals);
  const known = administration.find(({ protocol, port }) => some.has(intervalOf(protocol, port)));
  if (known !== undefined) return { protocol: known.protocol, port: known.port };
  return space.samples[intervals.find((interval) => interval > 0) ?? intervals[0]!]!;
}
