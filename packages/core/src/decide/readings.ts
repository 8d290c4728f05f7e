import type { Instant } from "../base/instant.ts";
import type { Ip } from "../base/ip.ts";
import { bareEnd, type KnownEnd, workloadEnd } from "./ends.ts";
import { isSelected } from "./match.ts";
import type { World } from "./world.ts";
import type { Workload } from "../model/workload.ts";

/** Every way in which a workload can be read: one, unless two zones or two scopes claim it. */
export function workloadReadings(world: World, workload: Workload, at: Instant): readonly KnownEnd[] {
  const end = workloadEnd(world, workload, at);
  if (end.kind === "known") return [end];
  const { set } = world;
  const zones = set.zones.filter(({ members }) => members !== null && isSelected(members, workload.labels)).map(({ name }) => name);
  const policies = set.policies.filter(({ scope }) => isSelected(scope, workload.labels));
  const addresses = workload.leases.filter(({ from, until }) => (from === null || from <= at) && (until === null || at < until)).map(({ ip }) => ip);
  return (zones.length > 0 ? zones : ["unplaced"]).flatMap((zone) =>
    (policies.length > 0 ? policies : [null]).map((policy): KnownEnd => ({
      kind: "known",
      workload,
      zone,
      networks: new Set(),
      addresses,
      policy,
      isGuarded: policy !== null || world.zones.get(zone)?.inside === "closed",
    })),
  );
}

const nobody: Workload = { id: "", labels: Object.create(null) as Record<string, string>, leases: [], identity: null, point: false };

/** Reads each workload once: the readings of one that holds many addresses are as long as their list. */
export function workloadReader(world: World, at: Instant): (workload: Workload) => readonly KnownEnd[] {
  const read = new Map<Workload, readonly KnownEnd[]>();
  return (workload) => {
    const known = read.get(workload) ?? workloadReadings(world, workload, at);
    read.set(workload, known);
    return known;
  };
}

/** Every way in which an address can be read that no workload holds: a bare address; where workloads are expected, also a workload without labels. */
export function bareReadings(world: World, ip: Ip): readonly KnownEnd[] {
  const bare = bareEnd(world, ip);
  if (bare.kind === "known") return [bare];
  // The same address where nothing is expected: bare, and a workload of which nothing is known.
  const open: World = { ...world, set: { ...world.set, networks: world.set.networks.map((network) => ({ ...network, expectsWorkloads: false })) } };
  const asBare = bareEnd(open, ip);
  const asWorkload: KnownEnd = {
    kind: "known",
    workload: { ...nobody, leases: [{ ip, from: null, until: null }] },
    zone: "unplaced",
    networks: new Set(),
    addresses: [ip],
    policy: null,
    isGuarded: world.zones.get("unplaced")?.inside === "closed",
  };
  return asBare.kind === "known" ? [asBare, asWorkload] : [asWorkload];
}
