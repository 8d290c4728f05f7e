import { ipText } from "../base/ip.ts";
import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { HolderSegment } from "../model/holder-segment.ts";
import type { Workload } from "../model/workload.ts";

interface Border {
  readonly at: number;
  readonly id: string;
  /** 1 where a claim begins, -1 where it ends. */
  readonly step: 1 | -1;
}

/** Who held which address when: for each address disjoint stretches of time, sorted; two holders or more contest a stretch. */
export function holderSegments(workloads: readonly Pick<Workload, "id" | "leases">[]): readonly HolderSegment[] {
  const borders = new Map<string, Border[]>();
  for (const { id, leases } of workloads)
    for (const { ip, from, until } of leases) {
      const [start, end] = [from ?? -Infinity, until ?? Infinity];
      if (start >= end) continue;
      const address = ipText(ip);
      const known = borders.get(address) ?? [];
      if (known.length === 0) borders.set(address, known);
      known.push({ at: start, id, step: 1 }, { at: end, id, step: -1 });
    }
  return [...borders].sort(([a], [b]) => byCodePoint(a, b)).flatMap(([address, list]) => segmentsOf(address, list));
}

/** A sweep over the borders of one address: sorted once, then each is met once. */
function segmentsOf(address: string, borders: readonly Border[]): readonly HolderSegment[] {
  const sorted = [...borders].sort((a, b) => (a.at === b.at ? 0 : a.at - b.at));
  const segments: HolderSegment[] = [];
  // How many claims of each workload cover the place where the sweep is.
  const covering = new Map<string, number>();
  let at = 0;
  while (at < sorted.length) {
    const start = sorted[at]!.at;
    for (; sorted[at]?.at === start; at += 1) {
      const { id, step } = sorted[at]!;
      const count = (covering.get(id) ?? 0) + step;
      if (count === 0) covering.delete(id);
      else covering.set(id, count);
    }
    const end = sorted[at]?.at;
    if (end === undefined || covering.size === 0) continue;
    const until = end === Infinity ? null : end;
    const last = segments.at(-1);
    // A claim that goes on is one stretch, however it was cut.
    if (last !== undefined && last.until === start && isHeldBy(last.holders, covering)) segments[segments.length - 1] = { ...last, until };
    else segments.push({ address, from: start === -Infinity ? null : start, until, holders: sortedOnce(covering.keys()) });
  }
  return segments;
}

const isHeldBy = (holders: readonly string[], covering: ReadonlyMap<string, number>): boolean =>
  holders.length === covering.size && holders.every((id) => covering.has(id));
