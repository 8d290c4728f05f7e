import type { Instant } from "../base/instant.ts";

/** What a group of the picture stands for: workloads of the inventory, a network outside, addresses that nobody wrote down, or addresses that are no machine. */
export type PicturedKind = "workloads" | "outside" | "unknown" | "apart";

/** One box of the picture. `lane` and `note` are words for people; a lane holds what belongs to one application. */
export interface PicturedGroup {
  readonly id: string;
  readonly kind: PicturedKind;
  readonly title: string;
  readonly lane: string;
  readonly env: string | null;
  /** Workload ids, or the addresses seen. */
  readonly members: readonly string[];
  /** How many there are, when `members` are only some of them. */
  readonly memberCount: number;
  /** How many of them are machines that are there, in words: what never answered and never spoke may be nobody. */
  readonly size: string;
}

/** One line of the table: client group, server group, service, and how much was seen. Null is "no source told". */
export interface PicturedEdge {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly connections: number;
  readonly unanswered: number;
  readonly bytes: number | null;
  readonly first: Instant | null;
  readonly last: Instant | null;
  readonly observers: readonly string[];
  /** Opened by nothing but scanners. */
  readonly scan: boolean;
}

/** Something that nobody knew, in words. */
export interface Finding {
  readonly title: string;
  readonly text: string;
}

/** What the picture and its table show. */
export interface PicturedMap {
  readonly groups: readonly PicturedGroup[];
  readonly edges: readonly PicturedEdge[];
  /** Workloads of the inventory, and those of them that opened something or answered. */
  readonly workloads: { readonly known: number; readonly talked: number };
  /** Machines in no inventory that answered or spoke themselves. */
  readonly unknownCount: number;
  readonly findings: readonly Finding[];
  /** Findings that are not listed because they are too many. */
  readonly findingsOmitted: number;
}
