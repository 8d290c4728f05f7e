import type { Instant } from "@bulkhead/core/base/instant";
import type { Credential } from "@bulkhead/core/inventory/credential";
import type { Agreement, FismaSystem } from "@bulkhead/core/inventory/fisma-system";
import type { Say } from "@bulkhead/core/inventory/problem";
import type { KnownNetwork, Sighting } from "@bulkhead/core/inventory/sighting";
import type { BorderPoint } from "@bulkhead/core/model/workload";

/** What one file says of workloads, of points at borders, of quarantine, and of networks. */
export interface InventoryReading {
  readonly sightings: readonly Sighting[];
  readonly points: readonly BorderPoint[];
  readonly quarantined: readonly string[];
  readonly networks?: readonly KnownNetwork[];
  /** By what workloads show who they are. */
  readonly credentials?: readonly Credential[];
  readonly systems?: readonly FismaSystem[];
  readonly agreements?: readonly Agreement[];
  /** The source sees only the present: what it said of the past is kept when it speaks again. */
  readonly isSnapshot?: boolean;
}

/** What a reader is given beside the text. */
export interface ReadingInput {
  readonly say: Say;
  /** When the file was written, as far as anybody knows: for what says no time of its own. */
  readonly at: Instant;
}

export const nothingRead: InventoryReading = { sightings: [], points: [], quarantined: [] };

/** Says why a file as a whole is not read. */
export function refused(say: Say, reason: string, message: string): InventoryReading {
  say({ reason, message });
  return nothingRead;
}

/** What several readings say together. */
export function together(readings: readonly InventoryReading[]): Required<InventoryReading> {
  return {
    sightings: readings.flatMap(({ sightings }) => sightings),
    points: readings.flatMap(({ points }) => points),
    quarantined: readings.flatMap(({ quarantined }) => quarantined),
    networks: readings.flatMap(({ networks = [] }) => networks),
    credentials: readings.flatMap(({ credentials = [] }) => credentials),
    systems: readings.flatMap(({ systems = [] }) => systems),
    agreements: readings.flatMap(({ agreements = [] }) => agreements),
    isSnapshot: readings.some(({ isSnapshot = false }) => isSnapshot),
  };
}
