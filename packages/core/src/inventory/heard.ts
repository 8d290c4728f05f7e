import { hour, type Instant, minute } from "../base/instant.ts";
import { type Ip, ipKey } from "../base/ip.ts";
import { addTo } from "../base/lists.ts";
import { byCodePoint } from "../base/order.ts";
import type { Lease } from "../model/workload.ts";
import type { Claim, SelfName } from "./claim.ts";
import { mergedLeases } from "./merged-leases.ts";
import type { Sighting } from "./sighting.ts";

/** Devices by their hardware addresses, and which addresses they held when, from what was heard on a wire. Claims come in the order of time. */
export interface Heard {
  readonly claim: (claim: Claim) => void;
  readonly name: (name: SelfName) => void;
  /** What is known when listening ended: leases that are still open end there, for nobody listened on. */
  readonly sightings: (ended: Instant) => readonly Sighting[];
  /** Devices that answered for many addresses that they never spoke from: what they answered for is theirs no more than a neighbour's. */
  readonly proxies: () => readonly string[];
  /** How many claims found no room. */
  readonly beyond: () => number;
}

interface Holding {
  readonly ip: Ip;
  readonly from: Instant;
  last: Instant;
  /** The end of a lease that a server gave. */
  leasedUntil: Instant | null;
  /** When its device took another address, or another device was given this one; unless it speaks from it again, it held it until then. */
  leftAt: Instant | null;
  /** Whether the device ever did more than answer. */
  isOwn: boolean;
  /** Whether the device spoke from the address as from one that it had, and was not heard to take it. */
  readonly isOld: boolean;
}

interface Past {
  readonly ip: Ip;
  readonly from: Instant;
  readonly until: Instant;
  readonly isOwn: boolean;
  readonly isOld: boolean;
}

interface Device {
  readonly open: Map<string, Holding>;
  readonly over: Past[];
  name: string | null;
}

// After four hours of silence the slowest of common caches (Cisco's) forgets who holds an address; so do we.
const silenceMax = 4 * hour;
const proxyMin = 8;
// A router has hundreds of addresses, and a shared one a handful of claimants; a flood of either would make every further claim slower.
const addressesMax = 1024;
const claimantsMax = 64;

/** Everything that is known of a wire. */
interface Wire {
  readonly devices: Map<string, Device>;
  /** Who holds an address, by its key. */
  readonly holders: Map<string, Set<Device>>;
}

/** A segment has thousands of devices; a flood of made-up ones is counted as `beyond`. */
export function hearing(holdingsMax = 1 << 17): Heard {
  const wire: Wire = { devices: new Map(), holders: new Map() };
  const { devices, holders } = wire;
  const said: SelfName[] = [];
  let [held, beyond] = [0, 0];
  return {
    claim(claim) {
      const key = ipKey(claim.ip);
      const device = devices.get(claim.mac) ?? { open: new Map(), over: [], name: null };
      if (claim.how === "released") return close(wire, device, { key, until: claim.at });
      settle(wire, device, claim);
      const isFull = held >= holdingsMax || device.open.size >= addressesMax || (holders.get(key)?.size ?? 0) >= claimantsMax;
      if (!device.open.has(key) && isFull) {
        beyond += 1;
        return;
      }
      devices.set(claim.mac, device);
      if (device.open.has(key)) goOn(device.open.get(key)!, claim);
      else {
        open(wire, device, claim);
        held += 1;
      }
      if (claim.how === "announced" || claim.how === "leased") leaveOthers(device, claim);
      if (claim.how === "leased") for (const other of holders.get(key) ?? []) if (other !== device) other.open.get(key)!.leftAt ??= claim.at;
    },
    name(name) {
      const device = name.mac === null ? undefined : devices.get(name.mac);
      if (device !== undefined) device.name ??= name.name;
      else if (name.ip !== null && said.length < holdingsMax) said.push(name);
    },
    sightings: (ended) => sightingsOf(devices, { ended, said }),
    proxies: () => proxiesIn(devices),
    beyond: () => beyond,
  };
}

/** Settles what a claim says of the time before: its device held the address on, or it was over. */
function settle(wire: Wire, device: Device, { ip, at, how }: Claim): void {
  const key = ipKey(ip);
  const holding = device.open.get(key);
  if (holding === undefined) return;
  if (endOf(holding) < at) close(wire, device, { key, until: endOf(holding) });
  else if (holding.leftAt !== null && (how === "announced" || how === "leased")) close(wire, device, { key, until: holding.leftAt });
  else holding.leftAt = null;
}

function open({ holders }: Wire, device: Device, { ip, at, until, how }: Claim): void {
  const key = ipKey(ip);
  device.open.set(key, {
    ip,
    from: at,
    last: at,
    leasedUntil: until,
    leftAt: null,
    isOwn: how !== "answered",
    isOld: how === "used" || how === "answered",
  });
  holders.set(key, (holders.get(key) ?? new Set<Device>()).add(device));
}

function goOn(holding: Holding, { at, until, how }: Claim): void {
  holding.last = Math.max(holding.last, at);
  holding.leasedUntil = until ?? holding.leasedUntil;
  holding.isOwn ||= how !== "answered";
}

function close({ holders }: Wire, device: Device, { key, until }: { readonly key: string; readonly until: Instant }): void {
  const holding = device.open.get(key);
  if (holding === undefined) return;
  device.open.delete(key);
  holders.get(key)?.delete(device);
  if (until > holding.from) device.over.push({ ip: holding.ip, from: holding.from, until, isOwn: holding.isOwn, isOld: holding.isOld });
}

/** A device that takes an address gives up the others of that version, as far as it does not speak from them again. Version 6 is made for many. */
function leaveOthers({ open }: Device, { ip, at }: Claim): void {
  if (ip.family === 6) return;
  for (const [key, holding] of open) if (key !== ipKey(ip) && holding.ip.family === 4) holding.leftAt ??= at;
}

