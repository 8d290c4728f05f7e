import { instantText } from "../base/instant.ts";
import { ipText } from "../base/ip.ts";
import { shellWord } from "../base/shell-word.ts";
import type { Demand, Peer, Rule, Selector } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";
import type { KnownEnd } from "./ends.ts";
import type { Matter } from "./judgement.ts";
import { coversService, isInForce, isMet, isPeer, isSelected } from "./match.ts";
import { pointText } from "./policy-words.ts";
import { answerTo, type Case, openingRules, withRule } from "./what-if.ts";

/** A rule that matches except for one thing, and the answer if that thing were otherwise. */
export interface NearMiss {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** The one thing, as a clause behind "it would match": "if role of web-1 were api (it is web)". */
  readonly would: string;
  readonly answer: Answer;
}

/** One label that a selector asks for. */
export type SelectorTerm = Selector["terms"][number];

/** What an end lacks to be one of a side's peers. */
export interface SideMiss {
  readonly kind: "from" | "to";
  readonly would: string;
  /** The peer that it misses by the least. */
  readonly peer: Peer;
  /** The labels that would have to be otherwise; none where no labels would do. */
  readonly wrong: readonly SelectorTerm[];
}

/** One thing that keeps a rule from matching. */
export type Miss =
  | SideMiss
  | { readonly kind: "date" | "port"; readonly would: string }
  | { readonly kind: "untold"; readonly would: string; readonly facts: Case["question"]["facts"] }
  | { readonly kind: "unmet"; readonly would: string; readonly demand: Demand };

const mostShown = 6;
// Each is decided again, three times over, and thousands of rules may miss by one thing: the nearest are enough.
const mostTried = 40;
// A rule that asks for three other labels speaks of somebody else.
const wrongMost = 2;

/** The rules that would change the answer if one thing of them were otherwise; each was decided again with that change. */
export function nearMisses(one: Case, matter: Matter, answer: Answer): readonly NearMiss[] {
  const found = missingOne(one, matter, answer).flatMap(({ rule, miss }): readonly NearMiss[] => {
    const then = answerTo(mended(one, rule, miss, matter));
    if (then.verdict === answer.verdict && then.layer === answer.layer) return [];
    return [{ rule: rule.name, file: rule.at.file, line: rule.at.line, would: miss.would, answer: then }];
  });
  const turns = ({ answer: then }: NearMiss): number => (then.verdict === answer.verdict ? 1 : 0);
  return found.toSorted((a, b) => turns(a) - turns(b)).slice(0, mostShown);
}

/** The rules that could turn a verdict and miss by one thing, the nearest first: forbids where it is allow, rules that open elsewhere. */
export function missingOne({ set }: Case, matter: Matter, { verdict }: Answer): readonly { readonly rule: Rule; readonly miss: Miss }[] {
  const isForbid = verdict === "allow";
  const found = (isForbid ? set.forbids : openingRules(set)).flatMap((rule) => {
    const [miss, ...others] = missesOf(rule, matter, isForbid);
    return miss === undefined || others.length > 0 || ("wrong" in miss && miss.wrong.length > wrongMost) ? [] : [{ rule, miss }];
  });
  return found.toSorted((a, b) => farness(a.miss) - farness(b.miss)).slice(0, mostTried);
}

/** A date, a service or a fact is nearer than a label, a label nearer than what an end is. */
function farness(miss: Miss): number {
  if (!("wrong" in miss)) return 0;
  return miss.wrong.length === 0 ? wrongMost + 1 : miss.wrong.length;
}

/** The case as it would be if the one thing were otherwise, in this rule alone. */
function mended(one: Case, { name, where }: Rule, miss: Miss, { over }: Matter): Case {
  const changed = (change: Partial<Rule>): Case => withRule(one, name, (old) => ({ ...old, ...change }));
  switch (miss.kind) {
    case "date":
      return changed({ start: null, end: null });
    case "port":
      return changed({ services: [{ protocol: over.protocol, low: over.port, high: over.port }] });
    case "from":
    case "to":
      return changed({ [miss.kind]: [{ kind: "anyone" }] });
    case "untold":
      return withFacts(one, miss.facts);
    case "unmet":
      return changed({ where: where.filter((other) => other !== miss.demand) });
  }
}

/** The same case with more facts told. */
export const withFacts = (one: Case, facts: Case["question"]["facts"]): Case => ({
  ...one,
  question: { ...one.question, facts: { ...one.question.facts, ...facts } },
});

