import { addTo } from "../base/lists.ts";
import { ipKey } from "../base/ip.ts";
import type { Lease } from "../model/workload.ts";

/** The same times in as few leases as can be: those of one address that repeat, overlap or touch become one; addresses stay in the order of their first lease. */
export function mergedLeases(leases: readonly Lease[]): readonly Lease[] {
  if (leases.length < 2) return leases;
  const byAddress = new Map<string, Lease[]>();
  for (const lease of leases) addTo(byAddress, ipKey(lease.ip), lease);
  return [...byAddress.values()].flatMap(mergedOfOne);
}

function mergedOfOne(leases: readonly Lease[]): readonly Lease[] {
  if (leases.length === 1) return leases;
  const merged: Lease[] = [];
  for (const lease of [...leases].sort((a, b) => compared(a.from ?? -Infinity, b.from ?? -Infinity))) {
    const last = merged.at(-1);
    if (last === undefined || (last.until !== null && (lease.from ?? -Infinity) > last.until)) merged.push(lease);
    else merged[merged.length - 1] = { ...last, until: last.until === null || lease.until === null ? null : Math.max(last.until, lease.until) };
  }
  return merged;
}

const compared = (a: number, b: number): number => (a === b ? 0 : a - b);
