import { ipKey } from "../base/ip.ts";
import { byCodePoint } from "../base/order.ts";
import type { Identity, Lease, Workload } from "../model/workload.ts";
import { mergedLeases } from "./merged-leases.ts";
import type { Sighting, SourceExport } from "./sighting.ts";

/** A workload as it is believed, with what policy does not ask about. */
export interface BelievedWorkload extends Workload {
  /** class, owner, os, criticality, hva, fisma, where a source states them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly owner: string | null;
  /** Which source is believed for which label or attribute, and since when; labels as `label app`. */
  readonly believed: Readonly<Record<string, { readonly source: string; readonly at: number }>>;
}

/** Two sources that state different values; the first imported is believed, and nothing is settled silently. */
export interface Conflict {
  readonly workload: string;
  /** `owner`, or `label app`. */
  readonly attribute: string;
  readonly believed: { readonly source: string; readonly value: string };
  readonly other: { readonly source: string; readonly value: string };
}

export interface Believed {
  readonly workloads: readonly BelievedWorkload[];
  readonly conflicts: readonly Conflict[];
}

interface Said {
  readonly source: string;
  readonly at: number;
  readonly sighting: Sighting;
}

/** What all sources together say: for each label and attribute the first imported source that states a value. Leases of later sources count for addresses that earlier ones do not name. */
export function believe(exports: readonly SourceExport[]): Believed {
  const said = new Map<string, Said[]>();
  for (const { source, at, sightings } of exports)
    for (const sighting of sightings) {
      const known = said.get(sighting.id);
      if (known === undefined) said.set(sighting.id, [{ source, at, sighting }]);
      else known.push({ source, at, sighting });
    }
  const conflicts: Conflict[] = [];
  const workloads = [...said].sort(([a], [b]) => byCodePoint(a, b)).map(([id, all]) => workloadOf(id, all, conflicts));
  return { workloads, conflicts };
}

function workloadOf(id: string, all: readonly Said[], conflicts: Conflict[]): BelievedWorkload {
  const values = new Map<string, { readonly source: string; readonly at: number; readonly value: string }>();
  for (const { source, at, sighting } of all)
    for (const [attribute, value] of valuesOf(sighting)) {
      const known = values.get(attribute);
      if (known === undefined) values.set(attribute, { source, at, value });
      else if (known.value !== value)
        conflicts.push({ workload: id, attribute, believed: { source: known.source, value: known.value }, other: { source, value } });
    }
  // No prototype: `constructor` is a label like any other.
  const [labels, attributes] = [Object.create(null) as Record<string, string>, Object.create(null) as Record<string, string>];
  for (const [attribute, { value }] of values)
    if (attribute.startsWith("label ")) labels[attribute.slice("label ".length)] = value;
    else attributes[attribute] = value;
  return {
    id,
    labels,
    leases: leasesOf(all.map(({ sighting }) => sighting.leases)),
    identity: identityOf(values),
    point: attributes["point"] === "true",
    attributes,
    owner: attributes["owner"] ?? null,
    believed: Object.fromEntries([...values].map(([attribute, { source, at }]) => [attribute, { source, at }])),
  };
}

function identityOf(values: ReadonlyMap<string, { readonly source: string; readonly value: string }>): Identity | null {
  const [name, tier] = [values.get("identity"), values.get("identity-tier")];
  if (name === undefined) return null;
  // A tier is a word about its own source's name; a name whose proof nobody states is worth no more than its address.
  const proven = tier?.source === name.source ? tiers.find((one) => String(one) === tier.value) : undefined;
  return { name: name.value, tier: proven ?? 0 };
}

const tiers = [0, 1, 2, 3] as const;

const valuesOf = ({ labels, attributes }: Sighting): readonly (readonly [string, string])[] => [
  ...Object.entries(labels).map(([key, value]) => [`label ${key}`, value] as const),
  ...Object.entries(attributes),
];

function leasesOf(lists: readonly (readonly Lease[])[]): readonly Lease[] {
  const named = new Set<string>();
  return lists.flatMap((leases) => {
    const fresh = leases.filter(({ ip }) => !named.has(ipKey(ip)));
    for (const { ip } of leases) named.add(ipKey(ip));
    return mergedLeases(fresh);
  });
}
