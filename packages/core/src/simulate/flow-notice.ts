import type { Instant } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { denialsOf, isBlocked } from "../decide/effect.ts";
import { bareEnd, type End, type KnownEnd, workloadEnd } from "../decide/ends.ts";
import { judge, type Matter } from "../decide/judgement.ts";
import { forbids, opens } from "../decide/match.ts";
import { verdictOf } from "../decide/verdict.ts";
import { type World, worldOf } from "../decide/world.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { Policy, Rule } from "../model/policy-set.ts";
import { pointOf } from "../map/service-point.ts";
import type { Mutant } from "./mutants.ts";

/** Whether some recorded flow gets another verdict under a mutant. */
export type FlowNotice = (mutant: Pick<Mutant, "was" | "is" | "set" | "mutation">) => boolean;

/** Holds recorded flows against mutants of a world's policy, each flow at its first instant. */
export function flowNotice(world: World, flows: Iterable<Flow>): FlowNotice {
  const matters = mattersOf(world, flows);
  const isForbid = new Set(world.set.forbids);
  const matches = (rule: Rule | null, kind: Rule | null, matter: Matter): boolean =>
    rule !== null && (kind !== null && isForbid.has(kind) ? forbids(rule, matter) : opens(rule, matter));
  return ({ was, is, set, mutation }) => {
    const touched = was === null ? matters : matters.filter((matter) => matches(was, was, matter) !== matches(is, was, matter));
    if (touched.length === 0) return false;
    if (was === null)
      return isGuardNoticed({ before: world, after: worldOf(set, world.inventory), said: mutation === "stage" ? effectIn : verdictIn }, touched);
    const after = { ...world, set };
    const policies = new Map(set.policies.map((policy) => [policy.name, policy]));
    return touched.some((matter) => verdictIn(world, matter) !== verdictIn(after, withPolicies(matter, policies)));
  };
}

const verdictIn = (world: World, matter: Matter): string => verdictOf(matter, judge(world, matter)).verdict;

/** The same question, of ends that have the policies of the mutant. */
function withPolicies(matter: Matter, policies: ReadonlyMap<string, Policy>): Matter {
  const own = (end: KnownEnd): KnownEnd => ({ ...end, policy: end.policy === null ? null : (policies.get(end.policy.name) ?? null) });
  return { ...matter, client: own(matter.client), server: own(matter.server) };
}

const effectIn = (world: World, matter: Matter): string => (isBlocked(denialsOf(world, matter, judge(world, matter))) ? "block" : "pass");

interface Worlds {
  readonly before: World;
  readonly after: World;
  readonly said: (world: World, matter: Matter) => string;
}

/** Where something else than a rule differs, the ends do. */
function isGuardNoticed({ before, after, said }: Worlds, matters: readonly Matter[]): boolean {
  const again = (end: KnownEnd, at: Instant): End => (end.workload === null ? bareEnd(after, end.addresses[0]!) : workloadEnd(after, end.workload, at));
  return matters.some((matter) => {
    const [client, server] = [again(matter.client, matter.at), again(matter.server, matter.at)];
    return client.kind === "known" && server.kind === "known" && said(before, matter) !== said(after, { ...matter, client, server });
  });
}

/** The questions that flows ask, each once; what nobody can tell is none. */
function mattersOf(world: World, flows: Iterable<Flow>): readonly Matter[] {
  const matters = new Map<string, Matter>();
  for (const flow of flows) {
    const [over, at] = [pointOf(flow), flow.first];
    if (over === null || at === null) continue;
    const [client, server] = [endIn(world, flow.client, at), endIn(world, flow.server, at)];
    if (client?.kind !== "known" || server?.kind !== "known") continue;
    matters.set(JSON.stringify([flow.client, flow.server, over, at]), { client, server, over, at, facts: {} });
  }
  return [...matters.values()];
}

function endIn(world: World, end: FlowEnd, at: Instant): End | null {
  switch (end.kind) {
    case "contested":
      return null;
    case "held": {
      const workload = world.workloads.get(end.holder);
      return workload === undefined ? null : workloadEnd(world, workload, at);
    }
    case "bare": {
      const ip = ipOf(end.address);
      return ip === undefined ? null : bareEnd(world, ip);
    }
  }
}
