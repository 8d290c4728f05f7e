import type { Believed } from "@bulkhead/core/inventory/believe";
import type { Instant } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { holderSegments } from "@bulkhead/core/inventory/holders";

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