const endOf = ({ last, leasedUntil }: Holding): Instant => Math.max(last + silenceMax, leasedUntil ?? -Infinity);

const proxiesIn = (devices: ReadonlyMap<string, Device>): readonly string[] =>
  [...devices].filter(([, { open, over }]) => [...open.values(), ...over].filter(({ isOwn }) => !isOwn).length >= proxyMin).map(([mac]) => mac);

interface Ending {
  readonly ended: Instant;
  /** What devices said of themselves from hardware addresses that hold nothing: switches speak LLDP from their ports. */
  readonly said: readonly SelfName[];
}

type Leases = ReadonlyMap<string, readonly Lease[]>;

function sightingsOf(devices: ReadonlyMap<string, Device>, { ended, said }: Ending): readonly Sighting[] {
  const proxies = new Set(proxiesIn(devices));
  const pasts = new Map([...devices].map(([mac, device]) => [mac, pastOf(device, { ended, isProxy: proxies.has(mac) })] as const));
  const heard = new Map([...pasts].map(([mac, past]) => [mac, mergedLeases(past)] as const));
  const named = speakers(said, heard);
  const known = new Map([...heard].map(([mac, leases]) => [mac, mergedLeases([...leases, ...(named.get(mac)?.leases ?? [])])] as const));
  const held = claimsIn(known);
  return [...devices]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([mac, { name }]) => {
      const leases = mergedLeases([...(known.get(mac) ?? []), ...presumed(mac, pasts.get(mac) ?? [], held)]);
      const hostname = name ?? named.get(mac)?.name;
      return { id: `mac-${mac}`, labels: {}, attributes: { mac, ...(hostname === undefined ? {} : { hostname }) }, leases };
    });
}

/** Who held each address when, by its key. */
type Held = ReadonlyMap<string, readonly { readonly mac: string; readonly lease: Lease }[]>;

function claimsIn(leases: Leases): Held {
  const held = new Map<string, { readonly mac: string; readonly lease: Lease }[]>();
  for (const [mac, all] of leases) for (const lease of all) addTo(held, ipKey(lease.ip), { mac, lease });
  return held;
}

function pastOf({ open, over }: Device, { ended, isProxy }: { readonly ended: Instant; readonly isProxy: boolean }): readonly Past[] {
  const still = [...open.values()].map((one) => ({ ...one, until: Math.min(one.leftAt ?? endOf(one), ended) }));
  return (
    [...over, ...still]
      .filter(({ isOwn }) => isOwn || !isProxy)
      // What was last heard at the very end was held then.
      .map(({ ip, from, until, isOwn, isOld }) => ({ ip, from, until: Math.max(until, from + 1), isOwn, isOld }))
  );
}

/**
 * The times for which a device is presumed to have held an address before it was heard: those in which somebody else claimed it. Nothing is attributed
 * to the device by that; but what the other one claimed is contested.
 */
function presumed(mac: string, past: readonly Past[], held: Held): readonly Lease[] {
  return past.flatMap(({ ip, from, isOld }) => {
    if (!isOld) return [];
    const since = from - silenceMax;
    return (held.get(ipKey(ip)) ?? [])
      .filter(({ mac: other, lease }) => other !== mac && (lease.from ?? 0) < from && (lease.until ?? Infinity) > since)
      .map(({ lease }) => ({ ip, from: Math.max(lease.from ?? 0, since), until: Math.min(lease.until ?? from, from) }));
  });
}

interface Speaker {
  readonly name: string;
  readonly leases: readonly Lease[];
}

// LLDP is said again every half minute, and holds for two when it is not.
const saidFor = 2 * minute;

/** Who said what of itself, by the hardware address of the device that alone held, most of the time, the address that was said. */
function speakers(said: readonly SelfName[], leases: Leases): ReadonlyMap<string, Speaker> {
  const held = claimsIn(leases);
  const bySource = new Map<string, { readonly all: SelfName[]; readonly votes: Map<string, number> }>();
  for (const one of said) {
    const source = one.mac ?? one.name;
    const known = bySource.get(source) ?? { all: [], votes: new Map<string, number>() };
    bySource.set(source, known);
    known.all.push(one);
    const there = (one.ip === null ? [] : (held.get(ipKey(one.ip)) ?? [])).filter(({ lease }) => covers(lease, one.at));
    if (there.length === 1) known.votes.set(there[0]!.mac, (known.votes.get(there[0]!.mac) ?? 0) + 1);
  }
  return new Map(
    [...bySource.values()].flatMap(({ all, votes }) => {
      const [[mac, count] = ["", 0]] = [...votes].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b));
      const total = [...votes.values()].reduce((sum, one) => sum + one, 0);
      if (count * 2 <= total) return [];
      const turns = (leases.get(mac) ?? []).filter(({ ip }) => ip.family === 4).sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
      const spoken = all.flatMap(({ ip, at }) => (ip === null ? [] : [{ ip, from: at, until: saidUntil(ip, at, turns) }]));
      return [[mac, { name: all.at(-1)!.name, leases: spoken }] as const];
    }),
  );
}

/** What is said holds until its device takes another address; `turns` are what it held, in order. */
function saidUntil(ip: Ip, at: Instant, turns: readonly Lease[]): Instant {
  let [low, high] = [0, turns.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((turns[middle]?.from ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const next = turns[low];
  const isOther = next !== undefined && ipKey(next.ip) !== ipKey(ip);
  return Math.min(at + saidFor, isOther ? (next.from ?? at) : Infinity);
}

const covers = ({ from, until }: Lease, at: Instant): boolean => (from ?? -Infinity) <= at && at < (until ?? Infinity);
