/** map/ is flows × inventory: groups of workloads, what depends on what between them, and the ends that nobody knew. */
import type { Instant } from "../base/instant.ts";
import type { Volume } from "../model/flow.ts";

/** What depends on what, between groups of workloads with the same values of the chosen labels. */
export interface ApplicationMap {
  /** The label keys by which workloads are grouped, in the order asked. */
  readonly by: readonly string[];
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly groups: readonly MapGroup[];
  /** Dependencies: something answered, or nobody could tell whether it did. */
  readonly edges: readonly MapEdge[];
  /** What was tried and never answered; no dependency, and not silently dropped. */
  readonly attempts: readonly MapEdge[];
  /** Who by its conduct scans the inside, wide or deep; edges that only they opened are marked `scan`. */
  readonly scanners: readonly Scanner[];
  /** The ends that the inventory does not know, by connections, most first. */
  readonly unknowns: readonly UnknownEnd[];
  readonly unknownsOmitted: number;
  /** Sums over all flows that were read: edges and attempts together lose none (law 16). */
  readonly totals: {
    readonly connections: number;
    readonly inEdges: number;
    readonly inAttempts: number;
    readonly workloads: number;
    readonly withLabels: number;
    /** Workloads of the inventory that opened something, answered, or perhaps answered. */
    readonly talked: number;
    /** Addresses that should be somebody's (unknown or contested): those that answered, were perhaps answered or spoke, and those that never did. */
    readonly unknownThere: number;
    readonly unknownSilent: number;
  };
}

/** `workloads` is empty for what is no workload: a network, unmanaged or contested addresses; `broadcast` and `nowhere` (unspecified, link-local) name no machine. */
export interface MapGroup {
  readonly id: string;
  readonly kind: "workloads" | "internet" | "unknown" | "contested" | "broadcast" | "nowhere";
  /** The values that the inventory states; a key that no source states is missing. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those that have a flow; sorted. */
  readonly workloads: readonly string[];
  readonly network: "internet" | null;
  /** Distinct addresses of an end without workloads. */
  readonly addresses: number;
  /** How many of them answered, were perhaps answered, or spoke; at the others perhaps nobody is. */
  readonly there: number;
  /** The one address of an unknown machine that stands apart; null for every other group. */
  readonly address: string | null;
}

export interface MapEdge extends Volume {
  readonly from: string;
  readonly to: string;
  /** `tcp/5432`, `icmp4/8`, `icmp/any` where the type is not known, `ip/47`. */
  readonly service: string;
  /** Every conversation of the edge was opened by a scanner. */
  readonly scan: boolean;
}

/** `servers`, `services`, `connections` and `unanswered` count what it tried inside; the internet is no target. */
export interface Scanner {
  /** A workload, or the address of an end that the inventory does not know. */
  readonly name: string;
  readonly isWorkload: boolean;
  readonly group: string;
  readonly servers: number;
  readonly services: number;
  readonly connections: number;
  readonly unanswered: number;
}

/** An address that no lease covers at the time of its connections, or that several claim. */
export interface UnknownEnd {
  readonly address: string;
  readonly group: string;
  readonly asClient: number;
  readonly asServer: number;
  /** Of both, the connections that were answered, or of which nobody could tell; 0 says that perhaps nobody is there. */
  readonly alive: number;
  /** The workloads that claim a contested address. */
  readonly holders: readonly string[];
  /** What it answered as a server, what was tried on it and not seen answered, what it opened as a client. */
  readonly answers: ServiceList;
  readonly tried: ServiceList;
  readonly opens: ServiceList;
}

/** Services, those with most connections first, and how many are not named. */
export interface ServiceList {
  readonly names: readonly string[];
  readonly more: number;
}
