import { ipOf } from "../base/ip.ts";
import { bareEnd, type End, workloadEnd } from "../decide/ends.ts";
import { judge, type Matter } from "../decide/judgement.ts";
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
  /** Each a set of rules of which one is enough: boundary, server's or client's segment. */
  readonly alternatives: readonly (readonly string[])[];
}

/** Asks the policy about every flow of every dependency. */
export function supportsOf(world: World, dependencies: readonly Dependency[]): readonly Support[] {
  return dependencies.flatMap((dependency) => {
    // Labels decide for workloads: one flow speaks for all. Addresses lie in networks of their own.
    const isUniform = dependency.client.peer.kind === "labels" && dependency.server.peer.kind === "labels";
    const supports = (isUniform ? dependency.flows.slice(0, 1) : dependency.flows).map((flow) => supportOf(world, dependency, flow));
    return isUniform ? dependency.flows.map((flow) => ({ ...supports[0]!, flow })) : supports;
  });
}

function supportOf(world: World, dependency: Dependency, flow: Flow): Support {
  const [client, server, over] = [endOf(world, flow.client), endOf(world, flow.server), pointOf(flow)];
  if (client.kind !== "known" || server.kind !== "known" || over === null) return { dependency, flow, isAllowed: false, alternatives: [] };
  const matter: Matter = { client, server, over, at: flow.last ?? 0, facts: {} };
  const judgement = judge(world, matter);
  const boundary = judgement.zonesDiffer ? [[...judgement.conduits, ...judgement.exceptions]] : [];
  const own = server.isGuarded ? judgement.server : judgement.client;
  const isGuarded = client.isGuarded || server.isGuarded;
  const segment = isGuarded ? [[...judgement.commons, ...judgement.exceptions, ...own.allows, ...own.exceptions]] : [];
  return { dependency, flow, isAllowed: verdictOf(matter, judgement).verdict === "allow", alternatives: [...boundary, ...segment] };
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
