import { assert } from "../base/assert.ts";
import type { Instant } from "../base/instant.ts";
import { type Ip, ipText } from "../base/ip.ts";
import { byCodePoint } from "../base/order.ts";
import { addressIn, bareSpace } from "../decide/bare-space.ts";
import { decide } from "../decide/decide.ts";
import { bareEnd, type End, type KnownEnd, workloadEnd } from "../decide/ends.ts";
import { everyRule } from "../decide/every-rule.ts";
import { coversService, isInForce, isPeer } from "../decide/match.ts";
import { type RuleIndex, ruleIndex } from "../decide/rule-index.ts";
import { serviceSpace, usualPoint } from "../decide/service-space.ts";
import { type World, worldOf } from "../decide/world.ts";
import type { Peer, PolicySet, Rule } from "../model/policy-set.ts";
import type { Answer, Facts, Question } from "../model/question.ts";
import type { ServicePoint } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";
import { type Candidate, candidatesIn, type NamedEnd } from "./candidates.ts";
import { changesOf } from "../decide/stretches.ts";
import { combinations, combinationsOf, knownFacts } from "../decide/known-facts.ts";
import { imaginedWorkloads, type Side } from "./imagined-workloads.ts";
import { relatedRules, type Touched } from "./related-rules.ts";

/** What sets are compared with, again and again. */
export interface VerdictsAsked {
  readonly before: PolicySet;
  /** Only what is so from this instant on. */
  readonly from: Instant;
  /** Real workloads, beside those that can be imagined. */
  readonly workloads?: readonly Workload[];
  /** Which of them are in quarantine. */
  readonly quarantined?: readonly string[];
  /** `bareKinds` of a set with the same networks and zones, where they are known already. */
  readonly bare?: readonly Ip[];
}

/** A set with other rules, or other guards; its networks, and who belongs to which zone and scope, are those of before. */
export interface Changed {
  readonly after: PolicySet;
  /** The rules as they were and as they are. Where something else than a rule differs: whom that is about. */
  readonly touched: readonly Touched[];
  /** Whether it is asked what is blocked on the wire, with a point at every workload, and not what the policy means. */
  readonly isOnWire?: boolean;
}

/** A question to which the two sets give different verdicts, and what `decide` itself says to it. */
export interface VerdictWitness {
  readonly from: NamedEnd;
  readonly to: NamedEnd;
  readonly over: ServicePoint;
  readonly at: Instant;
  readonly facts: Facts;
  readonly before: Answer;
  readonly after: Answer;
  /** Whether a policy test can ask it now: no facts, no identity, at the instant from which was asked, and everybody real whom it means, too, is answered alike. */
  readonly isTestable: boolean;
}

/** `same`: no question at all gets another verdict. `untold`: there are more kinds of questions than can be gone through. */
export type VerdictChange = { readonly kind: "same" } | { readonly kind: "changed"; readonly witness: VerdictWitness } | { readonly kind: "untold" };

// About ten seconds of look-ups on a slow machine.
const questionsMost = 30_000_000;
const combinationsMost = 4096;

/**
 * Compares sets with one: whether they ever differ in a verdict. Every class of ends that could be imagined, every interval of services, every
 * stretch of time, every kind of facts, by the rule index. Questions that a test could ask come first.
 */
export function verdictChanges(asked: VerdictsAsked): (changed: Changed) => VerdictChange {
  const bare = asked.bare ?? bareKinds(asked.before);
  const quarantined = asked.quarantined ?? [];
  const workloads = oneOfEach(asked.before, asked.workloads ?? [], new Set(quarantined));
  const held = new Set((asked.workloads ?? []).flatMap(({ leases }) => leases.map(({ ip }) => ipText(ip))));
  return ({ after, touched, isOnWire = false }) => {
    const sets = [relatedRules(asked.before, touched), relatedRules(after, touched)] as const;
    const rules = sets.flatMap(everyRule);
    const known = knownFacts(rules);
    const sides = sidesOf(sets, { touched, bare, workloads, quarantined, held });
    if (sides === null || combinationsOf(known) > combinationsMost) return { kind: "untold" };
    const space = serviceSpace(rules);
    const isTouched = (point: ServicePoint): boolean => touched.some(({ services }) => services.some((one) => coversService(one, point)));
    const points = space.samples.flatMap((point, interval) => (isTouched(point) ? [usualPoint(space, [interval])] : []));
    const instants = instantsFrom(sets, { touched, from: asked.from });
    const facts = combinations(known);
    const [clients, servers] = [sides.of("from"), sides.of("to")];
    if (Math.max(1, clients.length * servers.length) * points.length * instants.length * facts.length > questionsMost) return { kind: "untold" };
    const circumstances = facts.flatMap((one) => instants.map((at) => ({ at, facts: one })));
    const inTests = { clients: clients.filter(isInTests), servers: servers.filter(isInTests), points, circumstances: circumstances.slice(0, 1) };
    const said = isOnWire ? isBlock : isDenial;
    const found =
      (instants[0] === asked.from ? firstChange(sides, inTests, said) : null) ?? firstChange(sides, { clients, servers, points, circumstances }, said);
    return found === null ? { kind: "same" } : { kind: "changed", witness: witnessOf(sides, found, { from: asked.from, isOnWire }) };
  };
}

