/** labels/ says which labels workloads probably should have, each with its reasons; nothing here changes one. */
import type { BelievedWorkload } from "../../inventory/believe.ts";

/** What suggestions ask of a workload. */
export type Subject = Pick<BelievedWorkload, "id" | "labels" | "attributes" | "leases">;

/** What speaks for one value of a key: how much, from 0 to 1, and why in words. */
export interface Vote {
  readonly value: string;
  readonly score: number;
  readonly why: string;
}

/** One kind of evidence about one key. It never looks at the label of the workload that it is asked about. */
export interface Evidence {
  readonly name: "name" | "subnet" | "peers" | "conduct";
  /** The values that anything speaks for, the strongest first. */
  votes(subject: Subject): readonly Vote[];
}

/** How often each value stands beside each feature, counted over workloads that have the label. */
export interface Tally {
  add(feature: string, value: string): void;
  /** Counts by value, without the one of `own`, and their sum. */
  without(feature: string, own: string | undefined): { readonly counts: ReadonlyMap<string, number>; readonly all: number };
}

const valuesMost = 200;

export function tally(): Tally {
  const features = new Map<string, Map<string, number>>();
  return {
    add(feature, value) {
      const counts = features.get(feature) ?? new Map<string, number>();
      features.set(feature, counts);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    without(feature, own) {
      const known = features.get(feature);
      // What stands beside hundreds of values tells none of them.
      const counts = new Map(known !== undefined && known.size <= valuesMost ? known : []);
      const ownCount = own === undefined ? undefined : counts.get(own);
      if (own !== undefined && ownCount !== undefined)
        if (ownCount > 1) counts.set(own, ownCount - 1);
        else counts.delete(own);
      return { counts, all: [...counts.values()].reduce((sum, count) => sum + count, 0) };
    },
  };
}

/** The strongest first; equal ones by value, so that an answer never depends on an order of reading. */
export const strongestFirst = (votes: readonly Vote[]): readonly Vote[] => [...votes].sort((a, b) => b.score - a.score || (a.value < b.value ? -1 : 1));

/** The label of a workload, or undefined. */
export const labelOf = ({ labels }: Pick<Subject, "labels">, key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
