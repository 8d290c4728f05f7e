import { ipText } from "../base/ip.ts";
import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { Inventory, Workload } from "../model/workload.ts";

/** One label that a workload has otherwise; null is none. */
export interface Relabelled {
  readonly id: string;
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between two inventories, as far as policy can see it. */
export interface PeopleChanged {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly relabelled: readonly Relabelled[];
  /** Those with other addresses at some time, another identity, or a point more or less. */
  readonly moved: readonly string[];
}

/** Compares two inventories workload by workload. */
export function peopleChanged(before: Inventory, after: Inventory): PeopleChanged {
  const [old, young] = [before, after].map(({ workloads }) => new Map(workloads.map((one) => [one.id, one])));
  const both = [...old!].flatMap(([id, one]) => (young!.has(id) ? [{ one, other: young!.get(id)! }] : []));
  return {
    added: sortedOnce([...young!.keys()].filter((id) => !old!.has(id))),
    removed: sortedOnce([...old!.keys()].filter((id) => !young!.has(id))),
    relabelled: both.flatMap(({ one, other }) => labelsChanged(one, other)).sort((a, b) => byCodePoint(a.id, b.id) || byCodePoint(a.key, b.key)),
    moved: sortedOnce(both.filter(({ one, other }) => restOf(one) !== restOf(other)).map(({ one }) => one.id)),
  };
}

function labelsChanged({ id, labels }: Workload, other: Workload): readonly Relabelled[] {
  const valueIn = (all: Workload["labels"], key: string): string | null => (Object.hasOwn(all, key) ? all[key]! : null);
  return sortedOnce([...Object.keys(labels), ...Object.keys(other.labels)]).flatMap((key) => {
    const [before, after] = [valueIn(labels, key), valueIn(other.labels, key)];
    return before === after ? [] : [{ id, key, before, after }];
  });
}

function restOf({ leases, identity, point }: Workload): string {
  return JSON.stringify([leases.map(({ ip, from, until }) => `${ipText(ip)} ${from} ${until}`).sort(), identity, point]);
}
