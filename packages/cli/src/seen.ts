import type { ProposalWorkload } from "@bulkhead/core/map/policy-draft";
import type { Flow } from "@bulkhead/core/model/flow";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { holderSegments } from "@bulkhead/core/inventory/holders";

/** Everything that a data directory holds: the flows of all time, attributed, and who is who. */
export async function seenIn(directory: string): Promise<{ readonly flows: readonly Flow[]; readonly workloads: readonly ProposalWorkload[] }> {
  const archive = await openArchive(directory);
  try {
    const { workloads } = await loadInventory(directory);
    const flows = await archive.conversations({ since: null, until: null, segments: holderSegments(workloads) });
    return { flows, workloads };
  } finally {
    await archive.close();
  }
}
