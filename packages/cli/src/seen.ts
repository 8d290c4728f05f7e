import type { Believed } from "@bulkhead/core/inventory/believe";
import type { Instant } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { holderSegments } from "@bulkhead/core/inventory/holders";

/** What a data directory holds: the flows of all time, until one or since one, attributed, who is who, and which networks are named. */
export async function seenIn(
  directory: string,
  until: Instant | null = null,
  { since = null }: { readonly since?: Instant | null } = {},
): Promise<{ readonly flows: readonly Flow[] } & Pick<Believed, "workloads" | "networks">> {
  const archive = await openArchive(directory);
  try {
    const { workloads, networks } = await loadInventory(directory);
    const flows = await archive.conversations({ since, until, segments: holderSegments(workloads) });
    return { flows, workloads, networks };
  } finally {
    await archive.close();
  }
}
