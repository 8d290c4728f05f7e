import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { World } from "../decide/world.ts";
import { groupingBy, type Labelled } from "../map/group.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow } from "../model/flow.ts";
import type { Said } from "./difference-transition.ts";
import { flowJudge } from "./flow-judge.ts";

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
}

/** Judges recorded flows, with the ends that they had, under both worlds at one instant; those that differ, most connections first. */
export function touchedFlows(flows: readonly Flow[], { before, after, at, by, workloads }: TouchedAsked): readonly TouchedFlows[] {
  const [was, is] = [flowJudge(before), flowJudge(after)];
  const grouping = groupingBy(by, workloads, new Set());
  const found = new Map<string, TouchedFlows>();
  for (const flow of flows) {
    const [one, other] = [was(flow, at), is(flow, at)];
    if (one.verdict === other.verdict && one.effect === other.effect) continue;
    const names = { from: grouping.of(flow.client), to: grouping.of(flow.server), service: serviceText(flow) };
    const said = { before: { verdict: one.verdict, effect: one.effect }, after: { verdict: other.verdict, effect: other.effect } };
    const key = JSON.stringify([names, said]);
    const known = found.get(key) ?? { ...names, ...said, connections: 0, answered: 0, first: null, last: null };
    found.set(key, {
      ...known,
      connections: known.connections + flow.connections,
      answered: known.answered + flow.answered,
      first: least(known.first, flow.first),
      last: most(known.last, flow.last),
    });
  }
  return [...found.values()].sort((a, b) => b.connections - a.connections || byCodePoint(`${a.from} ${a.to} ${a.service}`, `${b.from} ${b.to} ${b.service}`));
}

const least = (a: Instant | null, b: Instant | null): Instant | null => (a === null || b === null ? (a ?? b) : Math.min(a, b));
const most = (a: Instant | null, b: Instant | null): Instant | null => (a === null || b === null ? (a ?? b) : Math.max(a, b));
