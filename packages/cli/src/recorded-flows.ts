import { openArchive } from "@bulkhead/adapters/stores/open";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import type { Flow } from "@bulkhead/core/model/flow";
import type { Inventory } from "@bulkhead/core/model/workload";

/** The inventory of a data directory, and every conversation that was ingested, with the workloads of its time. */
export async function recordedFlows(directory: string): Promise<{ readonly inventory: Inventory; readonly flows: readonly Flow[] }> {
  const archive = await openArchive(directory);
  try {
    const inventory = await loadInventory(directory);
    return { inventory, flows: await archive.conversations({ since: null, until: null, segments: holderSegments(inventory.workloads) }) };
  } finally {
    await archive.close();
  }
}
