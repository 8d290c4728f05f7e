/** testing/ has what the enumerations of simulate stand for, made without any thought. */
import { identityNames, labelValues } from "../../decide/testing/small-pools.ts";
import type { Identity, Tier, Workload } from "../../model/workload.ts";

const tiers: readonly Tier[] = [0, 1, 2, 3];
const identities: readonly (Identity | null)[] = [
  null,
  ...[...identityNames, "spiffe://elsewhere/z"].flatMap((name) => tiers.map((tier): Identity => ({ name, tier }))),
];

/** Every workload that there could be in a small world: each key with each of its values and without it, with every identity at every tier. */
export function everyWorkload(): readonly Workload[] {
  const labelled = Object.entries(labelValues).reduce<readonly (readonly (readonly [string, string])[])[]>(
    (all, [key, values]) => [null, ...values].flatMap((value) => all.map((labels) => (value === null ? labels : [...labels, [key, value] as const]))),
    [[]],
  );
  return labelled.flatMap((labels, number) =>
    identities.map((identity, tier) => ({
      id: `every-${number}-${tier}`,
      labels: Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(labels)),
      leases: [],
      identity,
      point: true,
    })),
  );
}
