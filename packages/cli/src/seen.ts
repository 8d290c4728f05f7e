import type { ProposalWorkload } from "@bulkhead/core/recommend/dependency";
import type { Instant } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { holderSegments } from "@bulkhead/core/inventory/holders";

/** What a data directory holds: the flows of all time or until one, attributed, and who is who. */
export async function seenIn(
  directory: string,
  until: Instant | null = null,
): Promise<{ readonly flows: readonly Flow[]; readonly workloads: readonly ProposalWorkload[] }> {
  const archive = await openArchive(directory);
  try {
    const { workloads } = await loadInventory(directory);
    const flows = await archive.conversations({ since: null, until, segments: holderSegments(workloads) });
    return { flows, workloads };
  } finally {
    await archive.close();
  }
}
