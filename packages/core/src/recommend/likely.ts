import type { Dependency, Likely, Side } from "./dependency.ts";
import type { Group, Population } from "./population.ts";
import { isAdministration } from "./service-kinds.ts";

// Administration is rare: who is reached once in months is not reached within weeks. Two of five alike, and one of the same role, is a habit of
// whoever administers; measured on generated organisations it added nothing that nobody needs. Five, because below nobody can tell.
const administeredShare = 0.4;
const administeredLeast = 5;
// Inside an application: half of the applications that have both roles, five at least.
const insideShare = 0.5;
const insideLeast = 5;

/** What nobody saw, but what most of those alike do: never across applications but to administer, and only to a service that was seen there or is administration. */
export function likelyOf(dependencies: readonly Dependency[], population: Population): readonly Likely[] {
  const seen = new Set(dependencies.map(keyOf));
  const crossings = new Set(dependencies.map(crossingOf));
  // Likeness opens no boundary: that service has crossed there already.
  return [...administrationOf(dependencies, population), ...insideOf(dependencies, population)].filter(
    (one) => !seen.has(keyOf(one)) && (one.client.zone === one.server.zone || crossings.has(crossingOf(one))),
  );
}

/**
 * The likely ones for which a machine that a rule cannot tell from their client was seen: where a label is missing, the selector covers those that
 * have it. They are no guess, they are part of the rule that was seen.
 */
export function coveredOf(likely: readonly Likely[], dependencies: readonly Dependency[]): ReadonlySet<Likely> {
  const clients = new Map<string, Side[]>();
  for (const { client, server, service } of dependencies) {
    const key = JSON.stringify([server.key, service]);
    const known = clients.get(key) ?? [];
    if (known.length === 0) clients.set(key, known);
    known.push(client);
  }
  return new Set(likely.filter(({ client, server, service }) => clients.get(JSON.stringify([server.key, service]))?.some((other) => isCovered(other, client))));
}

function isCovered({ peer: narrow }: Side, { peer: wide }: Side): boolean {
  return narrow.kind === "labels" && wide.kind === "labels" && Object.entries(wide.labels).every(([key, value]) => narrow.labels[key] === value);
}

type Triple = Pick<Dependency, "client" | "server" | "service">;
const keyOf = ({ client, server, service }: Triple): string => JSON.stringify([client.key, server.key, service]);
const crossingOf = ({ client, server, service }: Triple): string => JSON.stringify([client.zone, server.zone, service]);

/** Whoever administers many groups of one operating system will administer the others, where it administers that role at all. */
function administrationOf(dependencies: readonly Dependency[], population: Population): readonly Likely[] {
  const administrators = new Map<string, { readonly client: Side; readonly service: string; readonly reached: Set<string> }>();
  for (const { client, server, service } of dependencies) {
    if (client.peer.kind === "network" || !isAdministration(service)) continue;
    const key = JSON.stringify([client.key, service]);
    const known = administrators.get(key) ?? { client, service, reached: new Set<string>() };
    administrators.set(key, known);
    known.reached.add(server.key);
  }
  return [...administrators.values()].flatMap(({ client, service, reached }) => {
    const others = population.apartFrom(client);
    const isReached = ({ key }: Group): boolean => reached.has(key);
    const systems = [...new Set(others.flatMap((group) => [...group.systems]))].sort();
    return systems.flatMap((system) => {
      const alike = others.filter((group) => group.systems.has(system));
      const count = alike.filter(isReached).length;
      if (count < administeredLeast || count < alike.length * administeredShare) return [];
      return alike
        .filter((group) => !isReached(group) && isUsual(group, alike, isReached))
        .map((server) => ({ client, server, service, because: `${count} of ${alike.length} groups that run ${system} are administered so` }));
    });
  });
}

/** Whether those closest to a group are administered, too: of its role, or of its environment where it is the only one of its role. */
function isUsual(group: Group, alike: readonly Group[], isReached: (group: Group) => boolean): boolean {
  const sameRole = alike.filter((other) => other !== group && other.role === group.role);
  if (group.role !== null && sameRole.length > 0) return sameRole.some(isReached);
  const near = alike.filter((other) => other.env === group.env && (group.role === null ? other.app === group.app : true));
  const count = near.filter(isReached).length;
  return count > 0 && count >= near.length * administeredShare;
}

/** What one role does to another in most applications that have both, it will do in the others, over the service that the server is known to answer. */
function insideOf(dependencies: readonly Dependency[], population: Population): readonly Likely[] {
  const uses = usesOf(dependencies);
  const answers = new Map<string, Set<string>>();
  for (const { server, service } of dependencies) answers.set(server.key, (answers.get(server.key) ?? new Set<string>()).add(service));
  const usedBetween = (one: RolePair): readonly string[] => uses.get(pairKey(one)) ?? [];
  return [...rolePairs(population.groups).values()].flatMap((all) => {
    const doing = all.filter((one) => usedBetween(one).length > 0);
    if (doing.length === 0) return [];
    const isMost = doing.length >= insideLeast && doing.length >= all.length * insideShare;
    const usual = new Set(doing.flatMap(usedBetween));
    return all.flatMap((one): readonly Likely[] => {
      if (usedBetween(one).length > 0) return [];
      const copies = doing.filter(({ client }) => client.app === one.client.app);
      const known = [...(answers.get(one.server.key) ?? [])].filter((service) => !isAdministration(service));
      const ends = { client: one.client, server: one.server };
      if (copies.length > 0)
        return [...new Set(copies.flatMap(usedBetween))]
          .filter((service) => known.includes(service) || isMost)
          .map((service) => ({ ...ends, service, because: `this application does it in ${copies.map(({ client }) => client.env).join(", ")}` }));
      if (!isMost) return [];
      return known
        .filter((service) => usual.has(service))
        .map((service) => ({ ...ends, service, because: `${doing.length} of ${all.length} with these roles do it` }));
    });
  });
}

interface RolePair {
  readonly client: Group;
  readonly server: Group;
}

const pairKey = ({ client, server }: { readonly client: Pick<Side, "key">; readonly server: Pick<Side, "key"> }): string =>
  JSON.stringify([client.key, server.key]);

function usesOf(dependencies: readonly Dependency[]): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const one of dependencies) {
    if (isAdministration(one.service)) continue;
    const known = uses.get(pairKey(one)) ?? [];
    uses.set(pairKey(one), known);
    known.push(one.service);
  }
  return uses;
}

/** The pairs of groups of one application in one environment, by their roles. */
function rolePairs(groups: readonly Group[]): ReadonlyMap<string, readonly RolePair[]> {
  const bySegment = new Map<string, Group[]>();
  for (const group of groups) {
    const key = JSON.stringify([group.app, group.env]);
    bySegment.set(key, [...(bySegment.get(key) ?? []), group]);
  }
  const pairs = new Map<string, RolePair[]>();
  for (const own of bySegment.values())
    for (const one of own.flatMap((client) => own.map((server) => ({ client, server })))) {
      if (one.client === one.server || one.client.role === null || one.server.role === null) continue;
      const key = JSON.stringify([one.client.role, one.server.role]);
      const known = pairs.get(key) ?? [];
      pairs.set(key, known);
      known.push(one);
    }
  return pairs;
}
