import { crossingKey, type Dependency, type Likely, type Side, tripleKey } from "./dependency.ts";
import { administrationOf, toolsOf } from "./likely-administration.ts";
import { insideOf, replicasOf } from "./likely-inside.ts";
import type { Population } from "./population.ts";

/** What nobody saw, but what most of those alike do: never across applications but by whoever administers, and only to a service that was seen there or is administration. */
export function likelyOf(dependencies: readonly Dependency[], population: Population): readonly Likely[] {
  const seen = new Set(dependencies.map(tripleKey));
  const crossings = new Set(dependencies.map(crossingKey));
  const inside = insideOf(dependencies, population);
  const all = [...administrationOf(dependencies, population), ...inside, ...replicasOf([...dependencies, ...inside]), ...toolsOf(dependencies, population)];
  // Likeness opens no boundary: that service has crossed there already. Of two reasons for the same the first stands.
  return all.filter((one) => !seen.has(tripleKey(one)) && (one.client.zone === one.server.zone || crossings.has(crossingKey(one))) && seen.add(tripleKey(one)));
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
  return new Set(
    likely.filter(({ client, server, service }) => clients.get(JSON.stringify([server.key, service]))?.some((other) => isCoveredBy(other, client))),
  );
}

/** Whether a rule that names the second by its labels names the first, too. */
export function isCoveredBy({ peer: narrow }: Side, { peer: wide }: Side): boolean {
  return narrow.kind === "labels" && wide.kind === "labels" && Object.entries(wide.labels).every(([key, value]) => narrow.labels[key] === value);
}
