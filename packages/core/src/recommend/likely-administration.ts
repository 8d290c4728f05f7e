import type { Dependency, Likely, Side } from "./dependency.ts";
import { type Group, type Population, usualAmong } from "./population.ts";
import { isAdministration } from "./service-kinds.ts";

// Administration is rare: who is reached once in months is not reached within weeks. Two of five alike is a habit of whoever
// administers; of generated organisations, one in forty that it added was never needed. Five, because below nobody can tell.
const administeredShare = 0.4;
const administeredLeast = 5;
// Near is the same role, or the same environment for the only one of its role: a quarter of it.
const nearShare = 0.25;

interface Reached {
  readonly client: Side;
  readonly service: string;
  readonly servers: Set<string>;
}

/** Whoever administers many groups of one operating system will administer the others, where it administers their like at all. */
export function administrationOf(dependencies: readonly Dependency[], population: Population): readonly Likely[] {
  const administrators = reachedBy(dependencies.filter(({ service }) => isAdministration(service)));
  const anyhow = anyhowOf(administrators);
  return administrators.flatMap(({ client, service, servers }) => {
    const others = population.apartFrom(client);
    const systems = [...new Set(others.flatMap((group) => [...group.systems]))].sort();
    return systems.flatMap((system) => {
      const alike = others.filter((group) => group.systems.has(system));
      const isDoing = ({ key }: Group): boolean => servers.has(key);
      // A group that runs several says nothing of one of them.
      const pure = alike.filter((group) => group.systems.size === 1);
      const usual = usualAmong(pure, {
        whom: `groups that run ${system}`,
        isDoing,
        isSeen: (group) => population.isServerBeside(group, client),
        share: administeredShare,
        least: administeredLeast,
      });
      if (usual === null) return [];
      return alike
        .filter((group) => !isDoing(group) && isUsual(group, others, anyhow.get(client.key)!))
        .map((server) => ({ client, server, service, because: `${usual} are administered so` }));
    });
  });
}

/** Whether those closest to a group are administered, too, by whatever service. */
function isUsual(group: Group, others: readonly Group[], reached: ReadonlySet<string>): boolean {
  const isReached = ({ key }: Group): boolean => reached.has(key);
  const sameRole = others.filter((other) => other !== group && other.role === group.role);
  if (group.role !== null && sameRole.length > 0) return sameRole.some(isReached);
  const near = others.filter((other) => other.env === group.env && (group.role !== null || other.app === group.app));
  const count = near.filter(isReached).length;
  return count > 0 && count >= near.length * nearShare;
}

/** Whoever administers half of the groups of a role and uses half of them over one service, five at least, will use the others: it is a tool. */
export function toolsOf(dependencies: readonly Dependency[], population: Population): readonly Likely[] {
  const anyhow = anyhowOf(reachedBy(dependencies.filter(({ service }) => isAdministration(service))));
  const answers = new Set(dependencies.map(({ server, service }) => JSON.stringify([server.key, service])));
  const used = reachedBy(dependencies.filter(({ client, service }) => anyhow.has(client.key) && !isAdministration(service)));
  return used.flatMap(({ client, service, servers }) => {
    const open = population.apartFrom(client).filter(({ key }) => answers.has(JSON.stringify([key, service])));
    const roles = [...new Set(open.flatMap(({ role }) => (role === null ? [] : [role])))].sort();
    return roles.flatMap((role) => {
      const alike = open.filter((group) => group.role === role);
      const count = alike.filter(({ key }) => servers.has(key)).length;
      const administered = alike.filter(({ key }) => anyhow.get(client.key)?.has(key)).length;
      if (count < administeredLeast || Math.min(count, administered) < alike.length / 2) return [];
      const because = `it administers ${administered} of ${alike.length} groups of the role ${role} that answer this, and uses ${count} of them so`;
      return alike.filter(({ key }) => !servers.has(key)).map((server) => ({ client, server, service, because }));
    });
  });
}

/** What each client of ours reaches over each service. */
function reachedBy(dependencies: readonly Dependency[]): readonly Reached[] {
  const all = new Map<string, Reached>();
  for (const { client, server, service } of dependencies) {
    if (client.peer.kind === "network") continue;
    const key = JSON.stringify([client.key, service]);
    const known = all.get(key) ?? { client, service, servers: new Set<string>() };
    all.set(key, known);
    known.servers.add(server.key);
  }
  return [...all.values()];
}

/** The servers of each client, over all services. */
function anyhowOf(all: readonly Reached[]): ReadonlyMap<string, ReadonlySet<string>> {
  const anyhow = new Map<string, Set<string>>();
  for (const { client, servers } of all) anyhow.set(client.key, new Set([...(anyhow.get(client.key) ?? []), ...servers]));
  return anyhow;
}
