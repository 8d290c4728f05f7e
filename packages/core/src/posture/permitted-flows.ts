import type { Instant } from "../base/instant.ts";
import { addTo } from "../base/lists.ts";
import type { During } from "../decide/asked-ends.ts";
import { decide } from "../decide/decide.ts";
import { combinations, knownFacts } from "../decide/known-facts.ts";
import { coversService, isInForce, isMet, isPeer, placeless } from "../decide/match.ts";
import { type NamedServices, namedServices } from "../decide/services-text.ts";
import type { Peer, Policy, Rule } from "../model/policy-set.ts";
import type { Facts } from "../model/question.ts";
import { meetingOf } from "../simulate/difference-rows.ts";
import type { Alike, Opening, Permitted } from "./permitted.ts";

/** One service that may cross from one zone to another: by a conduit or an exception of the architects, and where an end is guarded by a rule of the segment, too. */
export interface PermittedFlow {
  readonly fromZone: string;
  readonly toZone: string;
  readonly conduit: Rule;
  /** Null where no end is guarded, and where the conduit is an exception, which is enough alone. */
  readonly rule: Rule | null;
  readonly isException: boolean;
  readonly service: NamedServices;
  readonly clients: readonly number[];
  readonly servers: readonly number[];
  /** When it begins to be permitted; null for what is already. */
  readonly notBefore: Instant | null;
}

/** A rule with whom and what it matches among the kinds of ends and services. */
interface Reach {
  readonly rule: Rule;
  readonly clients: ReadonlySet<number>;
  readonly servers: ReadonlySet<number>;
  readonly intervals: ReadonlySet<number> | null;
  /** Of a policy: whose members it counts for. */
  readonly policy: Policy | null;
}

/** Every flow that a conduit or exception names and that is really permitted, each shown by a question that `decide` answers by just these rules. */
export function permittedFlows(permitted: Permitted): readonly PermittedFlow[] {
  const { set } = permitted.world;
  const reach = (rule: Rule, policy: Policy | null = null): Reach => reachOf(permitted, rule, policy);
  const segment = [
    ...set.commons.map((rule) => reach(rule)),
    ...set.policies.flatMap((policy) => [...policy.allow, ...policy.exceptions].map((rule) => reach(rule, policy))),
  ];
  return [
    ...set.conduits.flatMap((one) => {
      const conduit = reach(one);
      return [null, ...segment.filter((rule) => doMeet(conduit, rule))].flatMap((rule) => between(permitted, { conduit, rule, isException: false }));
    }),
    ...set.exceptions.flatMap((one) => between(permitted, { conduit: reach(one), rule: null, isException: true })),
  ];
}

function reachOf({ alike, space }: Permitted, rule: Rule, policy: Policy | null): Reach {
  const among = (peers: readonly Peer[]): readonly number[] => alike.flatMap(({ end }, number) => (peers.some((peer) => isPeer(peer, end, 2)) ? [number] : []));
  const hasTier = (number: number): boolean =>
    rule.where.every((demand) => demand.kind !== "tier" || isMet(demand, { client: alike[number]!.end, facts: {} }) === "met");
  const isAll = rule.services.some(({ protocol }) => protocol === null);
  const covered = space.samples.flatMap((point, interval) => (rule.services.some((service) => coversService(service, point)) ? [interval] : []));
  return { rule, policy, clients: new Set(among(rule.from).filter(hasTier)), servers: new Set(among(rule.to)), intervals: isAll ? null : new Set(covered) };
}

/** Whether any question could match both; most rules have nothing to do with most conduits. */
function doMeet(one: Reach, other: Reach): boolean {
  const share = (a: ReadonlySet<number> | null, b: ReadonlySet<number> | null): boolean => a === null || b === null || [...a].some((item) => b.has(item));
  return share(one.intervals, other.intervals) && share(one.clients, other.clients) && share(one.servers, other.servers);
}

interface Together {
  readonly conduit: Reach;
  readonly rule: Reach | null;
  readonly isException: boolean;
}

/** A question among kinds of ends and services that is answered by certain rules. */
interface Example extends Occasion {
  readonly client: number;
  readonly server: number;
  readonly interval: number;
}

/** A time at which, and facts with which, an opening stands by certain rules. */
interface Occasion {
  readonly during: During;
  readonly facts: Facts;
}

interface Crossed {
  readonly clients: Set<number>;
  readonly servers: Set<number>;
  readonly intervals: Set<number>;
  /** The earliest. */
  example: Example;
}

/** What a conduit and a rule of a segment let across together. */
function between(permitted: Permitted, together: Together): readonly PermittedFlow[] {
  const found = new Map<string, Crossed>();
  for (const opening of permitted.openings) {
    const part = partOf(opening, together);
    const occasion = part === null ? null : occasionOf(opening, together);
    if (part === null || occasion === null) continue;
    const [clients, servers] = [alikeFor(permitted, part.clients), alikeFor(permitted, part.servers)];
    for (const from of clients)
      for (const to of servers) addCrossing(found, permitted, together, { ...occasion, clients: from, servers: to, intervals: part.intervals });
  }
  return [...found].flatMap(([key, crossed]) => {
    const [fromZone, toZone] = JSON.parse(key) as [string, string];
    return isShown(permitted, together, crossed.example) ? flowsOf(permitted, together, { fromZone, toZone, ...crossed }) : [];
  });
}

