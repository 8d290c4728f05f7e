import type { Instant } from "../base/instant.ts";
import type { Agreement, FismaSystem } from "./fisma-system.ts";
import type { Credential } from "./credential.ts";
import type { BorderPoint, Lease } from "../model/workload.ts";

/** What one source says about one workload; what it does not state is missing. */
export interface Sighting {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Everything that is no label: class, owner, os, criticality, hva, fisma, mac, fqdn. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly leases: readonly Lease[];
}

/** A stretch of addresses that a source knows by name: what it is for, not who holds an address in it. */
export interface KnownNetwork {
  readonly name: string;
  /** Canonical text; null for what has no addresses of its own, such as a VLAN. */
  readonly prefix: string | null;
  /** `subnet`, `vlan`, `vpc`, … */
  readonly kind: string;
  /** What else the source states: `vlan`, `site`, `role`, `vrf`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Everything that one source said, the last time that it was imported. */
export interface SourceExport {
  readonly source: string;
  readonly at: Instant;
  readonly sightings: readonly Sighting[];
  readonly points?: readonly BorderPoint[];
  /** Ids of workloads that are quarantined. */
  readonly quarantined?: readonly string[];
  readonly networks?: readonly KnownNetwork[];
  readonly credentials?: readonly Credential[];
  readonly systems?: readonly FismaSystem[];
  readonly agreements?: readonly Agreement[];
  /** Believed before every source that is not: what a person has corrected. */
  readonly isFirst?: boolean;
}
