import type { Believed } from "@bulkhead/core/inventory/believe";
import { day, type Instant } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import type { Outline } from "@bulkhead/core/outside";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import { now } from "./instant-flag.ts";

/** What a data directory holds: the flows of all time, or of a part of it, attributed at their own time; and what its inventory says. */
export async function seenIn(
  directory: string,
  { since = null, until = null }: { readonly since?: Instant | null; readonly until?: Instant | null } = {},
): Promise<{ readonly flows: readonly Flow[] } & Believed> {
  const archive = await openArchive(directory);
  try {
    const inventory = await loadInventory(directory);
    return { ...inventory, flows: await archive.conversations({ since, until, segments: holderSegments(inventory.workloads) }) };
  } finally {
    await archive.close();
  }
}

/** The days of UTC since 1970-01-01, rising, on which a conversation began that a data directory holds. */
export async function daysRecorded(directory: string, { until }: { readonly until: Instant | null }): Promise<readonly number[]> {
  const archive = await openArchive(directory);
  try {
    return daysOf(await archive.outline({ since: null, until, segments: [] }));
  } finally {
    await archive.close();
  }
}

export const daysOf = ({ days }: Outline): readonly number[] => days.flatMap((one) => one.day ?? []);

/** The last of these days that is not in the future, where clocks that ran ahead place records; else the last of all. */
export function lastPast(days: readonly number[]): number | undefined {
  const today = Math.floor(now() / day);
  return days.findLast((one) => one <= today) ?? days.at(-1);
}
