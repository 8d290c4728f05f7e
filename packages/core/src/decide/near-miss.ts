import { instantText } from "../base/instant.ts";
import type { Demand, Peer, Rule } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";

import type { KnownEnd } from "./ends.ts";
import type { Matter } from "./judgement.ts";
import { coversService, isInForce, isMet, isPeer } from "./match.ts";
import { peerText, pointText } from "./policy-words.ts";
import { answerTo, type Case, openingRules, withRule } from "./what-if.ts";

/** A rule that matches except for one thing, and the answer if that thing were otherwise. */
export interface NearMiss {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** The one thing, as a clause: "it opens tcp/5432, not tcp/22". */
  readonly misses: string;
  readonly answer: Answer;
}

interface Miss {
  readonly text: string;
  readonly mended: (one: Case) => Case;
}

const mostShown = 6;

/** The rules that would change the answer if one thing of them were otherwise; each was decided again with that change. */
export function nearMisses(one: Case, matter: Matter, answer: Answer): readonly NearMiss[] {
  const isForbid = answer.verdict === "allow";
  const rules = isForbid ? one.set.forbids : openingRules(one.set);
  const found = rules.flatMap((rule): readonly NearMiss[] => {
    const [miss, ...others] = missesOf(rule, matter, isForbid);
    if (miss === undefined || others.length > 0) return [];
    const then = answerTo(miss.mended(one));
    if (then.verdict === answer.verdict && then.layer === answer.layer) return [];
    return [{ rule: rule.name, file: rule.at.file, line: rule.at.line, misses: miss.text, answer: then }];
  });
  const turns = ({ answer: then }: NearMiss): number => (then.verdict === answer.verdict ? 1 : 0);
  return found.toSorted((a, b) => turns(a) - turns(b)).slice(0, mostShown);
}

/** Everything that keeps a rule from matching; empty when it matches. */
function missesOf(rule: Rule, matter: Matter, isForbid: boolean): readonly Miss[] {
  const { client, server, over, at } = matter;
  const rewritten = (text: string, change: Partial<Rule>): Miss => ({ text, mended: (one) => withRule(one, rule.name, (old) => ({ ...old, ...change })) });
  const least = isForbid ? 0 : 2;
  const verb = isForbid ? "forbids" : "opens";
  const misses: Miss[] = [];
  if (!isInForce(rule, at)) misses.push(rewritten(whenText(rule, at), { start: null, end: null }));
  if (!rule.services.some((service) => coversService(service, over)))
    misses.push(
      rewritten(`it ${verb} ${rule.over.join(", ")}, not ${pointText(over)}`, { services: [{ protocol: over.protocol, low: over.port, high: over.port }] }),
    );
  if (!rule.from.some((peer) => isPeer(peer, client, least)))
    misses.push(rewritten(`its from is ${sideText(rule.from, client, least)}`, { from: [{ kind: "anyone" }] }));
  if (!rule.to.some((peer) => isPeer(peer, server, least)))
    misses.push(rewritten(`its to is ${sideText(rule.to, server, least)}`, { to: [{ kind: "anyone" }] }));
  for (const demand of rule.where) {
    const met = isMet(demand, matter);
    if (met === "met" || (isForbid && met === "unknown")) continue;
    misses.push(
      met === "unknown"
        ? toldMiss(demand)
        : rewritten(`it demands ${demandText(demand)}, which is not so`, { where: rule.where.filter((other) => other !== demand) }),
    );
  }
  return misses;
}

/** A fact that nobody told: mended by telling it. */
function toldMiss(demand: Demand): Miss {
  const fact = demand.kind === "encrypted" ? { encrypted: demand.value } : demand.kind === "fact" ? { [demand.fact]: demand.values[0] } : {};
  return {
    text: `it demands ${demandText(demand)}, and nobody told; ask with --facts '${JSON.stringify(fact)}'`,
    mended: (one) => ({ ...one, question: { ...one.question, facts: { ...one.question.facts, ...fact } } }),
  };
}

function demandText(demand: Demand): string {
  switch (demand.kind) {
    case "encrypted":
      return demand.value ? "encryption" : "no encryption";
    case "tier":
      return `a client of identity tier ${demand.least} or more`;
    case "fact":
      return `${demand.fact} ${demand.values.join(" or ")}`;
  }
}

function whenText({ start, end }: Rule, at: number): string {
  return start !== null && at < start ? `it begins at ${instantText(start)}` : `it ended at ${instantText(end ?? at)}`;
}

/** The peers, and what the end lacks where one label alone is wrong. */
function sideText(peers: readonly Peer[], end: KnownEnd, least: number): string {
  const text = peers.map(peerText).join(" or ");
  const clauses = peers.flatMap((peer) => lackOf(peer, end, least));
  return clauses.length === 0 ? text : `${text}: ${clauses[0]}`;
}

function lackOf(peer: Peer, { workload, zone, networks }: KnownEnd, least: number): readonly string[] {
  switch (peer.kind) {
    case "labels": {
      if (workload === null) return ["labels never match a bare address"];
      const wrong = peer.selector.terms.filter(({ key, values }) => !Object.hasOwn(workload.labels, key) || !values.includes(workload.labels[key]!));
      return wrong.length === 1
        ? wrong.map(({ key }) =>
            Object.hasOwn(workload.labels, key) ? `${workload.id} has ${key}=${workload.labels[key]}` : `${workload.id} has no label ${key}`,
          )
        : [];
    }
    case "network":
      return workload === null
        ? [`the address is in ${[...networks].sort().join(", ") || "no network"}`]
        : [`${workload.id} is a workload, and networks hold bare addresses only`];
    case "zone":
      return [`it is in zone ${zone}`];
    case "identity": {
      const identity = workload?.identity ?? null;
      return [
        identity === null ? "it has no recorded identity" : `it is ${identity.name} at tier ${identity.tier}${identity.tier < least ? `, below ${least}` : ""}`,
      ];
    }
    case "workloads":
      return ["it is a bare address"];
    case "anyone":
      return [];
  }
}