/** The first of those whom no rule could tell apart: of a hundred replicas, one is looked at for every change. */
function oneOfEach({ labels: schema }: PolicySet, workloads: readonly Workload[], quarantined: ReadonlySet<string>): readonly Workload[] {
  const keys = schema.length === 0 ? null : new Set(schema.map(({ key }) => key));
  const markOf = ({ id, labels, identity }: Workload): string => {
    const told = Object.entries(labels).filter(([key]) => keys === null || keys.has(key));
    return JSON.stringify([told.sort(([a], [b]) => byCodePoint(a, b)), identity, quarantined.has(id)]);
  };
  return [...new Map(workloads.toReversed().map((one) => [markOf(one), one])).values()].toReversed();
}

/** The instants that stand for all time from one on, as far as what differs is in force. */
function instantsFrom(sets: readonly [PolicySet, PolicySet], { from, touched }: Pick<VerdictsAsked, "from"> & Pick<Changed, "touched">): readonly Instant[] {
  const changes = sets.flatMap(changesOf).filter((at) => at > from);
  const dated = touched.filter((one): one is Rule => "start" in one);
  return [...new Set([from, ...changes])].sort((a, b) => a - b).filter((at) => dated.length < touched.length || dated.some((rule) => isInForce(rule, at)));
}

interface Sides {
  readonly worlds: readonly [World, World];
  readonly indexes: readonly [RuleIndex, RuleIndex];
  readonly of: (side: Side) => readonly Candidate[];
}

interface About extends Pick<Changed, "touched"> {
  /** An address of every kind of bare ones. */
  readonly bare: readonly Ip[];
  readonly workloads: readonly Workload[];
  readonly quarantined: readonly string[];
  /** The addresses that somebody real has held. */
  readonly held: ReadonlySet<string>;
}

/** Whom a question about what differs can name; null where there are too many. */
function sidesOf(sets: readonly [PolicySet, PolicySet], { touched, bare, workloads, quarantined, held }: About): Sides | null {
  const peers = (side: Side): readonly Peer[] => touched.flatMap((one) => one[side]);
  // Either set may tell more apart; what both name is imagined.
  const both = { ...sets[0], forbids: sets.flatMap(everyRule), conduits: [], commons: [], exceptions: [], policies: sets[0].policies.map(withoutRules) };
  const imagined = (["from", "to"] as const).map((side) => imaginedWorkloads(both, side, peers(side)));
  const [clients, servers] = imagined;
  if (clients === null || clients === undefined || servers === null || servers === undefined) return null;
  const real = workloads.map((one) => ({ ...one, leases: [], point: true }));
  const inventory = { workloads: [...clients, ...servers, ...real], points: [], quarantined };
  const worlds = [worldOf(sets[0], inventory), worldOf(sets[1], inventory)] as const;
  const indexes = [ruleIndex(worlds[0]), ruleIndex(worlds[1])] as const;
  const bareEnds = bare.map((ip) => ({
    text: ipText(ip),
    workload: null,
    isReal: held.has(ipText(ip)),
    ends: [bareEnd(worlds[0], ip), bareEnd(worlds[1], ip)] as const,
  }));
  const among = (some: readonly Workload[], isReal: boolean) =>
    some.map((workload) => ({ text: workload.id, workload, isReal, ends: inBoth(worlds, workload) }));
  const of = (side: Side): readonly Candidate[] => {
    // Identities of any tier: a forbid would match, and the verdicts say the rest.
    const isMeant = (end: KnownEnd): boolean => peers(side).some((peer) => isPeer(peer, end, 0));
    // Real ones first: of a class, whoever comes first stands for it in a witness.
    const all = [...among(real, true), ...among(side === "from" ? clients : servers, false), ...bareEnds];
    return candidatesIn(
      sets[0],
      all.map(({ ends: [one, other], ...somebody }) => {
        const isKnown = one.kind === "known" && other.kind === "known" && isMeant(one);
        return { ...somebody, classes: isKnown ? ([indexes[0].classOf(one), indexes[1].classOf(other)] as const) : null };
      }),
    );
  };
  return { worlds, indexes, of };
}

