import { day, hour, type Instant } from "../../base/instant.ts";

/** A time in which an observer, by its operators' word, saw nothing. */
export interface Outage {
  readonly since: Instant;
  readonly until: Instant;
}

/** What the operators of an observer say of it. */
export interface Observer {
  readonly outages: readonly Outage[];
  /** It looks at one packet in many: while another sees everything, it keeps nothing in sight. */
  readonly isSampled: boolean;
}

/** Finds the line of sight of a dependency by those who reported it; equal ones are one. */
export interface Sights {
  of(observers: Iterable<string>): number;
  /** For each line of sight the share of each day on which one of its observers was up. */
  readonly shares: readonly (readonly number[])[];
}

const hoursADay = 24;
// Each is one more set of chances to compute; beyond these a dependency counts as always in sight.
const sightsMost = 32;

/** Lines of sight over so many days from `origin` (in days of UTC since 1970-01-01); who has no outage was never down. */
export function sightsOver({ origin, days }: { readonly origin: number; readonly days: number }, observers: ReadonlyMap<string, Observer>): Sights {
  const shares: (readonly number[])[] = [Array.from({ length: days }, () => 1)];
  const numbers = new Map<string, number>([[JSON.stringify(shares[0]), 0]]);
  const bySet = new Map<string, number>();
  const down = new Map([...observers].map(([observer, { outages }]) => [observer, downHours({ origin, days }, outages)]));
  return {
    shares,
    of(names) {
      const all = [...new Set(names)].sort();
      const whole = all.filter((name) => observers.get(name)?.isSampled !== true);
      const set = whole.length > 0 ? whole : all;
      const key = JSON.stringify(set);
      const known = bySet.get(key);
      if (known !== undefined) return known;
      const own = set.map((observer) => down.get(observer));
      const share = own.length === 0 || own.some((one) => one === undefined) ? shares[0]! : sharesOf(own as readonly Uint8Array[], days);
      const text = JSON.stringify(share);
      const number = numbers.get(text) ?? (shares.length < sightsMost ? shares.push(share) - 1 : 0);
      numbers.set(text, number);
      bySet.set(key, number);
      return number;
    },
  };
}

/** 1 for each hour of which an outage takes the larger part. */
function downHours({ origin, days }: { readonly origin: number; readonly days: number }, outages: readonly Outage[]): Uint8Array {
  const hours = new Uint8Array(days * hoursADay);
  for (const { since, until } of outages) {
    const from = Math.max(0, Math.round((since - origin * day) / hour));
    const end = Math.min(hours.length, Math.round((until - origin * day) / hour));
    if (from < end) hours.fill(1, from, end);
  }
  return hours;
}

/** The share of each day on which not all of them were down. */
function sharesOf(down: readonly Uint8Array[], days: number): readonly number[] {
  return Array.from({ length: days }, (_, at) => {
    let up = 0;
    for (let slot = at * hoursADay; slot < (at + 1) * hoursADay; slot += 1) if (down.some((hours) => hours[slot] === 0)) up += 1;
    return up / hoursADay;
  });
}
