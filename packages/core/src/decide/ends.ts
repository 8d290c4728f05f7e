import type { Instant } from "../base/instant.ts";
import { type Ip, ipKey, ipOf, isPublic } from "../base/ip.ts";
import { covers } from "../base/prefix.ts";
import type { Network, Policy } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";
import type { Matchable } from "./match.ts";
import type { World } from "./world.ts";

/** One side of a question that could be read: a workload, or a bare address that no workload holds at that instant. */
export interface KnownEnd extends Matchable {
  readonly kind: "known";
  /** The leases of a workload at that instant, or the bare address itself. */
  readonly addresses: readonly Ip[];
  readonly policy: Policy | null;
  readonly isGuarded: boolean;
}

export type End =
  | KnownEnd
  /** Names the holders of the address, or the claimants of the workload. */
  | { readonly kind: "contested"; readonly names: readonly string[] }
  | { readonly kind: "unresolved" };

/** Who an end is at an instant. A null instant resolves no address. */
export function endOf(world: World, text: string, at: Instant | null): End {
  const ip = ipOf(text);
  if (ip === undefined) {
    const workload = world.workloads.get(text);
    return workload === undefined ? { kind: "unresolved" } : workloadEnd(world, workload, at);
  }
  if (at === null) return { kind: "unresolved" };
  const holders = holdersOf(world, ip, at);
  if (holders.length > 1) return { kind: "contested", names: holders.map(({ id }) => id) };
  return holders[0] === undefined ? bareEnd(world, ip) : workloadEnd(world, holders[0], at);
}

/** The workloads that hold an address at an instant, each once. */
export function holdersOf(world: World, ip: Ip, at: Instant): readonly Workload[] {
  const holdings = world.holdings.get(ipKey(ip)) ?? [];
  return [...new Set(holdings.filter(({ from, until }) => isDuring({ from, until }, at)).map(({ workload }) => workload))];
}

const isDuring = ({ from, until }: { readonly from: Instant | null; readonly until: Instant | null }, at: Instant): boolean =>
  (from === null || from <= at) && (until === null || at < until);

const noNetworks: ReadonlySet<string> = new Set();

/** A workload as an end; contested when two zones or two scopes claim it. */
export function workloadEnd(world: World, workload: Workload, at: Instant | null): End {
  const claims = world.claims.get(workload);
  if (claims === undefined) return { kind: "unresolved" };
  if (claims.contested.length > 0) return { kind: "contested", names: claims.contested };
  return {
    kind: "known",
    workload,
    zone: claims.zone,
    networks: noNetworks,
    addresses: at === null ? [] : workload.leases.filter((lease) => isDuring(lease, at)).map(({ ip }) => ip),
    policy: claims.policy,
    isGuarded: claims.policy !== null || world.zones.get(claims.zone)?.inside === "closed",
  };
}

/** A bare address as an end; unresolved where a network expects nothing but workloads. */
export function bareEnd(world: World, ip: Ip): End {
  const networks = world.set.networks.filter((network) => holds(network, ip));
  if (networks.some(({ expectsWorkloads }) => expectsWorkloads)) return { kind: "unresolved" };
  const names = new Set(networks.map(({ name }) => name));
  if (isInternet(world, ip)) names.add("internet");
  return { kind: "known", workload: null, zone: zoneOfAddress(world, ip), networks: names, addresses: [ip], policy: null, isGuarded: false };
}

const holds = ({ prefixes }: Network, ip: Ip): boolean => prefixes.some((prefix) => covers(prefix, ip));

/** Every public address that no own network covers. */
function isInternet(world: World, ip: Ip): boolean {
  return isPublic(ip) && !world.set.networks.some((network) => network.own && holds(network, ip));
}

/** Whether a network by name covers an address, whoever holds it; one that is not declared covers nothing. */
export function networkCovers(world: World, name: string, ip: Ip): boolean {
  if (name === "internet") return isInternet(world, ip);
  const network = world.networks.get(name);
  return network !== undefined && holds(network, ip);
}

/** Of the prefixes that zones claim, the longest that covers the address decides; `internet` competes with length 0. */
function zoneOfAddress(world: World, ip: Ip): string {
  let best = { length: -1, zone: "outside" };
  for (const zone of world.set.zones) {
    for (const name of zone.networks) {
      const length = lengthIn(world, name, ip);
      if (length > best.length) best = { length, zone: zone.name };
    }
  }
  return best.zone;
}

/** The longest prefix of a network that covers an address, or -1. */
function lengthIn(world: World, name: string, ip: Ip): number {
  if (name === "internet") return isInternet(world, ip) ? 0 : -1;
  const covering = (world.networks.get(name)?.prefixes ?? []).filter((prefix) => covers(prefix, ip));
  return Math.max(-1, ...covering.map(({ length }) => length));
}
