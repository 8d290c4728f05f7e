import { addTo } from "../base/lists.ts";
import { ipKey } from "../base/ip.ts";
import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { BorderPoint, Identity, Lease, Workload } from "../model/workload.ts";
import { aliasesOf } from "./aliases.ts";
import type { StatedCredential } from "./credential.ts";
import { type Agreement, type FismaSystem, systemFinder } from "./fisma-system.ts";
import { mergedLeases } from "./merged-leases.ts";
import type { KnownNetwork, Sighting, SourceExport } from "./sighting.ts";

/** A workload as it is believed, with what policy does not ask about. */
export interface BelievedWorkload extends Workload {
  /** class, owner, os, criticality, hva, fisma, where a source states them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly owner: string | null;
  /** Which source is believed for which label or attribute, and since when; labels as `label app`. */
  readonly believed: Readonly<Record<string, { readonly source: string; readonly at: number }>>;
}

/** Two different values, of two sources or of one; what was stated first is believed, and nothing is settled silently. */
export interface Conflict {
  /** The id of a workload, or of a point at the border of networks. */
  readonly workload: string;
  /** `owner`, `label app`, or `networks` of a point. */
  readonly attribute: string;
  readonly believed: { readonly source: string; readonly value: string };
  readonly other: { readonly source: string; readonly value: string };
}

export interface Believed {
  readonly workloads: readonly BelievedWorkload[];
  /** Each point once, as the first source that knows it states it. */
  readonly points: readonly BorderPoint[];
  /** What any source says is quarantined: here doubt closes. */
  readonly quarantined: readonly string[];
  readonly conflicts: readonly Conflict[];
  /** Every network that a source names, in the order of the imports. */
  readonly networks: readonly BelievedNetwork[];
  readonly systems: readonly FismaSystem[];
  readonly agreements: readonly Agreement[];
  /** Every credential that a source names, in the order of the imports. */
  readonly credentials: readonly StatedCredential[];
}

export interface BelievedNetwork extends KnownNetwork {
  readonly source: string;
}

interface Said {
  readonly source: string;
  readonly at: number;
  readonly sighting: Sighting;
}

/** What all sources together say: for each label and attribute the first imported source that states a value. Leases of later sources count for addresses that earlier ones do not name. */
export function believe(exports: readonly SourceExport[]): Believed {
  const said = new Map<string, Said[]>();
  const nameOf = aliasesOf(exports);
  for (const { source, at, sightings } of exports) for (const sighting of sightings) addTo(said, nameOf(sighting.id), { source, at, sighting });
  const conflicts: Conflict[] = [];
  const systems = exports.flatMap((one) => one.systems ?? []);
  const inBoundary = boundaryAttributes(systems);
  const workloads = [...said].sort(([a], [b]) => byCodePoint(a, b)).map(([id, all]) => inBoundary(workloadOf(id, all, conflicts)));
  const quarantined = sortedOnce(exports.flatMap((one) => one.quarantined ?? []).map(nameOf));
  const networks = exports.flatMap(({ source, networks: named = [] }) => named.map((one) => ({ ...one, source })));
  const agreements = exports.flatMap((one) => one.agreements ?? []);
  const credentials = exports.flatMap(({ source, credentials: stated = [] }) => stated.map((one) => ({ ...one, source })));
  return { workloads, points: pointsOf(exports, conflicts), quarantined, conflicts, networks, credentials, systems, agreements };
}

/** What the register of systems says of a workload by its boundary, where no source says it of the workload itself. */
function boundaryAttributes(systems: readonly FismaSystem[]): (workload: BelievedWorkload) => BelievedWorkload {
  if (systems.length === 0) return (workload) => workload;
  const finder = systemFinder(systems);
  const byId = new Map(systems.map((system) => [system.id, system]));
  return (workload) => {
    const [id, ...more] = finder.ofWorkload(workload);
    const system = id === undefined || more.length > 0 ? undefined : byId.get(id);
    if (system === undefined) return workload;
    const told = { "fisma-system": system.id, ...(system.level === null ? {} : { fisma: system.level }), ...(system.hva ? { hva: "yes" } : {}) };
    return { ...workload, attributes: Object.assign(Object.create(null) as Record<string, string>, told, workload.attributes) };
  };
}

function pointsOf(exports: readonly SourceExport[], conflicts: Conflict[]): readonly BorderPoint[] {
  const known = new Map<string, PointSaid>();
  for (const { source, points = [] } of exports)
    for (const point of points) {
      const first = known.get(point.id) ?? { source, point };
      known.set(point.id, first);
      if (first.source !== source) conflicts.push(...pointConflicts(first, { source, point }));
    }
  return [...known.values()].map(({ point }) => point).sort((a, b) => byCodePoint(a.id, b.id));
}

interface PointSaid {
  readonly source: string;
  readonly point: BorderPoint;
}

const pointConflicts = (first: PointSaid, other: PointSaid): readonly Conflict[] =>
  pointValues.flatMap(([attribute, valueOf]) =>
    valueOf(first.point) === valueOf(other.point)
      ? []
      : [
          {
            workload: first.point.id,
            attribute,
            believed: { source: first.source, value: valueOf(first.point) },
            other: { source: other.source, value: valueOf(other.point) },
          },
        ],
  );

const pointValues = [
  ["networks", ({ networks }: BorderPoint) => sortedOnce(networks).join(", ")],
  ["live", ({ live }: BorderPoint) => String(live)],
] as const;

function workloadOf(id: string, all: readonly Said[], conflicts: Conflict[]): BelievedWorkload {
  const values = new Map<string, { readonly source: string; readonly at: number; readonly value: string }>();
  for (const { source, at, sighting } of all)
    for (const [attribute, value] of valuesOf(sighting)) {
      // One card of several, by which the machine was recognised, contradicts nothing.
      if (attribute === "mac" && sighting.id === `mac-${value}` && sighting.id !== id) continue;
      const known = values.get(attribute);
      if (known === undefined) values.set(attribute, { source, at, value });
      // One source that states two values contradicts itself: no less a conflict.
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
    leases: leasesOf(all),
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
  // How an id was read is no statement about the workload.
  ...Object.entries(attributes).filter(([key]) => key !== "same-as"),
];

/** An address that two sources name for a workload has the leases of the first. */
function leasesOf(all: readonly Said[]): readonly Lease[] {
  const namedBy = new Map<string, string>();
  const leases = all.flatMap(({ source, sighting }) =>
    sighting.leases.filter(({ ip }) => {
      const key = ipKey(ip);
      const first = namedBy.get(key) ?? source;
      namedBy.set(key, first);
      return first === source;
    }),
  );
  return mergedLeases(leases);
}
