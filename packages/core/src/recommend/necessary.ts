import { ipOf } from "../base/ip.ts";
import { classesOf } from "../decide/end-class.ts";
import { bareEnd, type End, workloadEnd } from "../decide/ends.ts";
import { everyRule } from "../decide/every-rule.ts";
import { judge, type Matter } from "../decide/judgement.ts";
import { changesOf, stretchAt } from "../decide/stretches.ts";
import { verdictOf } from "../decide/verdict.ts";
import type { World } from "../decide/world.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { Dependency } from "./dependency.ts";
import { pointOf } from "../map/service-point.ts";

/** One dependency under the whole recommendation: whether it is allowed, and by which rules of each layer. */
export interface Support {
  readonly dependency: Dependency;
  readonly flow: Flow;
  readonly isAllowed: boolean;
  readonly isForbidden: boolean;
  /** Each a set of rules of which one is enough: boundary, server's or client's segment. */
  readonly alternatives: readonly (readonly string[])[];
}

/** Asks the policy about every flow of every dependency. */
export function supportsOf(world: World, dependencies: readonly Dependency[]): readonly Support[] {
  const ask = asking(world);
  return dependencies.flatMap((dependency) => dependency.flows.map((flow) => ({ dependency, flow, ...ask(flow) })));
}

/** Says whether a rule allows a flow; what nobody guards is open, and no rule's doing. */
export function allowing(world: World): (flow: Flow) => boolean {
  const ask = asking(world);
  return (flow) => {
    const { isAllowed, alternatives } = ask(flow);
    return isAllowed && alternatives.length > 0;
  };
}

type Answer = Pick<Support, "isAllowed" | "isForbidden" | "alternatives">;

const untold: Answer = { isAllowed: false, isForbidden: false, alternatives: [] };

/** Asks about flows; where the policy can tell neither ends, service nor time apart, once. */
function asking(world: World): (flow: Flow) => Answer {
  const rules = everyRule(world.set);
  const forbids = new Set(world.set.forbids);
  const { classOf } = classesOf(world, rules, (rule) => forbids.has(rule));
  const changes = changesOf(world.set);
  const answers = new Map<string, Answer>();
  return (flow) => {
    const [client, server, over, at] = [endOf(world, flow.client), endOf(world, flow.server), pointOf(flow), flow.last ?? 0];
    if (client.kind !== "known" || server.kind !== "known" || over === null) return untold;
    const key = `${classOf(client)} ${classOf(server)} ${over.protocol} ${over.port} ${stretchAt(changes, at)}`;
    const answer = answers.get(key) ?? answerTo(world, { client, server, over, at, facts: {} });
    answers.set(key, answer);
    return answer;
  };
}

function answerTo(world: World, matter: Matter): Answer {
  const { client, server } = matter;
  const judgement = judge(world, matter);
  const boundary = judgement.zonesDiffer ? [[...judgement.conduits, ...judgement.exceptions]] : [];
  const own = server.isGuarded ? judgement.server : judgement.client;
  const isGuarded = client.isGuarded || server.isGuarded;
  const segment = isGuarded ? [[...judgement.commons, ...judgement.exceptions, ...own.allows, ...own.exceptions]] : [];
  return {
    isAllowed: verdictOf(matter, judgement).verdict === "allow",
    isForbidden: judgement.forbids.length > 0,
    alternatives: [...boundary, ...segment],
  };
}

function endOf(world: World, end: FlowEnd): End {
  switch (end.kind) {
    case "contested":
      return { kind: "contested", names: end.holders };
    case "held": {
      const workload = world.workloads.get(end.holder);
      return workload === undefined ? { kind: "unresolved" } : workloadEnd(world, workload, null);
    }
    case "bare": {
      const ip = ipOf(end.address);
      return ip === undefined ? { kind: "unresolved" } : bareEnd(world, ip);
    }
  }
}

/** Of the rules that were drafted, those that go because others allow all of their evidence; the one with least evidence first. */
export function needless(supports: readonly Support[], drafted: readonly string[]): ReadonlySet<string> {
  const uses = new Map<string, number[]>(drafted.map((name) => [name, []]));
  const counts: number[] = [];
  for (const { alternatives } of supports)
    for (const names of alternatives) {
      const at = counts.push(names.length) - 1;
      for (const name of names) uses.get(name)?.push(at);
    }
  const gone = new Set<string>();
  for (const [name, all] of [...uses].sort(([, a], [, b]) => a.length - b.length)) {
    if (all.some((at) => counts[at] === 1)) continue;
    gone.add(name);
    for (const at of all) counts[at]! -= 1;
  }
  return gone;
}
