import type { Instant } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { sortedOnce } from "../base/order.ts";
import { bareEnd, type End, type KnownEnd, workloadEnd } from "../decide/ends.ts";
import { judge } from "../decide/judgement.ts";
import { isNeighbourDiscovery } from "../decide/neighbour-discovery.ts";
import { outcomeOf, ruleIndex } from "../decide/rule-index.ts";
import type { Slice } from "../decide/slice.ts";
import { verdictOf } from "../decide/verdict.ts";
import type { World } from "../decide/world.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { changesOf, stretchAt } from "../decide/stretches.ts";
import { pointOf } from "../map/service-point.ts";

/** What the policy says of a flow at an instant; the same as `decide` says of its ends, service and instant. */
export type FlowJudge = (flow: Flow, at: Instant | null) => Answer;

/** Answers with index look-ups; the names of rules are worked out once for each pair of classes and service, and equal answers are one object. */
export function flowJudge(world: World): FlowJudge {
  const index = ruleIndex(world);
  const changes = changesOf(world.set);
  const endOf = endsOf(world, index.classOf);
  const slices: (Slice | undefined)[] = [];
  const interned = new Map<string, Answer>();
  const intern = (answer: Answer): Answer => {
    const key = JSON.stringify(answer);
    const known = interned.get(key) ?? answer;
    interned.set(key, known);
    return known;
  };
  // By stretch, then by client and server, then by interval.
  const answers = new Map<number, Map<number, Answer[]>>();
  return (flow, at) => {
    const over = pointOf(flow);
    const [client, server] = [endOf(flow.client, at), endOf(flow.server, at)];
    if (client.end.kind !== "known" || server.end.kind !== "known" || over === null || at === null) return intern(unknown(client.end, server.end, over));
    const stretch = stretchAt(changes, at);
    const interval = index.intervalOf(over.protocol, over.port);
    const ofPair = listIn(mapIn(answers, stretch), client.number * classesMax + server.number);
    const known = ofPair[interval];
    if (known !== undefined) return known;
    // Flow records carry no facts; what is unknown never lets traffic in.
    const slice = (slices[stretch] ??= index.during(at, {}));
    const matter = { client: client.end, server: server.end, over, at, facts: {} };
    const answer = intern({ ...outcomeOf(slice.ask(client.class, server.class, interval)), by: verdictOf(matter, judge(world, matter)).by });
    ofPair[interval] = answer;
    return answer;
  };
}

// Two numbers of ends are exact in a double.
const classesMax = 2 ** 26;

function mapIn<Value>(all: Map<number, Map<number, Value>>, key: number): Map<number, Value> {
  const known = all.get(key) ?? new Map<number, Value>();
  all.set(key, known);
  return known;
}

function listIn<Value>(all: Map<number, Value[]>, key: number): Value[] {
  const known = all.get(key) ?? [];
  all.set(key, known);
  return known;
}

function unknown(client: End, server: End, over: { readonly protocol: number; readonly port: number } | null): Answer {
  const contested = [client, server].flatMap((end) => (end.kind === "contested" ? end.names : []));
  const isDiscovery = over !== null && isNeighbourDiscovery(over);
  return { verdict: "unknown", layer: contested.length > 0 ? "contested" : "unresolved", by: sortedOnce(contested), effect: isDiscovery ? "pass" : "unknown" };
}

interface Classed {
  readonly end: End;
  /** The class in the index; -1 for an end that is not known. */
  readonly class: number;
  /** Tells apart what the names of rules tell apart: the class, and of a quarantined workload its own name. */
  readonly number: number;
}

// An internet-facing month meets millions of addresses once.
const endsKept = 500_000;

/** The ends of flows, each resolved once; where a point guards a border, the addresses of the instant count too. */
function endsOf(world: World, classOf: (end: KnownEnd) => number): (end: FlowEnd, at: Instant | null) => Classed {
  const hasBorders = world.inventory.points.some(({ live }) => live);
  const kept = new Map<string, Classed>();
  // An archive gives the same end as the same object.
  const keptEnds = new Map<FlowEnd, Classed>();
  const numbers = new Map<string, number>();
  const numberOf = (end: KnownEnd, of: number): number => {
    const key = end.workload !== null && world.quarantined.has(end.workload.id) ? `${of} ${JSON.stringify(end.workload.id)}` : `${of}`;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  const resolve = (one: FlowEnd, at: Instant | null): Classed => {
    const end = resolved(world, one, at);
    if (end.kind !== "known") return { end, class: -1, number: -1 };
    const of = classOf(end);
    return { end, class: of, number: numberOf(end, of) };
  };
  return (one, at) => {
    if (one.kind === "contested" || (one.kind === "held" && hasBorders)) return resolve(one, at);
    const same = keptEnds.get(one);
    if (same !== undefined) return same;
    const key = one.kind === "held" ? `held ${one.holder}` : `bare ${one.address}`;
    const known = kept.get(key) ?? resolve(one, at);
    if (keptEnds.size >= endsKept) [kept, keptEnds].forEach((all) => all.clear());
    kept.set(key, known);
    keptEnds.set(one, known);
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
