import type { Instant } from "../base/instant.ts";

/** A stretch of time in which an address had the same holders; those of one address do not overlap, and two holders or more contest it. */
export interface HolderSegment {
  /** Canonical text. */
  readonly address: string;
  /** From (inclusive) until (exclusive); null is open. */
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly holders: readonly string[];
}
