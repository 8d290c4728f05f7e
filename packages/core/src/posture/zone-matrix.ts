import { addTo } from "../base/lists.ts";
import { meetingOf } from "../simulate/difference-rows.ts";
import type { Alike, Permitted } from "./permitted.ts";
import type { PermittedFlow } from "./permitted-flows.ts";

/**
 * What may cross from one zone to another now: nothing; what so many permitted flows name; everything; or something that no rule
 * names (`open`: only where the policy has no boundaries). `nobody`: an end is not known, so nothing can be said.
 * Everything that comes in parts, for some facts each, is not recognised as everything: it stands as named, or open.
 */
export type Crossing = { readonly kind: "denied" | "unrestricted" | "open" | "nobody" } | { readonly kind: "named"; readonly flows: number };

export interface ZonePair {
  readonly from: string;
  readonly to: string;
  readonly crossing: Crossing;
}

/** Every ordered pair of different zones. */
export function zoneMatrix({ zones, alike, space, openings, now }: Permitted, flows: readonly PermittedFlow[]): readonly ZonePair[] {
  const members = new Map<string, Alike[]>();
  for (const one of alike) addTo(members, one.end.zone, one);
  const zoneOf = (number: number): string => alike[number]!.end.zone;
  const [open, whole] = [new Set<string>(), new Map<string, number>()];
  for (const { clients, servers, intervals, isUnconditional } of openings.filter(({ isNow }) => isNow)) {
    const to = [...countsBy(servers.map(zoneOf))];
    const pairs = [...countsBy(clients.map(zoneOf))].flatMap(([client, some]) => to.map(([server, others]) => [keyOf(client, server), some * others] as const));
    for (const [key, ends] of pairs) {
      open.add(key);
      if (isUnconditional) whole.set(key, (whole.get(key) ?? 0) + ends * intervals.length);
    }
  }
  const named = countsBy(flows.filter(({ notBefore }) => notBefore === null).map(({ fromZone, toZone }) => keyOf(fromZone, toZone)));
  const crossingOf = (from: string, to: string): Crossing => {
    const [clients, servers, key] = [members.get(from) ?? [], members.get(to) ?? [], keyOf(from, to)];
    if (clients.length === 0 || servers.length === 0) return { kind: "nobody" };
    if (!open.has(key)) return { kind: "denied" };
    // Openings never overlap, so their sizes add up to all there is exactly when nothing is left out.
    if (whole.has(key) && whole.get(key) === meetingsIn(now, clients, servers) * space.count) return { kind: "unrestricted" };
    return named.has(key) ? { kind: "named", flows: named.get(key)! } : { kind: "open" };
  };
  return zones.flatMap((from) => zones.filter((to) => to !== from).map((to) => ({ from, to, crossing: crossingOf(from, to) })));
}

/** How many of them are there together with how many: an address may be free only later. */
function meetingsIn(during: Permitted["now"], clients: readonly Alike[], servers: readonly Alike[]): number {
  const always = servers.filter(({ isAlways }) => isAlways);
  const others = servers.filter(({ isAlways }) => !isAlways);
  const meeting = (client: Alike, some: readonly Alike[]): number => some.filter((server) => meetingOf({ client, server, during }) !== null).length;
  return clients.reduce((sum, client) => sum + (client.isAlways ? always.length + meeting(client, others) : meeting(client, servers)), 0);
}

const keyOf = (from: string, to: string): string => JSON.stringify([from, to]);

function countsBy(keys: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
