import { day, type Instant } from "../base/instant.ts";
import { ipKey } from "../base/ip.ts";
import { addTo } from "../base/lists.ts";
import type { Lease } from "../model/workload.ts";
import { mergedLeases } from "./merged-leases.ts";
import type { Sighting, SourceExport } from "./sighting.ts";

// What a report of a year asks about, and a month to write it.
const keptFor = 400 * day;

/**
 * What a source that sees only the present says now, with what it said before: a lease that goes on keeps its beginning, one that is not seen
 * any more ended by now, and sooner where somebody else has the address since. What ended long ago is forgotten.
 */
export function continued(before: SourceExport, now: SourceExport): SourceExport {
  const starts = new Map<string, { readonly id: string; readonly from: Instant | null }[]>();
  for (const { id, leases } of now.sightings) for (const { ip, from } of leases) addTo(starts, ipKey(ip), { id, from });
  const earlier = new Map(before.sightings.map((one) => [one.id, one]));
  const endOf = (id: string, lease: Lease): Lease => {
    const others = (starts.get(ipKey(lease.ip)) ?? []).filter((one) => one.id !== id && one.from !== null && one.from > (lease.from ?? -Infinity));
    const end = others.reduce((least, { from }) => Math.min(least, from ?? least), Math.max(now.at, lease.from ?? -Infinity));
    return { ...lease, until: Math.min(lease.until ?? Infinity, end) };
  };
  const sightings = now.sightings.map((one) => withPast(one, earlier.get(one.id), endOf));
  const present = new Set(now.sightings.map(({ id }) => id));
  const gone = before.sightings
    .filter(({ id }) => !present.has(id))
    .map((one) => ({
      ...one,
      leases: kept(
        one.leases.map((lease) => endOf(one.id, lease)),
        now.at,
      ),
    }))
    .filter(({ leases }) => leases.length > 0);
  return { ...now, sightings: [...sightings, ...gone].map((one) => ({ ...one, leases: kept(one.leases, now.at) })) };
}

function withPast(now: Sighting, before: Sighting | undefined, endOf: (id: string, lease: Lease) => Lease): Sighting {
  if (before === undefined) return now;
  const past = before.leases.map((lease) => {
    const next = now.leases.find(({ ip }) => ipKey(ip) === ipKey(lease.ip));
    // Seen again before it was over: one lease, not two with a gap.
    const goesOn = next !== undefined && (lease.until === null || (next.from ?? -Infinity) <= lease.until);
    return goesOn && lease.until === null ? { ...lease, until: next.from ?? null } : goesOn ? lease : endOf(now.id, lease);
  });
  const whole = past.filter(({ from, until }) => until === null || from === null || from < until);
  return { ...now, leases: mergedLeases([...whole, ...now.leases]) };
}

const kept = (leases: readonly Lease[], at: Instant): readonly Lease[] =>
  leases.filter(({ from, until }) => (until === null || until > at - keptFor) && (from === null || until === null || from < until));
