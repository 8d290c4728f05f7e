import type { Instant } from "@bulkhead/core/base/instant";
import { type Ip, ipKey, ipText } from "@bulkhead/core/base/ip";
import { addTo } from "@bulkhead/core/base/lists";
import type { Say } from "@bulkhead/core/inventory/problem";
import { type Gathering, gathering, type Mention } from "./gathered.ts";
import type { InventoryReading } from "./reading.ts";
import { machineId } from "./machine-id.ts";

/** One lease as a server of DHCP wrote it. */
export interface GivenLease {
  readonly ip: Ip;
  readonly hostname: string | undefined;
  readonly mac: string | undefined;
  /** What tells clients apart that have neither name nor hardware address. */
  readonly clientId: string | undefined;
  /** From (inclusive) until (exclusive); null is open. */
  readonly from: Instant | null;
  readonly until: Instant | null;
  /** `line 7`. */
  readonly where: string;
}

/**
 * What leases say, in the order of the server's file: a later lease of an address to another client ends an earlier one, however long that was
 A client is its host name, else its hardware address, else its client identifier.
 */
export function leasedInventory(leases: readonly GivenLease[], say: Say): InventoryReading {
  const gathered = gathering(say);
  const turns = new Map<string, Mention[]>();
  for (const lease of leases) {
    const mention = mentionOf(lease);
    if (mention === null) say({ reason: "no-client", message: `${lease.where}: the lease of \`${ipText(lease.ip)}\` names no client` });
    else addTo(turns, ipKey(lease.ip), mention);
  }
  for (const list of turns.values()) addTurns(list, gathered);
  return { sightings: gathered.sightings(), points: [], quarantined: [], isSnapshot: true };
}

function mentionOf({ ip, hostname, mac, clientId, from, until, where }: GivenLease): Mention | null {
  const id = machineId(hostname, mac) ?? (clientId === undefined || clientId === "" ? undefined : `client-${clientId.toLowerCase().replace(/[^0-9a-z]/g, "")}`);
  if (id === undefined) return null;
  const fqdn = hostname?.includes(".") === true ? hostname.toLowerCase().replace(/\.$/, "") : undefined;
  return { id, where, attributes: { mac: machineMac(mac), fqdn }, addresses: [ipText(ip)], from, until };
}

const machineMac = (mac: string | undefined): string | undefined => machineId(undefined, mac)?.slice("mac-".length);

/** The leases of one address, each cut where the next one of another client begins. */
function addTurns(list: readonly Mention[], gathered: Gathering): void {
  const sorted = [...list].sort((a, b) => before(a.from) - before(b.from));
  let next: Mention | null = null;
  // Backwards, so that what comes behind is known: another client, or the end of this one's lease.
  const turns: Mention[] = [];
  for (const [index, one] of [...sorted.entries()].reverse()) {
    const behind: Mention | undefined = sorted[index + 1];
    if (behind !== undefined && (behind.id !== one.id || behind.from === behind.until)) next = behind;
    const end: Instant | null = next?.from ?? null;
    const until = end !== null && (one.until ?? Infinity) > end ? end : (one.until ?? null);
    if (until === null || before(one.from) < until) turns.push({ ...one, until });
  }
  for (const one of turns.reverse()) gathered.add(one);
}

const before = (at: Instant | null | undefined): number => at ?? Number.MIN_SAFE_INTEGER;
