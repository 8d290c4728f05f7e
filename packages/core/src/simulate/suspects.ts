import { byCodePoint } from "../base/order.ts";
import { ipOf } from "../base/ip.ts";
import { bareEnd } from "../decide/ends.ts";
import type { World } from "../decide/world.ts";
import type { Scanner } from "../map/application-map.ts";
import { groupingBy } from "../map/group.ts";
import { isOneOf } from "../map/scanners.ts";
import { serviceText } from "../map/service-text.ts";
import { endText, type Flow, type FlowEnd } from "../model/flow.ts";
import { changesOf } from "../decide/stretches.ts";
import { flowJudge } from "./flow-judge.ts";
import { outcomeOfAnswer } from "./outcome.ts";
import type { PairStatement } from "./simulation.ts";
import { steadyAnswer } from "./steady-answer.ts";

/** Denied connections of whom the map calls a scanner, and others with an end that neither the inventory nor a network of the policy knows. */
export interface Suspects {
  readonly scanners: Suspected;
  readonly unknowns: Suspected;
  readonly pairs: readonly SuspectPair[];
}

export interface Suspected {
  /** How many of the connections were answered. */
  readonly answered: number;
  /** Of those that were answered: workloads and addresses, most connections first. */
  readonly names: readonly string[];
  readonly more: number;
}

/** How many denied connections of a statement are of a scanner, and how many others have an unknown end. */
export interface SuspectPair extends Pick<PairStatement, "from" | "to" | "service" | "layer" | "by"> {
  readonly ofScanners: number;
  readonly ofUnknowns: number;
}

/** Both numbers are told of what is denied. */
export type MarkedPair = PairStatement & Partial<Pick<SuspectPair, "ofScanners" | "ofUnknowns">>;

export interface SuspectsAsked {
  readonly flows: readonly Flow[];
  readonly scanners: readonly Scanner[];
  readonly broadcast: ReadonlySet<string>;
}

/** Names the suspects behind what a policy denies. What changes its answer while it is seen is nobody's. */
export function suspectsAmong(world: World, { flows, scanners, broadcast }: SuspectsAsked): Suspects {
  const [judge, changes, isScanner] = [flowJudge(world), changesOf(world.set), isOneOf(scanners)];
  const grouping = groupingBy(["app", "env", "role"], world.inventory.workloads, broadcast);
  const isUnknown = (end: FlowEnd): boolean => grouping.of(end) === "unknown" && !isInNetwork(world, end);
  const [byScanner, byUnknown] = [new Map<string, number>(), new Map<string, number>()];
  const pairs = new Map<string, SuspectPair>();
  for (const flow of flows) {
    const ofScanner = isScanner(flow.client);
    const unknown = ofScanner ? [] : [flow.client, flow.server].filter(isUnknown);
    if (!ofScanner && unknown.length === 0) continue;
    const answer = steadyAnswer(judge, changes, flow);
    if (answer === null || outcomeOfAnswer(answer) !== "denied") continue;
    const pair = { from: grouping.of(flow.client), to: grouping.of(flow.server), service: serviceText(flow), layer: answer.layer, by: answer.by };
    const known = pairs.get(keyOf(pair)) ?? { ...pair, ofScanners: 0, ofUnknowns: 0 };
    const side = ofScanner ? "ofScanners" : "ofUnknowns";
    pairs.set(keyOf(pair), { ...known, [side]: known[side] + flow.connections });
    if (flow.answered === 0) continue;
    if (ofScanner) count(byScanner, [flow.client], flow.answered);
    else count(byUnknown, unknown.slice(0, 1), flow.answered);
  }
  return { scanners: suspected(byScanner), unknowns: suspected(byUnknown), pairs: [...pairs.values()] };
}

/** The statements, each that is denied with the suspects behind it. */
export function marked(pairs: readonly PairStatement[], suspects: Pick<Suspects, "pairs">): readonly MarkedPair[] {
  const found = new Map(suspects.pairs.map((pair) => [keyOf(pair), pair]));
  return pairs.map((pair) => {
    if (pair.outcome !== "denied") return pair;
    const { ofScanners = 0, ofUnknowns = 0 } = found.get(keyOf(pair)) ?? {};
    return { ...pair, ofScanners, ofUnknowns };
  });
}

const keyOf = ({ from, to, service, layer, by }: Pick<SuspectPair, "from" | "to" | "service" | "layer" | "by">): string =>
  JSON.stringify([from, to, service, layer, by]);

/** Who writes a network down knows who is in it. */
function isInNetwork(world: World, end: FlowEnd): boolean {
  const ip = end.kind === "bare" ? ipOf(end.address) : undefined;
  const known = ip === undefined ? null : bareEnd(world, ip);
  return known?.kind === "known" && known.networks.size > 0;
}

function count(names: Map<string, number>, ends: readonly FlowEnd[], answered: number): void {
  for (const end of ends) {
    const name = endText(end);
    names.set(name, (names.get(name) ?? 0) + answered);
  }
}

// Enough to find each; a scanned network has thousands.
const namesMost = 50;

function suspected(names: ReadonlyMap<string, number>): Suspected {
  const sorted = [...names].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b)).map(([name]) => name);
  const answered = [...names.values()].reduce((sum, one) => sum + one, 0);
  return { answered, names: sorted.slice(0, namesMost), more: Math.max(0, sorted.length - namesMost) };
}
