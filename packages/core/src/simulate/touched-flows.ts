import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { endOf } from "../decide/ends.ts";
import { addedUp, type Engine, type SecondEngine } from "../decide/second-engine.ts";
import type { World } from "../decide/world.ts";
import { groupingBy, type Labelled } from "../map/group.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import { largest, smallest } from "../telemetry/account.ts";
import type { Said } from "./difference-transition.ts";
import { flowJudge } from "./flow-judge.ts";
import { flowsRechecking } from "./flows-recheck.ts";

/** Recorded conversations that would be answered otherwise if they began again, between two groups over one service. */
export interface TouchedFlows {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly before: Said;
  readonly after: Said;
  readonly connections: number;
  readonly answered: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

export interface TouchedAsked {
  readonly before: World;
  readonly after: World;
  /** When they begin again. */
  readonly at: Instant;
  readonly by: readonly string[];
  readonly workloads: readonly Labelled[];
  /** `decide`, unless a test wants to know that a disagreement is found. */
  readonly engine?: Engine | undefined;
}

export interface Touched {
  /** Those that differ, most connections first. */
  readonly touched: readonly TouchedFlows[];
  /** Of all verdicts, those that did not differ too. */
  readonly secondEngine: SecondEngine;
}

/** Judges recorded flows, with the ends that they had, under both worlds at one instant. */
export function touchedFlows(flows: readonly Flow[], { before, after, at, by, workloads, engine }: TouchedAsked): Touched {
  const [was, is] = [flowJudge(before), flowJudge(after)];
  const [wasAgain, isAgain] = [flowsRechecking(before, "old"), flowsRechecking(after, "new")];
  const grouping = groupingBy(by, workloads, new Set());
  const found = new Map<string, TouchedFlows>();
  for (const flow of flows) {
    const [one, other] = [was(flow, at), is(flow, at)];
    if (isAskable(before, flow, at)) wasAgain.publish(flow, at, one);
    if (isAskable(after, flow, at)) isAgain.publish(flow, at, other);
    if (one.verdict === other.verdict && one.effect === other.effect) continue;
    const names = { from: grouping.of(flow.client), to: grouping.of(flow.server), service: serviceText(flow) };
    const said = { before: { verdict: one.verdict, effect: one.effect }, after: { verdict: other.verdict, effect: other.effect } };
    const key = JSON.stringify([names, said]);
    const known = found.get(key) ?? { ...names, ...said, connections: 0, answered: 0, first: null, last: null };
    found.set(key, {
      ...known,
      connections: known.connections + flow.connections,
      answered: known.answered + flow.answered,
      first: smallest(known.first, flow.first),
      last: largest(known.last, flow.last),
    });
  }
  return {
    touched: [...found.values()].sort(
      (a, b) => b.connections - a.connections || byCodePoint(`${a.from} ${a.to} ${a.service}`, `${b.from} ${b.to} ${b.service}`),
    ),
    secondEngine: addedUp([wasAgain.result(engine), isAgain.result(engine)]),
  };
}

/** Whether a question can name the ends that a flow had: an address may have changed hands since. */
const isAskable = (world: World, { client, server }: Flow, at: Instant): boolean => [client, server].every((end) => isStill(world, end, at));

function isStill(world: World, end: FlowEnd, at: Instant): boolean {
  if (end.kind === "held") return true;
  const now = endOf(world, end.address, at);
  if (now.kind === "contested")
    return end.kind === "contested" && now.names.length === end.holders.length && now.names.every((name) => end.holders.includes(name));
  return end.kind === "bare" && (now.kind === "unresolved" || now.workload === null);
}
