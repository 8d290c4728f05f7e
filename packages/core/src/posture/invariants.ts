import { byCodePoint } from "../base/order.ts";
import { chances } from "../base/stratified-sample.ts";
import { decide } from "../decide/decide.ts";
import { everyRule } from "../decide/every-rule.ts";
import { combinations, combinationsOf, knownFacts } from "../decide/known-facts.ts";
import { coversService, isInForce, isMet, isPeer, placeless } from "../decide/match.ts";
import { outcomeOf, ruleIndex, type RuleIndex } from "../decide/rule-index.ts";
import { type Engine, rechecking, type SecondEngine } from "../decide/second-engine.ts";
import type { Peer, Rule } from "../model/policy-set.ts";
import type { Facts } from "../model/question.ts";
import type { Permitted } from "./permitted.ts";

/** What must never be possible, and whether the policy makes it so. */
export interface Invariant {
  readonly forbid: Rule;
  /** `nobody`: no end is known that it speaks of. `not-in-force`: it begins later, or is over. */
  readonly state: "holds" | "broken" | "nobody" | "not-in-force";
  /** Kinds of clients × kinds of servers × services × kinds of facts: how many there are, how many of them were asked, how many are allowed. */
  readonly questions: number;
  readonly asked: number;
  readonly allowed: number;
  /** Opening rules that speak of some of the same questions, sorted. */
  readonly against: readonly string[];
}

export interface Invariants {
  readonly each: readonly Invariant[];
  readonly secondEngine: SecondEngine;
}

// A second of look-ups for each forbid; beyond it so many are drawn, and it is said.
const usuallyMost = 20_000_000;
// More kinds of facts than this, and only those of the forbid itself are told apart.
const factsMost = 64;
const againOfEach = 200;
const seed = 1;

/** What answers; a test puts broken ones in their places. */
export interface Engines {
  readonly index?: RuleIndex;
  readonly engine?: Engine;
  /** Of more questions than this so many are drawn. */
  readonly askedMost?: number;
}

/** Every forbid asked about everything that it speaks of: the index answers, and `decide` again for some of each. */
export function invariantsOf(permitted: Permitted, { index = ruleIndex(permitted.world), engine = decide, askedMost = usuallyMost }: Engines = {}): Invariants {
  const classOf = permitted.alike.map(({ end }) => index.classOf(end));
  const again = rechecking(engine);
  const each = permitted.world.set.forbids.map((forbid) => invariantOf(permitted, { forbid, index, classOf, again, askedMost }));
  const verdicts = each.reduce((sum, one) => sum + one.asked, 0);
  const isWhole = each.every(({ asked }) => asked < againOfEach * 2);
  return {
    each,
    secondEngine: again.result({ verdicts, sample: isWhole ? null : { how: `${againOfEach} of each forbid, or all where there are fewer`, seed } }),
  };
}

interface Around {
  readonly forbid: Rule;
  readonly index: RuleIndex;
  /** The class in the index of each kind of ends. */
  readonly classOf: readonly number[];
  readonly again: ReturnType<typeof rechecking>;
  readonly askedMost: number;
}

/** Everything that a forbid speaks of. */
interface Spoken {
  readonly clients: readonly number[];
  readonly servers: readonly number[];
  readonly intervals: readonly number[];
  readonly facts: readonly Facts[];
}

function invariantOf(permitted: Permitted, around: Around): Invariant {
  const { forbid } = around;
  const spoken = spokenOf(permitted, forbid);
  const questions = spoken.clients.length * spoken.servers.length * spoken.intervals.length * spoken.facts.length;
  const against = againstIt(permitted, spoken);
  if (!isInForce(forbid, permitted.at)) return { forbid, state: "not-in-force", questions, asked: 0, allowed: 0, against };
  if (questions === 0) return { forbid, state: "nobody", questions, asked: 0, allowed: 0, against };
  const { asked, allowed } = asking(permitted, around, { spoken, questions });
  return { forbid, state: allowed === 0 ? "holds" : "broken", questions, asked, allowed, against };
}

function spokenOf({ world, alike, space }: Permitted, forbid: Rule): Spoken {
  const among = (peers: readonly Peer[]): readonly number[] => alike.flatMap(({ end }, number) => (peers.some((peer) => isPeer(peer, end, 0)) ? [number] : []));
  const all = knownFacts(everyRule(world.set));
  const facts = combinations(combinationsOf(all) > factsMost ? knownFacts([forbid]) : all);
  return {
    clients: among(forbid.from),
    servers: among(forbid.to),
    intervals: space.samples.flatMap((point, interval) => (forbid.services.some((service) => coversService(service, point)) ? [interval] : [])),
    facts: facts.filter((some) => forbid.where.every((demand) => isMet(demand, { client: placeless(null), facts: some }) !== "not-met")),
  };
}

function againstIt({ world, alike, space }: Permitted, { clients, servers, intervals }: Spoken): readonly string[] {
  const forbids = new Set(world.set.forbids);
  const isAny = (peers: readonly Peer[], numbers: readonly number[]): boolean =>
    numbers.some((number) => peers.some((peer) => isPeer(peer, alike[number]!.end, 2)));
  return everyRule(world.set)
    .filter((rule) => !forbids.has(rule) && intervals.some((interval) => rule.services.some((service) => coversService(service, space.samples[interval]!))))
    .filter(({ from, to }) => isAny(from, clients) && isAny(to, servers))
    .map(({ name }) => name)
    .sort(byCodePoint);
}

/** Asks the index, and of some `decide` again. */
function asking(
  { world, alike, space, at }: Permitted,
  { index, classOf, again, askedMost }: Around,
  { spoken, questions }: { readonly spoken: Spoken; readonly questions: number },
): Pick<Invariant, "asked" | "allowed"> {
  const { clients, servers, intervals, facts } = spoken;
  const chance = chances(seed);
  const asIndexed = space.samples.map(({ protocol, port }) => index.intervalOf(protocol, port));
  const slices = facts.map((some) => index.during(at, some));
  const asked = Math.min(questions, askedMost);
  const every = Math.max(1, Math.floor(asked / againOfEach));
  let place = 0;
  // A draw has 32 bits, and all together may be more: each is drawn by itself.
  const next = (below: number): number => {
    if (questions > askedMost) return chance(below);
    const own = place % below;
    place = (place - own) / below;
    return own;
  };
  let allowed = 0;
  for (let count = 0; count < asked; count += 1) {
    place = count;
    const interval = intervals[next(intervals.length)]!;
    const server = servers[next(servers.length)]!;
    const client = clients[next(clients.length)]!;
    const known = next(facts.length);
    const said = outcomeOf(slices[known]!.ask(classOf[client]!, classOf[server]!, asIndexed[interval]!));
    if (said.verdict === "allow") allowed += 1;
    if (count % every !== 0) continue;
    const question = { from: alike[client]!.text, to: alike[server]!.text, over: space.samples[interval]!, at, facts: facts[known]! };
    again.ask({ question, of: [{ world, policy: null, said }] });
  }
  return { asked, allowed };
}
