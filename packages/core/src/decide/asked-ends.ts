import { type Instant, second } from "../base/instant.ts";
import { type Ip, ipKey, ipText } from "../base/ip.ts";
import { addressIn, type AddressRange, bareSpace } from "./bare-space.ts";
import { bareEnd, type End, endOf, workloadEnd } from "./ends.ts";
import type { World } from "./world.ts";

/** A stretch of time; null is open. */
export interface During {
  readonly since: Instant | null;
  readonly until: Instant | null;
}

/** Whom a question can name at one of its ends, for as long as every world sees them alike. */
export interface AskedEnd extends During {
  /** What the question says: a workload id, or an address. */
  readonly text: string;
  /** Null for an address that no workload holds in any world. */
  readonly workload: string | null;
  /** The addresses for which a bare one stands. */
  readonly range: (AddressRange & { readonly realm: string }) | null;
  /** Who that is, world by world. */
  readonly ends: readonly End[];
}

/** Everybody whom a question can name, from an instant on (null: ever), in several worlds at once. */
export function askedEnds(worlds: readonly World[], from: Instant | null): readonly AskedEnd[] {
  return [...workloadEnds(worlds, from), ...movedAddresses(worlds, from), ...bareEnds(worlds, from)];
}

/** Cuts the time from an instant on where something changes. */
export function stretchesFrom(from: Instant | null, cuts: Iterable<Instant | null>): readonly During[] {
  const inner = [...new Set(cuts)].filter((at) => at !== null && (from === null || at > from)).sort((a, b) => a! - b!);
  return [from, ...inner].map((since, index) => ({ since, until: inner[index] ?? null }));
}

/** An instant of a stretch. */
export const instantIn = ({ since, until }: During): Instant => since ?? (until === null ? 0 : until - second);

/** The stretch in which all of them lie, or null. */
export function overlap(all: readonly During[]): During | null {
  const since = all.reduce<Instant | null>((most, one) => (one.since === null || (most !== null && most >= one.since) ? most : one.since), null);
  const until = all.reduce<Instant | null>((least, one) => (one.until === null || (least !== null && least <= one.until) ? least : one.until), null);
  return since !== null && until !== null && since >= until ? null : { since, until };
}

const hasLiveBorders = ({ inventory }: World): boolean => inventory.points.some(({ live }) => live);

function workloadEnds(worlds: readonly World[], from: Instant | null): readonly AskedEnd[] {
  const ids = new Set(worlds.flatMap(({ inventory }) => inventory.workloads.map(({ id }) => id)));
  // Only a point at a border looks at the addresses of a workload.
  const hasBorders = worlds.some(hasLiveBorders);
  return [...ids].flatMap((id) => {
    const leases = hasBorders ? worlds.flatMap((world) => world.workloads.get(id)?.leases ?? []) : [];
    return stretchesFrom(
      from,
      leases.flatMap((lease) => [lease.from, lease.until]),
    ).map((during) => ({
      text: id,
      workload: id,
      range: null,
      ends: worlds.map((world) => idEnd(world, id, instantIn(during))),
      ...during,
    }));
  });
}

function idEnd(world: World, id: string, at: Instant): End {
  const workload = world.workloads.get(id);
  return workload === undefined ? { kind: "unresolved" } : workloadEnd(world, workload, at);
}

/** Addresses that different workloads hold in different worlds; where it is one workload, asking for its id asks the same. */
function movedAddresses(worlds: readonly World[], from: Instant | null): readonly AskedEnd[] {
  if (worlds.every(({ inventory }) => inventory === worlds[0]!.inventory)) return [];
  const hasBorders = worlds.some(hasLiveBorders);
  return [...heldIn(worlds).values()].flatMap(({ ip, times, holders }) => {
    // Only a point at a border looks at what else its holders hold.
    const others = hasBorders ? worlds.flatMap((world) => [...holders].flatMap((id) => world.workloads.get(id)?.leases ?? [])) : [];
    const cuts = [...times.flatMap(({ since, until }) => [since, until]), ...others.flatMap((lease) => [lease.from, lease.until])];
    return stretchesFrom(from, cuts).flatMap((during) => movedDuring(worlds, ip, during));
  });
}

function movedDuring(worlds: readonly World[], ip: Ip, during: During): readonly AskedEnd[] {
  const text = ipText(ip);
  const ends = worlds.map((world) => endOf(world, text, instantIn(during)));
  const holders = new Set(ends.map((end) => (end.kind === "known" ? (end.workload?.id ?? null) : undefined)));
  if (holders.size === 1) return [];
  return [{ text, workload: null, range: { family: ip.family, first: ip.value, last: ip.value, realm: ip.realm }, ends, ...during }];
}

interface Held {
  readonly ip: Ip;
  readonly holders: Set<string>;
  readonly times: During[];
}

/** When each address was held, by `ipKey`, in any of the worlds. */
function heldIn(worlds: readonly World[]): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const { workloads } of new Set(worlds.map(({ inventory }) => inventory)))
    for (const { id, leases } of workloads)
      for (const { ip, from, until } of leases) {
        const key = ipKey(ip);
        const known: Held = held.get(key) ?? { ip, holders: new Set(), times: [] };
        known.times.push({ since: from, until });
        known.holders.add(id);
        held.set(key, known);
      }
  return held;
}

/** Addresses that no workload holds: one for each stretch that the networks of some world tell apart. */
function bareEnds(worlds: readonly World[], from: Instant | null): readonly AskedEnd[] {
  const networks = worlds.flatMap(({ set }) => set.networks);
  const named = new Set(networks.flatMap(({ prefixes }) => prefixes.map(({ realm }) => realm)));
  let other = "elsewhere";
  while (named.has(other)) other += "-2";
  const held = heldIn(worlds);
  return [...new Set(["", ...named, other])].flatMap((realm) =>
    bareSpace(networks, realm).flatMap((range) => {
      const ip = addressIn({ family: range.family, value: range.first }, realm);
      // A public address has no realm, and was met in the default one.
      if (ip.realm !== realm) return [];
      const ends = worlds.map((world) => bareEnd(world, ip));
      return freeIn(range, { held, realm, from }).map((free) => ({ ...free, workload: null, range: { ...range, realm }, ends }));
    }),
  );
}

/** An address of a range that nobody ever holds; or, where every one is held at some time, each of them in the meantime. */
function freeIn(
  { family, first, last }: AddressRange,
  { held, realm, from }: { readonly held: ReadonlyMap<string, Held>; readonly realm: string; readonly from: Instant | null },
): readonly (During & { readonly text: string })[] {
  const gaps: (During & { readonly text: string })[] = [];
  for (let value = first; value <= last; value += 1n) {
    const ip = addressIn({ family, value }, realm);
    const times = held.get(ipKey(ip))?.times;
    if (times === undefined) return [{ text: ipText(ip), since: from, until: null }];
    const parts = stretchesFrom(
      from,
      times.flatMap(({ since, until }) => [since, until]),
    );
    gaps.push(...parts.filter((part) => times.every((time) => overlap([time, part]) === null)).map((part) => ({ text: ipText(ip), ...part })));
  }
  return gaps;
}
