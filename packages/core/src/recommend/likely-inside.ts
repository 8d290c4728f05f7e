import type { Dependency, Likely, Side, Triple } from "./dependency.ts";
import { type Group, type Population, usualAmong } from "./population.ts";
import { isAdministration, isReplicating } from "./service-kinds.ts";
import { sideWords } from "./side-word.ts";

// Inside an application: half of the applications that have both roles, five at least.
const insideShare = 0.5;
const insideLeast = 5;

/** What one role does to another in most applications that have both, it will do in the others, over the service that the server is known to answer. */
export function insideOf(dependencies: readonly Dependency[], population: Population): readonly Likely[] {
  const uses = usesOf(dependencies);
  const answers = new Map<string, Set<string>>();
  for (const { server, service } of dependencies) answers.set(server.key, (answers.get(server.key) ?? new Set<string>()).add(service));
  const isSeen = ({ client, server }: RolePair): boolean => population.isClientBeside(client, server) && population.isServerBeside(server, client);
  const usedBetween = (one: RolePair): readonly string[] => uses.get(pairKey(one)) ?? [];
  return [...rolePairs(population.groups).values()].flatMap((all) => {
    const doing = all.filter((one) => usedBetween(one).length > 0);
    if (doing.length === 0) return [];
    const most = usualAmong(all, { whom: "with these roles", isDoing: (one) => usedBetween(one).length > 0, isSeen, share: insideShare, least: insideLeast });
    const usual = new Set(doing.flatMap(usedBetween));
    return all.flatMap((one): readonly Likely[] => {
      if (usedBetween(one).length > 0) return [];
      const copies = doing.filter(({ client }) => client.app === one.client.app);
      const known = [...(answers.get(one.server.key) ?? [])].filter((service) => !isAdministration(service));
      const ends = { client: one.client, server: one.server };
      if (copies.length > 0)
        return [...new Set(copies.flatMap(usedBetween))]
          .filter((service) => known.includes(service) || most !== null)
          .map((service) => ({ ...ends, service, because: `this application does it in ${copies.map(({ client }) => client.env).join(", ")}` }));
      if (most === null) return [];
      return known.filter((service) => usual.has(service)).map((service) => ({ ...ends, service, because: `${most} do it` }));
    });
  });
}

/** Whoever uses a database that keeps a copy of itself on a second server of its segment will use the second when the first fails. */
export function replicasOf(dependencies: readonly Triple[]): readonly Likely[] {
  const users = new Map<string, Side[]>();
  const doorOf = (server: Side, service: string): string => JSON.stringify([server.key, service]);
  for (const { client, server, service } of dependencies) {
    const known = users.get(doorOf(server, service)) ?? [];
    users.set(doorOf(server, service), known);
    known.push(client);
  }
  return dependencies.flatMap(({ client: first, server: second, service }): readonly Likely[] => {
    if (first.segment === null || first.segment !== second.segment || first.key === second.key || !isReplicating(service)) return [];
    const own = (users.get(doorOf(first, service)) ?? []).filter(({ key, segment }) => segment === first.segment && key !== second.key);
    return own.map((client) => ({ client, server: second, service, because: `it uses ${sideWords(first)}, which keeps a copy here` }));
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
