import { ipOf } from "../base/ip.ts";
import { addTo } from "../base/lists.ts";
import { byCodePoint } from "../base/order.ts";
import { bareEnd } from "../decide/ends.ts";
import { everyRule } from "../decide/every-rule.ts";
import { demandsFacts } from "../decide/match.ts";
import type { Engine, SecondEngine } from "../decide/second-engine.ts";
import { type World, worldOf } from "../decide/world.ts";
import { groupingBy } from "../map/group.ts";
import { pointOf } from "../map/service-point.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { changesOf } from "../decide/stretches.ts";
import { flowJudge } from "../simulate/flow-judge.ts";
import { flowsRechecking } from "../simulate/flows-recheck.ts";
import { outcomeOfAnswer } from "../simulate/outcome.ts";
import { type PairTallies, pairTallies } from "../simulate/pair-tallies.ts";
import { type Gap, type Outcome, outcomes, type PairStatement } from "../simulate/simulation.ts";
import { instantsOf, steadyAnswer } from "../simulate/steady-answer.ts";
import { addFlow, countedOf } from "../simulate/tally.ts";
import { largest, smallest, sum } from "../telemetry/account.ts";
import { broadcastAddresses } from "../telemetry/noise.ts";
import type { PermittedFlow } from "./permitted-flows.ts";

/** How often something was used that a policy names. */
export interface Use {
  readonly connections: number;
  readonly bytes: number | null;
  readonly first: number | null;
  readonly last: number | null;
}

/** Distinct flows (client, server, service) and their connections. */
export interface Sum {
  readonly flows: number;
  readonly connections: number;
}

export type Sums = Readonly<Record<Outcome, Sum>>;

/** Traffic between two groups that was not allowed by the policy; a zone is null where nobody can tell which. */
export interface ZonedStatement extends PairStatement {
  readonly fromZone: string | null;
  readonly toZone: string | null;
  /** Whether it crossed zones and no conduit and no exception of the architects lets it; false where nobody can tell. */
  readonly lacksConduit: boolean;
}

/** Recorded flows under a policy, each judged at the time it began. */
export interface Recorded {
  readonly all: Sums;
  /** Of them those between different zones, or of which a zone is not known. */
  readonly crossing: Sums;
  readonly denied: readonly ZonedStatement[];
  readonly unknown: readonly ZonedStatement[];
  readonly uses: ReadonlyMap<PermittedFlow, Use>;
  /** By the name of a rule that determined something. */
  readonly rules: ReadonlyMap<string, Use>;
  /** Rules and permitted flows that conversations may have run into whose answer changed while their flow was seen: how often, nobody can tell. */
  readonly untold: { readonly rules: ReadonlySet<string>; readonly flows: ReadonlySet<PermittedFlow> };
  /** Rules of which no flow record can speak: they demand facts that none carries. */
  readonly blind: ReadonlySet<string>;
  readonly first: number | null;
  readonly last: number | null;
  readonly secondEngine: SecondEngine;
}

export interface RecordedAsked {
  readonly world: World;
  readonly flows: readonly Flow[];
  readonly permitted: readonly PermittedFlow[];
  readonly gaps: readonly Gap[];
  readonly engine?: Engine;
}

/** Judges recorded flows, and finds what of the permitted was used. */
export function recordedIn({ world, flows, permitted, gaps, engine }: RecordedAsked): Recorded {
  const [judge, changes, again] = [flowJudge(world), changesOf(world.set), flowsRechecking(world)];
  const [zoneOf, usedBy] = [zonesIn(world), usedIn(permitted)];
  const grouping = groupingBy(["app", "env", "role"], world.inventory.workloads, broadcastAddresses(flows));
  const [all, crossing] = [noSums(), noSums()];
  const lacking = lacksConduitIn(world);
  const statements = new Map<string, Pick<ZonedStatement, "fromZone" | "toZone" | "lacksConduit"> & { readonly pairs: PairTallies }>();
  const [uses, rules] = [new Map<PermittedFlow, Use>(), new Map<string, Use>()];
  const untold = { rules: new Set<string>(), flows: new Set<PermittedFlow>() };
  let whole: Use = unused;
  for (const flow of flows) {
    const answer = steadyAnswer(judge, changes, flow);
    if (answer !== null) again.publish(flow, flow.first, answer);
    const [outcome, fromZone, toZone] = [outcomeOfAnswer(answer), zoneOf(flow.client), zoneOf(flow.server)];
    for (const one of answer === null ? instantsOf(flow, changes).map((at) => judge(flow, at)) : []) {
      for (const name of one.by) untold.rules.add(name);
      const used = one.verdict === "allow" ? usedBy(flow, { answer: one, fromZone, toZone }) : [];
      used.forEach((permission) => untold.flows.add(permission));
    }
    const isCrossing = fromZone !== toZone || fromZone === null;
    whole = usedMore(whole, flow);
    add(all, outcome, flow);
    if (isCrossing) add(crossing, outcome, flow);
    for (const name of outcome === "unknown" ? [] : answer!.by) rules.set(name, usedMore(rules.get(name), flow));
    if (outcome === "allowed" && isCrossing)
      for (const one of usedBy(flow, { answer: answer!, fromZone, toZone })) uses.set(one, usedMore(uses.get(one), flow));
    if (outcome !== "denied" && outcome !== "unknown") continue;
    const lacksConduit = outcome === "denied" && lacking(flow, answer!);
    const key = JSON.stringify([fromZone, toZone, lacksConduit]);
    const ofZones = statements.get(key) ?? { fromZone, toZone, lacksConduit, pairs: pairTallies() };
    statements.set(key, ofZones);
    count(ofZones.pairs, flow, { answer, outcome, from: grouping.of(flow.client), to: grouping.of(flow.server) });
  }
  const told = [...statements].sort(([a], [b]) => byCodePoint(a, b)).flatMap(([, { pairs, ...zones }]) => pairs.sorted().map((pair) => ({ ...zones, pair })));
  const zoned = told.map(({ pair: { names, meaning, tally }, ...zones }) => ({ ...zones, ...names, ...meaning, ...countedOf(world, tally, gaps) }));
  const blind = everyRule(world.set).filter(demandsFacts);
  return {
    all,
    crossing,
    denied: zoned.filter(({ outcome }) => outcome === "denied"),
    unknown: zoned.filter(({ outcome }) => outcome === "unknown"),
    uses,
    rules,
    untold,
    blind: new Set(blind.map(({ name }) => name)),
    first: whole.first,
    last: whole.last,
    secondEngine: again.result(engine),
  };
}

