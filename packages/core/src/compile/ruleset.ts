/** compile/ turns a policy and an inventory into one rule set for each point: whole, canonical, and judged from that point alone. */
import type { Instant } from "../base/instant.ts";

/** What a point does with a conversation: `would` passes it and counts it as a denial that a stage holds back. */
export type Action = "pass" | "would" | "block";

/** A stretch of services with one action; `until` is when a `pass` ends by itself, null if it does not. Protocol null: every protocol that no stretch names. */
export interface Stretch {
  readonly protocol: number | null;
  readonly low: number;
  readonly high: number;
  readonly action: Action;
  readonly until: Instant | null;
  /** The rules that let it pass, sorted; empty for what nobody guards, and for denials. */
  readonly by: readonly string[];
}

/** The peers of one direction. Every address has a class: its own, that of its range, or `otherwise`. */
export interface PeerTable {
  /** Each class is its stretches, sorted by protocol and port; the one of protocol null is last. */
  readonly classes: readonly (readonly Stretch[])[];
  /** Addresses that a workload holds. */
  readonly hosts: readonly { readonly address: string; readonly class: number }[];
  /** Disjoint stretches of bare addresses, first and last included, sorted. */
  readonly ranges: readonly { readonly first: string; readonly last: string; readonly class: number }[];
  readonly otherwise: number;
}

/** Everything that one host point enforces. Equal worlds give equal rule sets, to the byte (law 8). */
export interface Ruleset {
  readonly version: 1;
  readonly point: string;
  /** Conversations that others open with this host, by the opener's address. */
  readonly inbound: PeerTable;
  /** Conversations that this host opens, by the server's address. */
  readonly outbound: PeerTable;
}
