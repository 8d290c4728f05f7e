import type { Believed } from "@bulkhead/core/inventory/believe";
import type { Instant } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { holderSegments } from "@bulkhead/core/inventory/holders";

/** What a data directory holds: the flows of all time or until one, attributed, who is who, and which networks are named. */
export async function seenIn(
  directory: string,
  until: Instant | null = null,
): Promise<{ readonly flows: readonly Flow[] } & Pick<Believed, "workloads" | "networks">> {
  const archive = await openArchive(directory);
  try {
    const { workloads, networks } = await loadInventory(directory);
    const flows = await archive.conversations({ since: null, until, segments: holderSegments(workloads) });
    return { flows, workloads, networks };
  } finally {
    await archive.close();
  }
}
