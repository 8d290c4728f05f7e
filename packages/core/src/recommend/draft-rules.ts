import { byCodePoint } from "../base/order.ts";
import type { Dependency, RuleDraft, RulePeer, Side } from "./dependency.ts";
import { mergedPeers } from "./merged-peers.ts";
import { nameFrom } from "./policy-yaml.ts";

// Shared infrastructure is what most segments use, or what uses most of them, over one service; below five it is a neighbour.
const commonShare = 0.5;
const commonLeast = 5;

/** The rules for what was seen: conduits, common rules for shared infrastructure, and the allows of each segment; merged where no permission is added. */
export function draftRules(dependencies: readonly Dependency[], segmentCount: number): readonly RuleDraft[] {
  const commons = commonsOf(dependencies, Math.max(commonLeast, segmentCount * commonShare));
  const isCommon = ({ client, server, service }: Dependency): boolean =>
    client.peer.kind === "labels" &&
    server.peer.kind === "labels" &&
    (commons.has(`to ${server.key} ${service}`) || commons.has(`from ${client.key} ${service}`));
  return unique([...conduitsFor(dependencies), ...commonRules([...commons.values()]), ...allowsFor(dependencies.filter((one) => !isCommon(one)))]);
}

interface Common {
  readonly side: Side;
  readonly service: string;
  readonly isServer: boolean;
  readonly others: ReadonlySet<string>;
}

/** Servers that most segments use, and clients that use most segments, by service. */
function commonsOf(dependencies: readonly Dependency[], least: number): ReadonlyMap<string, Common> {
  const all = new Map<string, Common & { readonly others: Set<string> }>();
  const count = (key: string, one: Omit<Common, "others">, other: string): void => {
    const known = all.get(key) ?? { ...one, others: new Set<string>() };
    all.set(key, known);
    known.others.add(other);
  };
  for (const { client, server, service } of dependencies) {
    if (client.segment === null || server.segment === null || client.segment === server.segment) continue;
    count(`to ${server.key} ${service}`, { side: server, service, isServer: true }, client.segment);
    count(`from ${client.key} ${service}`, { side: client, service, isServer: false }, server.segment);
  }
  return new Map([...all].filter(([, { others }]) => others.size >= least));
}

/** What shared infrastructure is known to be by its service; the rest is only known to be shared. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^(udp|tcp)\/53$/, "names"],
  [/^udp\/123$/, "time"],
  [/^(tcp|udp)\/(88|389|464|636|3268|3269)$/, "directory"],
  [/^(tcp\/(9100|10050|10051|5666|9182)|udp\/161)$/, "monitoring"],
  [/^(udp|tcp)\/(514|6514|1514|5044)$/, "logging"],
  [/^tcp\/(9101|9102|9103|1556|13724|10102|6106|8400|9392)$/, "backup"],
  [/^tcp\/(8530|8531|3142)$/, "patching"],
  [/^tcp\/(22|3389|5985|5986)$/, "administration"],
];

function commonRules(commons: readonly Common[]): readonly RuleDraft[] {
  const grouped = new Map<string, Common[]>();
  for (const one of commons) {
    const key = `${one.isServer} ${one.side.key}`;
    grouped.set(key, [...(grouped.get(key) ?? []), one]);
  }
  return [...grouped]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, group]) => {
      const [{ side, isServer }] = group as [Common, ...Common[]];
      const services = group.map(({ service }) => service).sort(byCodePoint);
      const kind = kinds.find(([pattern]) => services.some((service) => pattern.test(service)))?.[1] ?? "shared";
      const segments = new Set(group.flatMap(({ others }) => [...others])).size;
      const because = isServer ? `shared infrastructure (${kind}): used by ${segments} segments` : `shared infrastructure (${kind}): uses ${segments} segments`;
      const [own, everybody]: readonly (readonly RulePeer[])[] = [mergedPeers([side.peer]), [{ kind: "workloads" }]];
      const ends = isServer ? { from: everybody!, to: own! } : { from: own!, to: everybody! };
      return { kind: "common", segment: null, name: nameFrom(`${kind}-${wordOf(side)}`), ...ends, services, because, crosses: null };
    });
}

/** A conduit for each crossing that was seen, with its services. */
function conduitsFor(dependencies: readonly Dependency[]): readonly RuleDraft[] {
  const crossings = new Map<string, Dependency[]>();
  for (const one of dependencies) {
    if (one.client.zone === one.server.zone) continue;
    const key = JSON.stringify([one.client.zone, one.server.zone]);
    const known = crossings.get(key) ?? [];
    if (known.length === 0) crossings.set(key, known);
    known.push(one);
  }
  return [...crossings]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, all]) => {
      const [{ client, server }] = all as [Dependency, ...Dependency[]];
      return {
        kind: "conduit",
        segment: null,
        name: nameFrom(`${client.zone}-to-${server.zone}`),
        from: [{ kind: "zone", zone: client.zone }],
        to: [{ kind: "zone", zone: server.zone }],
        services: servicesOf(all),
        because: `proposed from what was seen: ${all.length} ${all.length === 1 ? "dependency crosses" : "dependencies cross"} here; is it meant?`,
        crosses: null,
      };
    });
}

