import type { PeerTable, Ruleset } from "@bulkhead/core/compile/ruleset";

/** What one host may be given: 300,000 elements load in 2 s on our smallest host (2026-11); far beyond that the kernel's memory is at stake. */
export interface Limits {
  readonly elementsMax: number;
  readonly classesMax: number;
}

export const limits: Limits = { elementsMax: 1_000_000, classesMax: 50_000 };

/** Why a rule set is refused as too large, in words, or null. */
export function beyondLimits({ inbound, outbound }: Ruleset, { elementsMax, classesMax }: Limits = limits): string | null {
  const sum = (count: (table: PeerTable) => number): number => count(inbound) + count(outbound);
  const elements = sum(({ hosts, ranges, classes }) => hosts.length + ranges.length + classes.reduce((all, { length }) => all + length, 0));
  const classes = sum((table) => table.classes.length);
  if (elements > elementsMax) return `the rule set has ${elements} elements, and a host takes ${elementsMax}: select fewer peers, or use networks`;
  if (classes > classesMax) return `the rule set has ${classes} classes of peers, and a host takes ${classesMax}: give more workloads the same rules`;
  return null;
}
