/** decide/ is the meaning of policy, MEANING §2 and §3: one question, one answer, and the index that answers as fast as memory allows. */
import { addTo } from "../base/lists.ts";
import { ipKey } from "../base/ip.ts";
import type { Network, PolicySet, Policy, Stage, Zone } from "../model/policy-set.ts";
import type { Instant } from "../base/instant.ts";
import type { Inventory, Workload } from "../model/workload.ts";
import { selecting } from "./selecting.ts";

/** What claims a workload: its zone and its segment, both independent of time, and who claims it twice. */
export interface Claims {
  /** `unplaced` where no zone claims it. */
  readonly zone: string;
  /** The policy whose scope selects it, or null. */
  readonly policy: Policy | null;
  /** `zone/…` and `policy/…` where two zones or two scopes claim it; empty otherwise. */
  readonly contested: readonly string[];
}

interface Holding {
  readonly workload: Workload;
  readonly from: Instant | null;
  readonly until: Instant | null;
}

/** A policy set and an inventory, arranged for questions. Nothing in it is an answer. */
export interface World {
  readonly set: PolicySet;
  readonly inventory: Inventory;
  readonly workloads: ReadonlyMap<string, Workload>;
  /** Who ever held an address, by `ipKey`. */
  readonly holdings: ReadonlyMap<string, readonly Holding[]>;
  readonly claims: ReadonlyMap<Workload, Claims>;
  readonly zones: ReadonlyMap<string, Zone>;
  readonly networks: ReadonlyMap<string, Network>;
  readonly quarantined: ReadonlySet<string>;
  /** Whether zones can differ at all: a set without zones of its own has no boundaries. */
  readonly hasBoundaries: boolean;
  readonly zoneStages: ReadonlyMap<string, { readonly boundary: Stage; readonly inside: Stage }>;
  readonly segmentStages: ReadonlyMap<string, { readonly in: Stage; readonly out: Stage }>;
}

/** Arranges a policy set and an inventory for questions. */
export function worldOf(set: PolicySet, inventory: Inventory): World {
  const { stages } = set;
  const claimsOn = claiming(set);
  return {
    set,
    inventory,
    workloads: new Map(inventory.workloads.map((workload) => [workload.id, workload])),
    holdings: holdingsOf(inventory.workloads),
    claims: new Map(inventory.workloads.map((workload) => [workload, claimsOn(workload)])),
    zones: new Map(set.zones.map((zone) => [zone.name, zone])),
    networks: new Map(set.networks.map((network) => [network.name, network])),
    quarantined: new Set(inventory.quarantined),
    hasBoundaries: set.zones.some(({ name }) => name !== "unplaced"),
    zoneStages: new Map(stages.zones.map(({ name, boundary, inside }) => [name, { boundary: boundary ?? "observe", inside: inside ?? "observe" }])),
    segmentStages: new Map(stages.segments.map((one) => [one.name, { in: one.in ?? "observe", out: one.out ?? "observe" }])),
  };
}

function holdingsOf(workloads: readonly Workload[]): ReadonlyMap<string, readonly Holding[]> {
  const holdings = new Map<string, Holding[]>();
  for (const workload of workloads) for (const { ip, from, until } of workload.leases) addTo(holdings, ipKey(ip), { workload, from, until });
  return holdings;
}

/** Says which zone and which segment claim a workload with these labels. */
export function claiming(set: PolicySet): (workload: Pick<Workload, "labels">) => Claims {
  const zonesOf = selecting(set.zones.map(({ members }) => members));
  const policiesOf = selecting(set.policies.map(({ scope }) => scope));
  return ({ labels }) => {
    const zones = zonesOf(labels).map((number) => set.zones[number]!);
    const policies = policiesOf(labels).map((number) => set.policies[number]!);
    return {
      zone: zones[0]?.name ?? "unplaced",
      policy: policies[0] ?? null,
      contested: [
        ...(zones.length > 1 ? zones.map(({ name }) => `zone/${name}`) : []),
        ...(policies.length > 1 ? policies.map(({ name }) => `policy/${name}`) : []),
      ],
    };
  };
}
