/** architecture/ is deliverable 1 (REQUIREMENTS §10.1): what is there, who talks to whom, and how much of it is still unknown. One file for a few sections each. */
import type { Instant } from "../../base/instant.ts";
import type { Believed, BelievedWorkload } from "../../inventory/believe.ts";
import type { ApplicationMap, MapEdge } from "../../map/application-map.ts";
import { groupingBy } from "../../map/group.ts";
import { apartId, mapOf } from "../../map/map.ts";
import { recordsCommand } from "../../map/records-command.ts";
import { serviceText } from "../../map/service-text.ts";
import { talked } from "../../map/talked.ts";
import type { Flow, FlowEnd } from "../../model/flow.ts";
import type { ArchivedSource } from "../../outside.ts";
import { broadcastAddresses } from "../../telemetry/noise.ts";
import type { Told } from "../front-matter.ts";
import type { CannotTell } from "../scope-blocks.ts";

/** Everything that the report is computed from, and nothing else: the same inputs give the same bytes. */
export interface ArchitectureInputs extends Told {
  readonly flows: readonly Flow[];
  readonly believed: Believed;
  readonly sources: readonly ArchivedSource[];
  readonly cannotTell: CannotTell;
  /** Confirmations of owners; null where nobody was asked. */
  readonly confirmations: readonly Confirmation[];
  /** The eight figures and the estimate, where they were computed. */
  readonly completeness: Completeness | null;
}

export interface Confirmation {
  readonly app: string;
  readonly by: string;
  readonly at: Instant;
  /** Of the map that they saw. */
  readonly digest: string;
}

export interface Completeness {
  readonly figures: readonly {
    readonly id: string;
    readonly what: string;
    readonly numerator: number | null;
    readonly denominator: number | null;
    readonly unknown: number | null;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  /** The estimate in a sentence, or why there is none. */
  readonly unseen: string;
}

/** What several sections need, computed once. */
export interface Facts extends ArchitectureInputs {
  /** By application, environment and role. */
  readonly map: NamedMap;
  /** The label that stands for a zone while no policy declares any: `zone` where a source states it, else `env`. */
  readonly zoneKey: "zone" | "env";
  /** Between zones, and between applications of zones. */
  readonly zones: Omit<NamedMap, "records">;
  readonly zoneApps: NamedMap;
  readonly seen: ReadonlyMap<string, Seen>;
  readonly workloads: ReadonlyMap<string, BelievedWorkload>;
}

/** A map with what its tables need, worked out once for all of them. */
export interface NamedMap extends ApplicationMap {
  /** How groups are called on paper: their labels, or what they are. */
  readonly nameOf: (group: string) => string;
  /** A command for each edge that lists the records of its busiest flow: from any line of a table one can go to records. */
  readonly records: (edge: Pick<MapEdge, "from" | "to" | "service">) => string | null;
}

/** When a workload was seen in flows, and on which side. */
export interface Seen {
  readonly first: Instant | null;
  readonly last: Instant | null;
  readonly asClient: number;
  readonly asServer: number;
}

// As many unknown machines as one picture can show one by one.
const apartMax = 30;

export function factsOf(inputs: ArchitectureInputs): Facts {
  const { flows, believed } = inputs;
  const all = believed.workloads;
  const zoneKey = all.some(({ labels }) => Object.hasOwn(labels, "zone")) ? ("zone" as const) : ("env" as const);
  const window = { since: inputs.since, until: inputs.until };
  const workloads = new Map(all.map((one) => [one.id, one]));
  const named = (map: ApplicationMap): NamedMap => ({ ...map, nameOf: namesOf(map), records: recordsOf(map, { flows, workloads }) });
  const zones = mapOf(flows, all, { ...window, by: [zoneKey] });
  return {
    ...inputs,
    map: named(mapOf(flows, all, { ...window, apartMax })),
    zoneKey,
    zones: { ...zones, nameOf: namesOf(zones) },
    zoneApps: named(mapOf(flows, all, { ...window, by: [zoneKey, "app"] })),
    seen: seenIn(flows),
    workloads,
  };
}

function seenIn(flows: readonly Flow[]): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const flow of flows)
    for (const side of ["client", "server"] as const) {
      const end = flow[side];
      if (end.kind !== "held" || !talked(flow, side)) continue;
      const known = seen.get(end.holder) ?? { first: null, last: null, asClient: 0, asServer: 0 };
      seen.set(end.holder, {
        first: known.first === null ? flow.first : Math.min(known.first, flow.first ?? Infinity),
        last: flow.last === null ? known.last : Math.max(known.last ?? -Infinity, flow.last),
        asClient: known.asClient + (side === "client" ? flow.connections : 0),
        asServer: known.asServer + (side === "server" ? flow.connections : 0),
      });
    }
  return seen;
}

const unnamed = {
  internet: "internet",
  unknown: "unknown inside",
  contested: "claimed by several",
  broadcast: "broadcast",
  nowhere: "loopback, link-local",
} as const;

function namesOf({ groups, by }: ApplicationMap): (id: string) => string {
  const names = new Map(
    groups.map(({ id, kind, labels, address }) => {
      if (address !== null) return [id, address];
      if (kind !== "workloads") return [id, unnamed[kind]];
      const stated = by.flatMap((key) => (Object.hasOwn(labels, key) ? [labels[key]!] : []));
      return [id, stated.length === 0 ? "no labels" : stated.join(" · ")];
    }),
  );
  return (id) => names.get(id) ?? id;
}

function recordsOf({ by, groups }: ApplicationMap, { flows, workloads }: Pick<Facts, "flows" | "workloads">): NamedMap["records"] {
  const grouping = groupingBy(by, workloads.values(), broadcastAddresses(flows));
  const apart = new Set(groups.map(({ address }) => address));
  const groupOf = (end: FlowEnd): string => (end.kind === "bare" && apart.has(end.address) ? apartId(end.address) : grouping.of(end));
  const busiest = new Map<string, Flow>();
  for (const flow of flows) {
    const key = keyOf({ from: groupOf(flow.client), to: groupOf(flow.server), service: serviceText(flow) });
    const known = busiest.get(key);
    if (known === undefined || flow.connections > known.connections) busiest.set(key, flow);
  }
  return (edge) => {
    const flow = busiest.get(keyOf(edge));
    return flow === undefined ? null : recordsCommand(workloads, flow);
  };
}

const keyOf = ({ from, to, service }: Pick<MapEdge, "from" | "to" | "service">): string => JSON.stringify([from, to, service]);