interface Counting {
  readonly answer: Answer | null;
  readonly outcome: Outcome;
  readonly from: string;
  readonly to: string;
}

function count(pairs: PairTallies, flow: Flow, { answer, outcome, from, to }: Counting): void {
  const meaning = { outcome, layer: answer?.layer ?? ("changing" as const), by: answer?.by ?? [] };
  const tally = pairs.of({ from, to, service: serviceText(flow) }, meaning, pairs.numberOf(meaning), flow);
  addFlow(tally, flow, answer?.effect === "block");
}

type Growing = Record<Outcome, { flows: number; connections: number }>;

const noSums = (): Growing => Object.fromEntries(outcomes.map((outcome) => [outcome, { flows: 0, connections: 0 }])) as Growing;

function add(sums: Growing, outcome: Outcome, { connections }: Flow): void {
  sums[outcome].flows += 1;
  sums[outcome].connections += connections;
}

const unused: Use = { connections: 0, bytes: null, first: null, last: null };

function usedMore(use: Use = unused, { connections, bytesToServer, bytesToClient, first, last }: Flow): Use {
  return {
    connections: use.connections + connections,
    bytes: sum(use.bytes, sum(bytesToServer, bytesToClient)),
    first: smallest(use.first, first),
    last: largest(use.last, last),
  };
}

/** Says of a denied flow whether its boundary alone would deny it. */
function lacksConduitIn(world: World): (flow: Flow, answer: Answer) => boolean {
  // What a forbid denies is judged again as if there were none: its conduit may be there all the same.
  const unforbidden = flowJudge(worldOf({ ...world.set, forbids: [] }, { ...world.inventory, quarantined: [] }));
  return (flow, { layer }) => layer === "boundary" || (layer === "forbid" && unforbidden(flow, flow.first).layer === "boundary");
}

/** The zone of an end; null where two claim it, or nobody is known by its name. */
function zonesIn(world: World): (end: FlowEnd) => string | null {
  // An internet-facing month meets millions of addresses once; an archive gives the same end as the same object.
  const kept = new WeakMap<FlowEnd, { readonly zone: string | null }>();
  const find = (end: FlowEnd): string | null => {
    if (end.kind === "contested") return null;
    if (end.kind === "held") {
      const workload = world.workloads.get(end.holder);
      const claims = workload === undefined ? undefined : world.claims.get(workload);
      return claims === undefined || claims.contested.length > 0 ? null : claims.zone;
    }
    const ip = ipOf(end.address);
    const bare = ip === undefined ? null : bareEnd(world, ip);
    return bare?.kind === "known" ? bare.zone : null;
  };
  return (end) => {
    const known = kept.get(end) ?? { zone: find(end) };
    kept.set(end, known);
    return known.zone;
  };
}

interface Crossed {
  readonly answer: Answer;
  readonly fromZone: string | null;
  readonly toZone: string | null;
}

/** Finds the permitted flows that a recorded one used: each whose conduit and rule determined its answer. */
function usedIn(permitted: readonly PermittedFlow[]): (flow: Flow, crossed: Crossed) => readonly PermittedFlow[] {
  const byConduit = new Map<string, PermittedFlow[]>();
  for (const one of permitted) addTo(byConduit, JSON.stringify([one.conduit.name, one.fromZone, one.toZone]), one);
  return (flow, { answer: { by, layer }, fromZone, toZone }) => {
    const point = pointOf(flow);
    if (point === null) return [];
    const found = by.flatMap((name) => byConduit.get(JSON.stringify([name, fromZone, toZone])) ?? []);
    // A conduit alone is enough only where no end is guarded.
    const isUsed = ({ rule, isException }: PermittedFlow): boolean => (rule === null ? isException || layer === "boundary" : by.includes(rule.name));
    return found.filter((one) => isUsed(one) && one.service.holds(point));
  };
}
