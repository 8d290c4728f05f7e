import { sortedOnce } from "../base/order.ts";
import type { Answer, Effect, Question } from "../model/question.ts";
import { denialsOf, isBlocked } from "./effect.ts";
import { endOf } from "./ends.ts";
import { judge, type Matter } from "./judgement.ts";
import { isNeighbourDiscovery } from "./neighbour-discovery.ts";
import { verdictOf } from "./verdict.ts";
import type { World } from "./world.ts";

/** The product: what the policy says about one question, and what happens on the wire (MEANING §2 and §3). */
export function decide(world: World, question: Question): Answer {
  const { over, at, facts } = question;
  const [client, server] = [endOf(world, question.from, at), endOf(world, question.to, at)];
  const contested = [client, server].flatMap((end) => (end.kind === "contested" ? end.names : []));
  if (contested.length > 0) return { verdict: "unknown", layer: "contested", by: sortedOnce(contested), effect: effectOfUnknown(question) };
  if (client.kind !== "known" || server.kind !== "known" || over === null || at === null)
    return { verdict: "unknown", layer: "unresolved", by: [], effect: effectOfUnknown(question) };

  return answerBetween(world, { client, server, over, at, facts });
}

/** The answer between two ends that are known, or read in one way. */
export function answerBetween(world: World, matter: Matter): Answer {
  const judgement = judge(world, matter);
  const effect = isNeighbourDiscovery(matter.over) || !isBlocked(denialsOf(world, matter, judgement)) ? "pass" : "block";
  return { ...verdictOf(matter, judgement), effect };
}

const effectOfUnknown = ({ over }: Question): Effect => (over !== null && isNeighbourDiscovery(over) ? "pass" : "unknown");