/** Everything that keeps a rule from matching; empty when it matches. */
function missesOf(rule: Rule, matter: Matter, isForbid: boolean): readonly Miss[] {
  const { client, server, over, at } = matter;
  const least = isForbid ? 0 : 2;
  const misses: Miss[] = [];
  if (!isInForce(rule, at)) misses.push({ kind: "date", would: whenText(rule, at) });
  if (!rule.services.some((service) => coversService(service, over)))
    misses.push({ kind: "port", would: `if it named ${pointText(over)} (it names ${rule.over.join(", ") || "nothing"})` });
  if (!rule.from.some((peer) => isPeer(peer, client, least))) misses.push({ kind: "from", ...nearestPeer(rule.from, client, least) });
  if (!rule.to.some((peer) => isPeer(peer, server, least))) misses.push({ kind: "to", ...nearestPeer(rule.to, server, least) });
  for (const demand of rule.where) {
    const met = isMet(demand, matter);
    if (met === "not-met") misses.push({ kind: "unmet", demand, would: `if there were ${demandText(demand)}, and there is not` });
    if (met === "unknown" && !isForbid) misses.push(untold(demand));
  }
  return misses;
}

/** A fact that nobody told. */
function untold(demand: Demand): Miss {
  const facts = demand.kind === "encrypted" ? { encrypted: demand.value } : demand.kind === "fact" ? { [demand.fact]: demand.values[0] } : {};
  return { kind: "untold", facts, would: `if it were known that there is ${demandText(demand)}: ask with --facts ${shellWord(JSON.stringify(facts))}` };
}

function demandText(demand: Demand): string {
  switch (demand.kind) {
    case "encrypted":
      return demand.value ? "encryption" : "no encryption";
    case "tier":
      return `a client of identity tier ${demand.least} or more`;
    case "fact":
      return `the ${demand.fact} ${demand.values.join(" or ")}`;
  }
}

function whenText({ start, end }: Rule, at: number): string {
  return start !== null && at < start ? `if it had begun: it begins at ${instantText(start)}` : `if it had not ended at ${instantText(end ?? at)}`;
}

type PeerMiss = Omit<SideMiss, "kind">;

/** Of several peers, the one that an end misses by the fewest labels. */
function nearestPeer(peers: readonly Peer[], end: KnownEnd, least: number): PeerMiss {
  const each = peers.map((peer): PeerMiss => ({ peer, ...peerMiss(peer, end, least) }));
  const far = ({ wrong }: PeerMiss): number => (wrong.length === 0 ? Infinity : wrong.length);
  return each.toSorted((a, b) => far(a) - far(b))[0]!;
}

/** What an end lacks to be a peer. */
function peerMiss(peer: Peer, end: KnownEnd, least: number): Omit<PeerMiss, "peer"> {
  const { workload, zone, networks } = end;
  const name = workload?.id ?? end.addresses.map(ipText).join();
  switch (peer.kind) {
    case "labels": {
      const { terms } = peer.selector;
      if (workload === null)
        return { wrong: [], would: `if ${name} were a workload with ${terms.map(labelText).join(" and ")} (labels never match a bare address)` };
      const wrong = terms.filter((term) => !isSelected({ terms: [term] }, workload.labels));
      return { wrong, would: `if ${wrong.map((term) => wrongText(term, workload)).join(" and ")}` };
    }
    case "network": {
      const what = `network ${peer.names.join(" or ")}`;
      const is = workload === null ? `it is in ${[...networks].sort().join(", ") || "none"}` : "it is a workload, and networks hold bare addresses only";
      return { wrong: [], would: `if ${name} were in ${what} (${is})` };
    }
    case "zone":
      return { wrong: [], would: `if ${name} were in zone ${peer.names.join(" or ")} (it is in ${zone})` };
    case "identity": {
      const identity = workload?.identity ?? null;
      const is = identity === null ? "it has no recorded identity" : `it is ${identity.name} at tier ${identity.tier}`;
      return { wrong: [], would: `if ${name} were ${peer.patterns.join(" or ")}${least > 0 ? ` at tier ${least} or more` : ""} (${is})` };
    }
    case "workloads":
      return { wrong: [], would: `if ${name} were a workload (it is a bare address)` };
    case "anyone":
      return { wrong: [], would: "" };
  }
}

const labelText = ({ key, values }: SelectorTerm): string => `${key}=${values.join(" or ")}`;

function wrongText({ key, values }: SelectorTerm, { id, labels }: NonNullable<KnownEnd["workload"]>): string {
  return Object.hasOwn(labels, key)
    ? `${key} of ${id} were ${values.join(" or ")} (it is ${labels[key]})`
    : `${id} had ${labelText({ key, values })} (it has no ${key})`;
}
