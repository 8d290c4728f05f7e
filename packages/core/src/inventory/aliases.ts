import { ipKey, ipOf } from "../base/ip.ts";
import { addTo } from "../base/lists.ts";
import type { Lease } from "../model/workload.ts";
import type { SourceExport } from "./sighting.ts";

/**
 * Which ids are other names of a workload: what `same-as` states; `mac-…`, a machine known by its hardware address only, of the one workload that
 * states this `mac`; `unnamed-…`, a machine known by its address only, of the one workload that holds the address at the same time. Anything
 * that fits two workloads stays apart.
 */
export function aliasesOf(exports: readonly SourceExport[]): (id: string) => string {
  const direct = new Map<string, string>();
  const byMac = new Map<string, Set<string>>();
  for (const { sightings } of exports)
    for (const { id, attributes } of sightings) {
      const [same, macs] = [attributes["same-as"], attributes["mac"]];
      if (same !== undefined && same !== id && !direct.has(id)) direct.set(id, same);
      if (macs === undefined || id.startsWith("mac-")) continue;
      // A machine has a hardware address for each of its cards.
      for (const mac of macs.split(" ")) byMac.set(mac, (byMac.get(mac) ?? new Set<string>()).add(id));
    }
  for (const id of bareIds(exports, "mac-")) {
    const owners = [...(byMac.get(id.slice("mac-".length)) ?? [])];
    if (owners.length === 1 && !direct.has(id)) direct.set(id, owners[0]!);
  }
  for (const [id, owner] of namedByAddress(exports)) if (!direct.has(id)) direct.set(id, owner);
  return (id) => {
    const met = new Set([id]);
    let name = id;
    for (let next = direct.get(name); next !== undefined && !met.has(next); next = direct.get(name)) {
      name = next;
      met.add(name);
    }
    // Names that stand for each other in a circle are all called as the least of them.
    return direct.has(name) && met.has(direct.get(name)!) ? [...met].reduce((least, one) => (one < least ? one : least)) : name;
  };
}

const bareIds = (exports: readonly SourceExport[], start: string): ReadonlySet<string> =>
  new Set(exports.flatMap(({ sightings }) => sightings.filter(({ id }) => id.startsWith(start)).map(({ id }) => id)));

/** Machines without a name with the only workload that holds one of their addresses at the same time. */
function namedByAddress(exports: readonly SourceExport[]): readonly (readonly [string, string])[] {
  const bare = bareIds(exports, "unnamed-");
  if (bare.size === 0) return [];
  const wanted = new Set([...bare].flatMap((id) => ipKeyOf(id.slice("unnamed-".length))));
  const claims = new Map<string, { readonly id: string; readonly lease: Lease }[]>();
  for (const { id, leases } of exports.flatMap(({ sightings }) => sightings))
    for (const lease of leases) if (wanted.has(ipKey(lease.ip))) addTo(claims, ipKey(lease.ip), { id, lease });
  return [...bare].flatMap((id) => {
    const all = ipKeyOf(id.slice("unnamed-".length)).flatMap((key) => claims.get(key) ?? []);
    const own = all.filter((one) => one.id === id);
    const others = new Set(all.filter((one) => !bare.has(one.id) && own.some(({ lease }) => overlap(lease, one.lease))).map((one) => one.id));
    return others.size === 1 ? [[id, [...others][0]!] as const] : [];
  });
}

const ipKeyOf = (text: string): readonly string[] => {
  const ip = ipOf(text);
  return ip === undefined ? [] : [ipKey(ip)];
};

const overlap = (a: Lease, b: Lease): boolean => (a.from ?? -Infinity) < (b.until ?? Infinity) && (b.from ?? -Infinity) < (a.until ?? Infinity);
