import { addTo } from "../base/lists.ts";
import type { PolicyFile } from "../language/read.ts";
import { readPolicySet } from "../language/read.ts";
import type { Flow } from "../model/flow.ts";
import { dependenciesOf } from "./dependencies.ts";
import type { Dependency, ProposalWorkload } from "./dependency.ts";
import { type Support, supportsOf } from "./necessary.ts";
import { worldWith } from "./proven.ts";
import { type Scope, touches } from "./scope.ts";
import { sideWords } from "./side-word.ts";
import { sidesOf } from "./sides.ts";

/** What a policy, made from earlier days, says of what was seen later; suspicious flows are left out, as they are when one learns. */
export interface JudgedLater {
  readonly dependencies: number;
  readonly connections: number;
  /** Dependencies that only rules for what was likely allowed: they came true. */
  readonly cameTrue: number;
  /** The dependencies of which something would be denied, with the connections that would be; most first. */
  readonly denied: readonly DeniedLater[];
}

export interface DeniedLater {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly connections: number;
  readonly last: number | null;
  /** The one of its flows that was seen last. */
  readonly example: Flow;
}

/** Judges flows that were not learned from, those that touch the scope if there is one; dependencies are counted between roles, however fine the rules are. */
export function judgedLater(
  flows: readonly Flow[],
  {
    files,
    workloads,
    present,
    likely = [],
    scope,
  }: {
    readonly files: readonly PolicyFile[];
    readonly workloads: readonly ProposalWorkload[];
    readonly present: readonly PolicyFile[];
    readonly likely?: readonly string[];
    readonly scope?: Scope | undefined;
  },
): JudgedLater {
  const sides = sidesOf(workloads, readPolicySet(present).set);
  const all = dependenciesOf(flows, sides).dependencies;
  const dependencies = scope === undefined ? all : all.filter(touches(scope));
  const world = worldWith([...present, ...files], workloads);
  // Machine by machine: rules may name less than a role.
  const supports = new Map<Dependency, Support[]>();
  for (const support of supportsOf(world, dependencies)) addTo(supports, support.dependency, support);
  const denied = dependencies.flatMap((one): readonly DeniedLater[] => {
    const refused = supports.get(one)!.flatMap(({ isAllowed, flow }) => (isAllowed ? [] : [flow]));
    if (refused.length === 0) return [];
    const example = refused.reduce((latest, flow) => ((flow.last ?? 0) > (latest.last ?? 0) ? flow : latest));
    return [
      {
        from: sideWords(one.client),
        to: sideWords(one.server),
        service: one.service,
        connections: refused.reduce((sum, { connections }) => sum + connections, 0),
        last: example.last,
        example,
      },
    ];
  });
  const guesses = new Set(likely);
  const isGuessed = (names: readonly string[]): boolean => names.length > 0 && names.every((name) => guesses.has(name));
  return {
    cameTrue: dependencies.filter((one) => supports.get(one)!.every((support) => support.isAllowed && support.alternatives.some(isGuessed))).length,
    dependencies: dependencies.length,
    connections: dependencies.reduce((sum, one) => sum + one.flows.reduce((own, flow) => own + flow.connections, 0), 0),
    denied: denied.toSorted((a, b) => b.connections - a.connections),
  };
}
