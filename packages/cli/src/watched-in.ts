import type { BelievedWorkload } from "@bulkhead/core/inventory/believe";
import type { Flow } from "@bulkhead/core/model/flow";
import type { ArchivedSource } from "@bulkhead/core/outside";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { keptSensors } from "@bulkhead/adapters/sources/sensors";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { day, type Instant } from "@bulkhead/core/base/instant";
import { sortedOnce } from "@bulkhead/core/base/order";
import { type Prefix, readPrefix } from "@bulkhead/core/base/prefix";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import { type Before, beforeOf } from "@bulkhead/core/map/completeness/before";
import { daysMost, watch } from "@bulkhead/core/map/completeness/watch";
import type { Watched } from "@bulkhead/core/map/completeness/watched";
import { type CalendarPlace, cyclesAt } from "./calendar.ts";
import { declaredObservers } from "./declared-observers.ts";
import { now } from "./instant-flag.ts";

/** What was watched until an instant, and of what it was computed. */
export interface WatchedTime {
  readonly watched: Watched;
  readonly flows: readonly Flow[];
  readonly workloads: readonly BelievedWorkload[];
  /** Networks that the inventory names, the narrowest first; null where it names none. */
  readonly networks: readonly Prefix[] | null;
  readonly until: Instant;
  /** What was recorded before the first of the days that count; null where nothing was. */
  readonly before: Before | null;
}

/** What a data directory says of the days until `asked`, else until the end of the last day on which anything was seen; null where nothing was. */
export async function watchedIn(place: CalendarPlace, asked: Instant | null): Promise<WatchedTime | null> {
  const { directory } = place;
  const archive = await openArchive(directory);
  try {
    const { workloads, networks } = await loadInventory(directory);
    const segments = holderSegments(workloads);
    const sources = await archive.sources();
    const until = watchedUntil(sources, asked);
    // Of time that nobody told there is no day.
    if (until === null) return null;
    const since = until - daysMost * day;
    const query = { since, until, segments };
    const [flows, presence] = [await archive.conversations(query), await archive.presence(query)];
    if (flows.length === 0) return null;
    const observers = declaredObservers(keptSensors(directory), sources);
    const watched = watch({ flows, presence, workloads, cycles: await cyclesAt(place, until), observers, until });
    return { watched, flows, workloads, networks: prefixesOf(networks), until, before: beforeOf(sources, since) };
  } finally {
    await archive.close();
  }
}

/** Where the time ends that was watched; null where nothing was. It moves with the clock of today where a record's ran ahead. */
export function watchedUntil(sources: readonly ArchivedSource[], asked: Instant | null): Instant | null {
  if (asked !== null) return asked;
  const last = sources.reduce((most, source) => Math.max(most, source.last ?? source.first ?? -Infinity), -Infinity);
  // One record whose clock ran ahead must not move the end of the past into a time of which nothing else is told.
  return last === -Infinity ? null : (Math.floor(Math.min(last, now()) / day) + 1) * day;
}

/** A time of which nothing is told, with the declared events around it. */
export async function nothingWatched(place: CalendarPlace, at: Instant): Promise<Watched> {
  const origin = Math.floor(at / day);
  const cycles = await cyclesAt(place, at);
  return watch({ flows: [], presence: [], workloads: [], cycles, observers: new Map(), until: origin * day });
}

function prefixesOf(networks: readonly { readonly prefix: string | null }[]): readonly Prefix[] | null {
  const prefixes = sortedOnce(networks.flatMap(({ prefix }) => prefix ?? [])).flatMap((text) => {
    const reading = readPrefix(text);
    return reading.kind === "prefix" ? [reading.prefix] : [];
  });
  // Of nested networks the narrowest speaks for an address.
  return prefixes.length === 0 ? null : prefixes.sort((a, b) => b.length - a.length);
}
