/** model/ holds the nouns of MEANING §1: plain readonly data, one file each, without behaviour. */
import type { Instant } from "../base/instant.ts";
import type { Ip } from "../base/ip.ts";

/** Who held which address, from (inclusive) until (exclusive); null is open. */
export interface Lease {
  readonly ip: Ip;
  readonly from: Instant | null;
  readonly until: Instant | null;
}

/** 0 address only · 1 bound to the network · 2 asserted by a platform · 3 cryptographic, mutual, short-lived. */
export type Tier = 0 | 1 | 2 | 3;

export interface Identity {
  readonly name: string;
  readonly tier: Tier;
}

/** Anything that can be given policy. `labels` has no prototype; `point` says that a live one stands here. */
export interface Workload {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly leases: readonly Lease[];
  readonly identity: Identity | null;
  readonly point: boolean;
}

/** A point that controls the border of networks: a firewall, a cloud gateway. */
export interface BorderPoint {
  readonly id: string;
  readonly networks: readonly string[];
  readonly live: boolean;
}

/** The world that `decide` is asked about, beside the policy. */
export interface Inventory {
  readonly workloads: readonly Workload[];
  readonly points: readonly BorderPoint[];
  readonly quarantined: readonly string[];
}