function partOf({ clients, servers, intervals }: Opening, { conduit, rule }: Together): Part | null {
  const all = rule === null ? [conduit] : [conduit, rule];
  const covered = intervals.filter((interval) => all.every((one) => one.intervals === null || one.intervals.has(interval)));
  if (covered.length === 0) return null;
  const from = clients.filter((client) => all.every((one) => one.clients.has(client)));
  if (from.length === 0) return null;
  const to = servers.filter((server) => all.every((one) => one.servers.has(server)));
  return to.length === 0 ? null : { clients: from, servers: to, intervals: covered };
}

type Part = Pick<Opening, "clients" | "servers" | "intervals">;

const nobody = placeless(null);

/** The earliest time of an opening, and facts of it, with which both rules match; null where there are none: then others let it through. */
function occasionOf({ times, conditions }: Opening, { conduit, rule }: Together): Occasion | null {
  const rules = rule === null ? [conduit.rule] : [conduit.rule, rule.rule];
  const during = times.find(({ since }) => rules.every((one) => isInForce(one, since!)));
  if (during === undefined) return null;
  const demands = rules.flatMap(({ where }) => where.filter(({ kind }) => kind !== "tier"));
  const known = knownFacts(rules);
  for (const { names, facts } of conditions) {
    // What an opening does not name may be whatever these rules demand.
    const free = combinations(known.filter(({ name }) => !names.includes(name)));
    const found = free.map((some) => ({ ...some, ...facts })).find((all) => demands.every((demand) => isMet(demand, { client: nobody, facts: all }) === "met"));
    if (found !== undefined) return { during, facts: found };
  }
  return null;
}

/** Kinds of ends by what it depends on whether a rule counts for them: a zone may hold thousands, and few of these. */
function alikeFor({ alike }: Permitted, some: readonly number[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const number of some) {
    const { zone, policy, isGuarded } = alike[number]!.end;
    addTo(groups, JSON.stringify([zone, policy?.name ?? null, isGuarded]), number);
  }
  return [...groups.values()];
}

function addCrossing(
  found: Map<string, Crossed>,
  { alike }: Permitted,
  together: Together,
  { clients, servers, intervals, ...occasion }: Part & Occasion,
): void {
  const [one, other] = [alike[clients[0]!]!.end, alike[servers[0]!]!.end];
  if (one.zone === other.zone || !counts(together, one, other)) return;
  const key = JSON.stringify([one.zone, other.zone]);
  const example = { ...occasion, client: clients[0]!, server: servers[0]!, interval: intervals[0]! };
  const known = found.get(key) ?? { clients: new Set(), servers: new Set(), intervals: new Set(), example };
  found.set(key, known);
  for (const client of clients) known.clients.add(client);
  for (const server of servers) known.servers.add(server);
  for (const interval of intervals) known.intervals.add(interval);
  if (example.during.since! < known.example.during.since!) known.example = example;
}

/** Whether a rule of a segment (or none) is what these ends need beside the conduit (MEANING §2, what has to match for the segment). */
function counts({ rule, isException }: Together, client: Alike["end"], server: Alike["end"]): boolean {
  if (isException) return true;
  if (rule === null) return !client.isGuarded && !server.isGuarded;
  if (rule.policy === null) return client.isGuarded || server.isGuarded;
  const isServers = server.policy === rule.policy;
  return isServers || (client.policy === rule.policy && (!server.isGuarded || rule.policy.egressClosed));
}

/** Whether `decide` lets a question across by just these rules. */
function isShown({ world, alike, space }: Permitted, { conduit, rule }: Together, { client, server, interval, during, facts }: Example): boolean {
  const meeting = meetingOf({ client: alike[client]!, server: alike[server]!, during })!;
  const { verdict, by } = decide(world, { from: meeting.from.text, to: meeting.to.text, over: space.samples[interval]!, at: meeting.when.since, facts });
  return verdict === "allow" && by.includes(conduit.rule.name) && (rule === null || by.includes(rule.rule.name));
}

/** A flow for each service as text has it. */
function flowsOf(
  permitted: Permitted,
  { conduit, rule, isException }: Together,
  { fromZone, toZone, clients, servers, intervals, example }: Crossed & Pick<PermittedFlow, "fromZone" | "toZone">,
): readonly PermittedFlow[] {
  const { since } = example.during;
  return namedServices(permitted.space, [...intervals]).map((service) => ({
    fromZone,
    toZone,
    conduit: conduit.rule,
    rule: rule?.rule ?? null,
    isException,
    service,
    clients: [...clients].sort((a, b) => a - b),
    servers: [...servers].sort((a, b) => a - b),
    notBefore: since! > permitted.at ? since : null,
  }));
}