const inBoth = ([one, other]: Sides["worlds"], workload: Workload): readonly [End, End] => [
  workloadEnd(one, workload, null),
  workloadEnd(other, workload, null),
];

const isInTests = ({ name }: Candidate): boolean => name.inTest !== null;

const withoutRules = <Of extends PolicySet["policies"][number]>(policy: Of): Of => ({ ...policy, allow: [], exceptions: [] });

/** An address of every kind that zones and networks tell apart. */
export function bareKinds(set: PolicySet): readonly Ip[] {
  const world = worldOf(set, { workloads: [], points: [], quarantined: [] });
  const realms = new Set(["", ...set.networks.flatMap(({ prefixes }) => prefixes.map(({ realm }) => realm))]);
  let other = "elsewhere";
  while (realms.has(other)) other += "-2";
  const kinds = new Map<string, Ip>();
  for (const realm of [...realms, other])
    for (const { family, first } of bareSpace(set.networks, realm)) {
      const ip = addressIn({ family, value: first }, realm);
      const end = bareEnd(world, ip);
      if (end.kind !== "known") continue;
      const key = [end.zone, ...[...end.networks].sort()].join(" ");
      if (!kinds.has(key)) kinds.set(key, ip);
    }
  return [...kinds.values()];
}

interface Candidates {
  readonly clients: readonly Candidate[];
  readonly servers: readonly Candidate[];
  readonly points: readonly ServicePoint[];
  readonly circumstances: readonly { readonly at: Instant; readonly facts: Facts }[];
}

type Found = Pick<Question, "facts"> & { readonly client: Candidate; readonly server: Candidate; readonly over: ServicePoint; readonly at: Instant };

function firstChange({ indexes }: Sides, { clients, servers, points, circumstances }: Candidates, said: (code: number) => boolean): Found | null {
  for (const { at, facts } of circumstances) {
    const slices = [indexes[0].during(at, facts), indexes[1].during(at, facts)] as const;
    for (const over of points) {
      const intervals = [indexes[0].intervalOf(over.protocol, over.port), indexes[1].intervalOf(over.protocol, over.port)] as const;
      const found = firstPair(clients, (client) =>
        servers.find(
          (server) =>
            said(slices[0].ask(client.classes[0], server.classes[0], intervals[0])) !== said(slices[1].ask(client.classes[1], server.classes[1], intervals[1])),
        ),
      );
      if (found !== null) return { ...found, over, at, facts };
    }
  }
  return null;
}

function firstPair(clients: readonly Candidate[], serverFor: (client: Candidate) => Candidate | undefined): Pick<Found, "client" | "server"> | null {
  for (const client of clients) {
    const server = serverFor(client);
    if (server !== undefined) return { client, server };
  }
  return null;
}

// The codes of a row: 0 to 3 allow, 4 to 6 deny; bit 3 is the wire's.
const isDenial = (code: number): boolean => (code & 7) >= 4;
const isBlock = (code: number): boolean => (code & 8) !== 0;

function witnessOf(
  { worlds }: Sides,
  { client, server, over, at, facts }: Found,
  { from, isOnWire }: { readonly from: Instant; readonly isOnWire: boolean },
): VerdictWitness {
  const question: Question = { from: client.text, to: server.text, over, at, facts };
  const [before, after] = [decide(worlds[0], question), decide(worlds[1], question)];
  const differs = isOnWire ? before.effect !== after.effect : before.verdict !== after.verdict;
  assert(differs, "what the index tells apart `decide` tells apart");
  const isTestable = !isOnWire && at === from && Object.keys(facts).length === 0 && isInTests(client) && isInTests(server);
  return { from: client.name, to: server.name, over, at, facts, before, after, isTestable };
}