const servicesOf = (all: readonly Dependency[]): readonly string[] => [...new Set(all.map(({ service }) => service))].sort(byCodePoint);

/** The server's own policy lets in; where nobody guards the server, it is a need of the client. Clients of one service share a rule, services of the same clients too; what joins two environments stands alone. */
function allowsFor(dependencies: readonly Dependency[]): readonly RuleDraft[] {
  const doors = new Map<string, { readonly segment: string; readonly server: Side; readonly service: string; readonly clients: Map<string, Side> }>();
  for (const { client, server, service } of dependencies) {
    const segment = server.segment ?? client.segment;
    if (segment === null) continue;
    const key = JSON.stringify([segment, server.key, service, crossingOf(client, server)]);
    const known = doors.get(key) ?? { segment, server, service, clients: new Map<string, Side>() };
    doors.set(key, known);
    known.clients.set(client.key, client);
  }
  const rules = new Map<string, { readonly segment: string; readonly server: Side; readonly services: string[]; readonly clients: readonly Side[] }>();
  for (const { segment, server, service, clients } of doors.values()) {
    const sorted = [...clients].sort(([a], [b]) => byCodePoint(a, b)).map(([, side]) => side);
    const key = JSON.stringify([segment, server.key, sorted.map((side) => side.key)]);
    const known = rules.get(key) ?? { segment, server, services: [], clients: sorted };
    rules.set(key, known);
    known.services.push(service);
  }
  return [...rules].sort(([a], [b]) => byCodePoint(a, b)).map(([, rule]) => allowOf(rule));
}

function allowOf({ segment, server, services, clients }: { segment: string; server: Side; services: readonly string[]; clients: readonly Side[] }): RuleDraft {
  const short = (side: Side): string => (side.peer.kind === "labels" && side.segment === segment ? (side.peer.labels["role"] ?? wordOf(side)) : wordOf(side));
  const isNeed = server.segment !== segment;
  const client = clients.length === 1 ? short(clients[0]!) : `${clients.length}-roles`;
  const crosses = crossingOf(clients[0]!, server);
  const leaves = clients.some(({ zone }) => zone !== server.zone);
  return {
    kind: "allow",
    segment,
    name: nameFrom(isNeed ? `${client}-needs-${short(server)}` : `${client}-to-${short(server)}`),
    from: mergedPeers(clients.map(({ peer }) => peer)),
    to: mergedPeers([server.peer]),
    services: [...services].sort(byCodePoint),
    because: `proposed from what was seen; ${crosses === null ? (leaves ? "crosses zones: is it meant?" : "nobody has said why yet") : `joins environments (${crosses}): does anybody know why?`}`,
    crosses,
  };
}

/** The two environments that a dependency joins, or null. */
function crossingOf({ peer: client }: Side, { peer: server }: Side): string | null {
  const [from, to] = [client, server].map((peer) => (peer.kind === "labels" ? peer.labels["env"] : undefined));
  return from === undefined || to === undefined || from === to ? null : `${from} -> ${to}`;
}

function wordOf({ peer }: Side): string {
  switch (peer.kind) {
    case "labels":
      return Object.values(peer.labels).join("-");
    case "network":
      return peer.network;
  }
}

/** Names are unique in their policy; the order is the same for the same world. */
function unique(rules: readonly RuleDraft[]): readonly RuleDraft[] {
  const used = new Set<string>();
  return rules.map((rule) => {
    const free = (name: string): boolean => !used.has(`${rule.kind} ${rule.segment} ${name}`);
    let name = rule.name;
    for (let n = 2; !free(name); n += 1) name = `${rule.name}-${n}`;
    used.add(`${rule.kind} ${rule.segment} ${name}`);
    return { ...rule, name };
  });
}
