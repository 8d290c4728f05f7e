import type { HolderSegment } from "../model/holder-segment.ts";
import type { Workload } from "../model/workload.ts";
import { holderSegments } from "./holders.ts";

/** Addresses that several workloads claim at the same time, and when: what they do there cannot be told apart. */
export function contestedAddresses(workloads: readonly Pick<Workload, "id" | "leases">[]): readonly HolderSegment[] {
  return holderSegments(workloads).filter(({ holders }) => holders.length > 1);
}
