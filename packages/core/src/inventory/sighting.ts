import type { Instant } from "../base/instant.ts";
import type { BorderPoint, Lease } from "../model/workload.ts";

/** What one source says about one workload; what it does not state is missing. */
export interface Sighting {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Everything that is no label: class, owner, os, criticality, hva, fisma. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly leases: readonly Lease[];
}

/** Everything that one source said, the last time that it was imported. */
export interface SourceExport {
  readonly source: string;
  readonly at: Instant;
  readonly sightings: readonly Sighting[];
  readonly points?: readonly BorderPoint[];
  /** Ids of workloads that are quarantined. */
  readonly quarantined?: readonly string[];
}
