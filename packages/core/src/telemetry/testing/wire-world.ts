import { hour, type Instant, minute, second } from "../../base/instant.ts";
import { ipOf, ipText } from "../../base/ip.ts";
import type { Claim } from "../../inventory/claim.ts";
import { hearing } from "../../inventory/heard.ts";
import { holderSegments } from "../../inventory/holders.ts";
import type { Sighting } from "../../inventory/sighting.ts";
import { attributionOf } from "../attribute.ts";

/** A number from 0 to 1, and whole numbers below a bound, the same for the same seed. */
export function dice(seed: number): { readonly unit: () => number; readonly below: (bound: number) => number } {
  let state = seed | 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { unit, below: (bound) => Math.floor(unit() * bound) };
}

/** Who really held what. */
interface Turn {
  readonly device: string;
  readonly address: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** A connection and who really stood at its ends. */
export interface TrueConnection {
  readonly at: Instant;
  readonly ends: readonly { readonly address: string; readonly device: string }[];
}

export interface WireWorld {
  readonly turns: readonly Turn[];
  readonly connections: readonly TrueConnection[];
  readonly ended: Instant;
}

const realms = ["", "%site-b"];
const ended = 24 * hour;

interface WorldOptions {
  /** Whether an address may be taken that somebody has; a DHCP server never gives such a one. */
  readonly isDoubled: boolean;
}

/** A day of twelve devices in each of two realms, which share ten addresses among them: taken, left, taken by others. */
export function wireWorld(seed: number, { isDoubled }: WorldOptions = { isDoubled: true }): WireWorld {
  const chance = dice(seed);
  const { below } = chance;
  const turns: Turn[] = [];
  const isFree = ({ address, from, until }: Turn): boolean => !turns.some((turn) => turn.address === address && turn.from < until && from < turn.until);
  const devices = realms.flatMap((realm, nth) => Array.from({ length: 12 }, (_, at) => ({ realm, device: `02:00:00:00:0${nth}:${at + 16}` })));
  for (const one of devices) for (const turn of wishesOf(one, chance)) if (isDoubled || isFree(turn)) turns.push(turn);
  const at = (): readonly Turn[] => {
    const when = below(86_400) * second;
    return turns.filter(({ from, until }) => from <= when && when < until).map((turn) => ({ ...turn, from: when }));
  };
  const connections = Array.from({ length: 2000 }, () => at()).flatMap((there): readonly TrueConnection[] => {
    const [client, server] = [there[below(there.length)], there[below(there.length)]];
    if (client === undefined || server === undefined || client.device === server.device) return [];
    return [{ at: client.from, ends: [client, server].map(({ address, device }) => ({ address, device })) }];
  });
  return { turns, connections, ended };
}

/** The addresses that a device would like to have, one after the other. */
function* wishesOf({ device, realm }: { readonly device: string; readonly realm: string }, { unit, below }: ReturnType<typeof dice>): Generator<Turn> {
  for (let from = below(4) * hour + below(60) * minute; from < ended - hour;) {
    const until = Math.min(from + (5 + below(300)) * minute, ended);
    yield { device, address: `10.0.0.${1 + below(10)}${realm}`, from, until };
    from = until + (unit() < 0.5 ? 0 : (1 + below(240)) * minute);
  }
}

/** What is heard of a world: each turn announced, then spoken from every few minutes; so many in a hundred are lost. */
export function heardOf({ turns, ended: until }: WireWorld, { seed, lost }: { readonly seed: number; readonly lost: number }): readonly Sighting[] {
  const { unit, below } = dice(seed);
  const claims: Claim[] = turns.flatMap((turn) => {
    const own: Claim[] = [{ at: turn.from, mac: turn.device, ip: ipOf(turn.address)!, how: "announced", until: null }];
    for (let at = turn.from + (1 + below(9)) * minute; at < turn.until; at += (1 + below(9)) * minute) own.push({ ...own[0]!, at, how: "used" });
    return own;
  });
  const heard = hearing();
  for (const claim of claims.sort((a, b) => a.at - b.at)) if (unit() * 100 >= lost) heard.claim(claim);
  return heard.sightings(until);
}

export interface Truth {
  readonly right: number;
  readonly wrong: number;
  /** Attributed to nobody: no lease, or a contested address. */
  readonly unresolved: number;
}

/** How true it is what an inventory says of the ends of a world's connections. */
export function truthOf({ connections }: WireWorld, sightings: readonly Pick<Sighting, "id" | "leases">[]): Truth {
  const attribution = attributionOf(holderSegments(sightings));
  let [right, wrong, unresolved] = [0, 0, 0];
  for (const { at, ends } of connections)
    for (const { address, device } of ends) {
      const end = attribution(ipText(ipOf(address)!), at);
      if (end.kind !== "held") unresolved += 1;
      else if (end.holder === `mac-${device}`) right += 1;
      else wrong += 1;
    }
  return { right, wrong, unresolved };
}
