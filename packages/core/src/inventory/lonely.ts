import { addTo } from "../base/lists.ts";
import type { Lease } from "../model/workload.ts";
import type { Sighting } from "./sighting.ts";

/** An address that a device held among strangers, while its neighbours were in another network. */
export interface LonelyAddress {
  readonly id: string;
  readonly lease: Lease;
}

interface Held {
  readonly id: string;
  readonly lease: Lease;
}

// Of a wire with two devices nobody can say which of them is the stranger.
const neighboursMin = 3;

/** Addresses of version 4 in whose network (of 256) no other device of the wire was meanwhile, of devices that at other times were among three or more: somebody mistyped. */
export function lonelyAddresses(sightings: readonly Sighting[]): readonly LonelyAddress[] {
  const byNetwork = new Map<string, Held[]>();
  for (const { id, leases } of sightings) for (const lease of leases) if (lease.ip.family === 4) addTo(byNetwork, networkOf(lease), { id, lease });
  const neighbours = (one: Held): number =>
    new Set((byNetwork.get(networkOf(one.lease)) ?? []).filter((other) => other.id !== one.id && meet(one.lease, other.lease)).map(({ id }) => id)).size;
  return sightings.flatMap(({ id, leases }) => {
    const own = leases.filter(({ ip }) => ip.family === 4).map((lease) => ({ id, lease }));
    const lonely = own.filter((one) => neighbours(one) === 0);
    return lonely.length > 0 && own.some((one) => neighbours(one) >= neighboursMin) ? lonely : [];
  });
}

const networkOf = ({ ip }: Lease): string => `${ip.realm ?? ""} ${ip.value >> 8n}`;

const meet = (a: Lease, b: Lease): boolean => (a.from ?? -Infinity) < (b.until ?? Infinity) && (b.from ?? -Infinity) < (a.until ?? Infinity);
