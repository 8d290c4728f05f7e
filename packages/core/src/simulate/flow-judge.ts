import type { Instant } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { sortedOnce } from "../base/order.ts";
import { bareEnd, type End, type KnownEnd, workloadEnd } from "../decide/ends.ts";
import { judge } from "../decide/judgement.ts";
import { outcomeOf, ruleIndex } from "../decide/rule-index.ts";
import type { Slice } from "../decide/slice.ts";
import { verdictOf } from "../decide/verdict.ts";
import type { World } from "../decide/world.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { changesOf, stretchAt } from "./changes.ts";
import { pointOf } from "../map/service-point.ts";

/** What the policy says of a flow at an instant; the same as `decide` says of its ends, service and instant. */
export type FlowJudge = (flow: Flow, at: Instant | null) => Answer;

/** Answers with index look-ups; the names of rules are worked out once for each pair of classes and service. */
export function flowJudge(world: World): FlowJudge {
  const index = ruleIndex(world);
  const changes = changesOf(world.set);
  const endOf = endsOf(world, index.classOf);
  const slices: (Slice | undefined)[] = [];
  const names = new Map<string, readonly string[]>();
  return (flow, at) => {
    const over = pointOf(flow);
    const [client, server] = [endOf(flow.client, at), endOf(flow.server, at)];
    if (client.end.kind !== "known" || server.end.kind !== "known" || over === null || at === null) return unknown(client.end, server.end, over);
    const stretch = stretchAt(changes, at);
    // Flow records carry no facts; what is unknown never lets traffic in.
    const slice = (slices[stretch] ??= index.during(at, {}));
    const interval = index.intervalOf(over.protocol, over.port);
    const outcome = outcomeOf(slice.ask(client.number, server.number, interval));
    const key = `${stretch} ${client.number} ${server.number} ${interval} ${quarantined(world, client.end)} ${quarantined(world, server.end)}`;
    const matter = { client: client.end, server: server.end, over, at, facts: {} };
    const by = names.get(key) ?? verdictOf(matter, judge(world, matter)).by;
    names.set(key, by);
    return { ...outcome, by };
  };
}

function unknown(client: End, server: End, over: { readonly protocol: number; readonly port: number } | null): Answer {
  const contested = [client, server].flatMap((end) => (end.kind === "contested" ? end.names : []));
  const isDiscovery = over !== null && over.protocol === 58 && over.port >= 133 && over.port <= 136;
  return { verdict: "unknown", layer: contested.length > 0 ? "contested" : "unresolved", by: sortedOnce(contested), effect: isDiscovery ? "pass" : "unknown" };
}

// A quarantine names the workload, which its class does not.
const quarantined = (world: World, { workload }: KnownEnd): string =>
  workload !== null && world.quarantined.has(workload.id) ? JSON.stringify(workload.id) : "";

interface Classed {
  readonly end: End;
  /** The class in the index; -1 for an end that is not known. */
  readonly number: number;
}

// An internet-facing month meets millions of addresses once.
const endsKept = 500_000;

/** The ends of flows, each resolved once; where a point guards a border, the addresses of the instant count too. */
function endsOf(world: World, classOf: (end: KnownEnd) => number): (end: FlowEnd, at: Instant | null) => Classed {
  const hasBorders = world.inventory.points.some(({ live }) => live);
  const kept = new Map<string, Classed>();
  const resolve = (one: FlowEnd, at: Instant | null): Classed => {
    const end = resolved(world, one, at);
    return { end, number: end.kind === "known" ? classOf(end) : -1 };
  };
  return (one, at) => {
    if (one.kind === "contested" || (one.kind === "held" && hasBorders)) return resolve(one, at);
    const key = one.kind === "held" ? `held ${one.holder}` : `bare ${one.address}`;
    const known = kept.get(key) ?? resolve(one, at);
    if (kept.size >= endsKept) kept.clear();
    kept.set(key, known);
    return known;
  };
}

function resolved(world: World, end: FlowEnd, at: Instant | null): End {
  switch (end.kind) {
    case "contested":
      return { kind: "contested", names: end.holders };
    case "held": {
      const workload = world.workloads.get(end.holder);
      return workload === undefined ? { kind: "unresolved" } : workloadEnd(world, workload, at);
    }
    case "bare": {
      const ip = ipOf(end.address);
      return ip === undefined ? { kind: "unresolved" } : bareEnd(world, ip);
    }
  }
}
