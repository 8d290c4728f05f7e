import { ipText } from "../base/ip.ts";
import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { HolderSegment } from "../model/holder-segment.ts";
import type { Workload } from "../model/workload.ts";

interface Claim {
  readonly id: string;
  readonly from: number;
  readonly until: number;
}

/** Who held which address when: for each address disjoint stretches of time, sorted; two holders or more contest a stretch. */
export function holderSegments(workloads: readonly Pick<Workload, "id" | "leases">[]): readonly HolderSegment[] {
  const claims = new Map<string, Claim[]>();
  for (const { id, leases } of workloads)
    for (const { ip, from, until } of leases) {
      const claim = { id, from: from ?? -Infinity, until: until ?? Infinity };
      if (claim.from >= claim.until) continue;
      const address = ipText(ip);
      const known = claims.get(address);
      if (known === undefined) claims.set(address, [claim]);
      else known.push(claim);
    }
  return [...claims].sort(([a], [b]) => byCodePoint(a, b)).flatMap(([address, list]) => segmentsOf(address, list));
}

function segmentsOf(address: string, claims: readonly Claim[]): readonly HolderSegment[] {
  const cuts = [...new Set(claims.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b);
  const segments: HolderSegment[] = [];
  for (const [index, start] of cuts.slice(0, -1).entries()) {
    const holders = sortedOnce(claims.filter(({ from, until }) => from <= start && start < until).map(({ id }) => id));
    const end = cuts[index + 1] ?? Infinity;
    const last = segments.at(-1);
    if (holders.length === 0) continue;
    const until = end === Infinity ? null : end;
    // A lease that goes on is one stretch, however it was cut.
    if (last !== undefined && last.until === start && last.holders.join("\u0000") === holders.join("\u0000"))
      segments[segments.length - 1] = { ...last, until };
    else segments.push({ address, from: start === -Infinity ? null : start, until, holders });
  }
  return segments;
}
