import { openReason } from "../model/open-reason.ts";
import { byCodePoint } from "../base/order.ts";
import { commonsFor } from "./commons.ts";
import { conduitsFor } from "./conduits.ts";
import type { Dependency, RuleDraft, Side, Triple } from "./dependency.ts";
import { fullNameOf } from "./files.ts";
import { mergedPeers } from "./merged-peers.ts";
import { nameFrom } from "./policy-yaml.ts";
import type { Population } from "./population.ts";
import { wordOf } from "./side-word.ts";
import { hasNoPolicy, type Segment } from "./sides.ts";
import { subsumedBy } from "./subsumed.ts";

interface Drafting {
  readonly population: Population;
  /** The segments that are to be written. */
  readonly segments: ReadonlyMap<string, Segment>;
  /** The zones that guard whoever has no segment in them; nobody else is guarded. */
  readonly closed: ReadonlySet<string>;
  /** Whether there are zones that something could cross. */
  readonly isBounded: boolean;
}

/** The rules for what was seen: conduits, common rules for shared infrastructure, and the allows of each segment; merged where no permission is added. */
export function draftRules(dependencies: readonly Dependency[], { population, ...drafting }: Drafting): readonly RuleDraft[] {
  const { rules, isCommon } = commonsFor(dependencies, population);
  const apart = dependencies.filter((one) => !isCommon(one));
  // Beside a rule that is wide because a label is missing, a client of the same would be named for nothing.
  const isSubsumed = subsumedBy(apart);
  return [
    ...conduitsFor(dependencies),
    ...rules,
    ...allowsFor(
      apart.filter((one) => !isSubsumed(one)),
      drafting,
    ),
  ];
}

export type Guards = Pick<Drafting, "segments" | "closed">;

/** Whose rule opens a way: the server's own policy; where nobody guards the server, it is a need of the client. Null for the architects, who let in to a closed zone; undefined where it stands open. */
export function openerOf({ client, server }: Pick<Triple, "client" | "server">, { segments, closed }: Guards): string | null | undefined {
  for (const { segment, zone, peer } of [server, client]) {
    if (segment !== null && segments.has(segment)) return segment;
    if (hasNoPolicy({ segment, peer }) && closed.has(zone)) return null;
  }
  return undefined;
}

/** Clients of one service share a rule, services of the same clients too; what joins two environments stands alone. */
function allowsFor(dependencies: readonly Dependency[], { segments, closed, isBounded }: Omit<Drafting, "population">): readonly RuleDraft[] {
  const doors = new Map<string, { readonly segment: string | null; readonly server: Side; readonly service: string; readonly clients: Map<string, Side> }>();
  for (const { client, server, service } of dependencies) {
    const segment = openerOf({ client, server }, { segments, closed });
    if (segment === undefined) continue;
    const key = JSON.stringify([segment, server.key, service, crossingOf(client, server)]);
    const known = doors.get(key) ?? { segment, server, service, clients: new Map<string, Side>() };
    doors.set(key, known);
    known.clients.set(client.key, client);
  }
  const rules = new Map<string, { readonly segment: string | null; readonly server: Side; readonly services: string[]; readonly clients: readonly Side[] }>();
  for (const { segment, server, service, clients } of doors.values()) {
    const sorted = [...clients].sort(([a], [b]) => byCodePoint(a, b)).map(([, side]) => side);
    const key = JSON.stringify([segment, server.key, sorted.map((side) => side.key)]);
    const known = rules.get(key) ?? { segment, server, services: [], clients: sorted };
    rules.set(key, known);
    known.services.push(service);
  }
  return [...rules].sort(([a], [b]) => byCodePoint(a, b)).map(([, rule]) => allowOf({ ...rule, isBounded }));
}

interface Allowing extends Pick<Drafting, "isBounded"> {
  readonly segment: string | null;
  readonly server: Side;
  readonly services: readonly string[];
  readonly clients: readonly Side[];
}

function allowOf({ segment, server, services, clients, isBounded }: Allowing): RuleDraft {
  const short = (side: Side): string =>
    side.peer.kind === "labels" && segment !== null && side.segment === segment ? (side.peer.labels["role"] ?? wordOf(side)) : wordOf(side);
  const isNeed = server.segment !== segment;
  const client = clients.length === 1 ? short(clients[0]!) : `${clients.length}-roles`;
  const crosses = crossingOf(clients[0]!, server);
  const leaves = isBounded && clients.some(({ zone }) => zone !== server.zone);
  return {
    kind: segment === null ? "common" : "allow",
    segment,
    name: nameFrom(isNeed && segment !== null ? `${client}-needs-${short(server)}` : `${client}-to-${short(server)}`),
    from: mergedPeers(clients.map(({ peer }) => peer)),
    to: mergedPeers([server.peer]),
    services: [...services].sort(byCodePoint),
    because: `${openReason}; ${crosses === null ? (leaves ? "crosses zones: is it meant?" : "nobody has said why yet") : `joins environments (${crosses}): does anybody know why?`}`,
    crosses,
    likely: null,
  };
}

/** The two environments that a dependency joins, or null. */
function crossingOf({ peer: client }: Side, { peer: server }: Side): string | null {
  const [from, to] = [client, server].map((peer) => (peer.kind === "labels" ? peer.labels["env"] : undefined));
  return from === undefined || to === undefined || from === to ? null : `${from} -> ${to}`;
}

/** Names are unique in their policy, and none is taken by a rule that is there; the order is the same for the same world. */
export function unique(rules: readonly RuleDraft[], taken: readonly string[]): readonly RuleDraft[] {
  const used = new Set(taken);
  return rules.map((rule) => {
    let name = rule.name;
    for (let n = 2; used.has(fullNameOf({ ...rule, name })); n += 1) name = `${rule.name}-${n}`;
    used.add(fullNameOf({ ...rule, name }));
    return { ...rule, name };
  });
}
