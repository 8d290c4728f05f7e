import { addTo } from "../base/lists.ts";
import { byCodePoint, sortedOnce } from "../base/order.ts";
import { groupingBy } from "../map/group.ts";
import type { Known, Whom } from "./whom.ts";

/** Those who are named alike: workloads by their labels, addresses by the networks or the zone in which they lie. */
export interface Group {
  readonly name: string;
  readonly isAddresses: boolean;
  readonly workloads: number;
  /** Where its members are. */
  readonly places: readonly number[];
}

export interface Names {
  /** Sorted by name; workloads first. */
  readonly groups: readonly Group[];
  /** Who is at a place, in words. */
  readonly of: (place: number) => string;
}

const namedMost = 3;

/** Names everybody by label keys. */
export function namesOf({ places }: Whom, by: readonly string[]): Names {
  const members = places.flatMap((place) => place.members);
  const grouping = groupingBy(
    by,
    members.flatMap(({ end: { workload } }) => workload ?? []),
    new Set(),
  );
  const nameOf = ({ workload, end }: Known): string => (workload === null ? addressName(end) : grouping.of({ kind: "held", holder: workload }));
  const groups = new Map<string, { readonly isAddresses: boolean; workloads: number; readonly places: Set<number> }>();
  // Of each place its members by name; of some hundred thousand each is named once.
  const parts = places.map((place, at) => {
    const own = new Map<string, Known[]>();
    for (const one of place.members) addTo(own, nameOf(one), one);
    for (const [name, some] of own) {
      const group = groups.get(name) ?? { isAddresses: some[0]!.workload === null, workloads: 0, places: new Set() };
      groups.set(name, group);
      group.places.add(at);
      group.workloads += some.filter(({ workload }) => workload !== null).length;
    }
    return own;
  });
  const sorted = [...groups].map(([name, group]): Group => ({ name, ...group, places: [...group.places] }));
  return {
    groups: sorted.sort((a, b) => Number(a.isAddresses) - Number(b.isAddresses) || byCodePoint(a.name, b.name)),
    of(place) {
      const names = sortedOnce(parts[place]!.keys());
      const own = names.slice(0, namedMost).map((name) => partName(name, { of: groups.get(name)!.workloads, some: parts[place]!.get(name)! }));
      return names.length > namedMost ? `${own.join(", ")} and ${names.length - namedMost} more groups` : own.join(", ");
    },
  };
}

/** A group, and how much of it where it is not the whole. */
function partName(name: string, { of, some }: { readonly of: number; readonly some: readonly Known[] }): string {
  const workloads = some.flatMap(({ workload }) => workload ?? []);
  if (workloads.length === 0 || workloads.length === of) return name;
  return workloads.length === 1 ? `${name} (${workloads[0]!})` : `${name} (${workloads.length} of ${of})`;
}

/** Where addresses lie that no workload holds. */
function addressName({ networks, zone }: Known["end"]): string {
  if (networks.size === 0) return `other addresses of zone ${zone}`;
  const names = sortedOnce(networks).filter((name) => name !== "internet");
  return names.length === 0 ? "internet" : `network ${names.join(" and ")}`;
}
