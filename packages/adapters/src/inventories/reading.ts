import type { Say } from "@bulkhead/core/inventory/problem";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import type { BorderPoint } from "@bulkhead/core/model/workload";

/** What one file says of workloads, of points at borders, and of quarantine. */
export interface InventoryReading {
  readonly sightings: readonly Sighting[];
  readonly points: readonly BorderPoint[];
  readonly quarantined: readonly string[];
}

export const nothingRead: InventoryReading = { sightings: [], points: [], quarantined: [] };

/** Says why a file as a whole is not read. */
export function refused(say: Say, reason: string, message: string): InventoryReading {
  say({ reason, message });
  return nothingRead;
}
