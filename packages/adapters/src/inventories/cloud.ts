import { instantOf, type Instant } from "@bulkhead/core/base/instant";
import { ipKey, isPublic } from "@bulkhead/core/base/ip";
import { addTo } from "@bulkhead/core/base/lists";
import { prefixText, readPrefix } from "@bulkhead/core/base/prefix";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { KnownNetwork } from "@bulkhead/core/inventory/sighting";
import { gathering, hostAddressOf, type Mention } from "./gathered.ts";
import { type InventoryReading, nothingRead } from "./reading.ts";

/** What a place in a cloud's answer says of something that holds addresses. */
export interface CloudMention extends Mention {
  /** The virtual network in which its addresses are, as far as it is told. */
  readonly within?: string | undefined;
}

export interface CloudNetwork {
  readonly name: string;
  readonly kind: string;
  readonly where: string;
  /** Null or missing for what has no addresses of its own: a gateway, a route, a group of rules. */
  readonly prefix?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
}

/** Gathers what a cloud says of its machines and its networks, in any order. */
export interface CloudReading {
  holds(mention: CloudMention): void;
  network(network: CloudNetwork): void;
  reading(): InventoryReading;
}

export function cloudReading(say: Say): CloudReading {
  const mentions: CloudMention[] = [];
  const networks: KnownNetwork[] = [];
  return {
    holds: (mention) => void mentions.push(mention),
    network({ name, kind, where, prefix, attributes = {} }) {
      const told = Object.fromEntries(Object.entries(attributes).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ""));
      if (prefix === undefined) return void networks.push({ name, prefix: null, kind, attributes: told });
      const read = readPrefix(prefix);
      if (read.kind === "prefix") networks.push({ name, prefix: prefixText(read.prefix), kind, attributes: told });
      else say({ reason: "bad-prefix", message: `${where}: ${quoted(prefix)} is no prefix` });
    },
    reading() {
      const gathered = gathering(say);
      const realmOf = realms(mentions, say);
      for (const mention of mentions) gathered.add({ ...mention, addresses: (mention.addresses ?? []).map((address) => realmOf(address, mention.within)) });
      // A cloud answers what is there now.
      return { ...nothingRead, sightings: gathered.sightings(), networks, isSnapshot: true };
    },
  };
}

/** Keeps apart what two virtual networks hold under one address: there it gets the network's name as its realm. */
function realms(mentions: readonly CloudMention[], say: Say): (address: string, within: string | undefined) => string {
  const claimed = new Map<string, { address: string; within: string }[]>();
  for (const { addresses = [], within } of mentions)
    for (const address of within === undefined ? [] : addresses) {
      const ip = hostAddressOf(address);
      if (ip !== undefined && !isPublic(ip)) addTo(claimed, ipKey(ip), { address, within: within! });
    }
  const shared = new Set<string>();
  for (const [key, claims] of claimed) {
    const networks = [...new Set(claims.map((one) => one.within))].sort();
    if (networks.length < 2) continue;
    shared.add(key);
    const named = networks.slice(0, 2).map((name) => `${claims[0]!.address}%${realmName(name)}`);
    say({
      reason: "overlap",
      message: `${quoted(claims[0]!.address)} is held in ${networks.length} virtual networks, and kept apart as ${named.join(" and ")}; flows that name no realm fit neither`,
    });
  }
  return (address, within) => {
    const ip = hostAddressOf(address);
    return within !== undefined && ip !== undefined && shared.has(ipKey(ip)) ? `${address.split("/")[0]}%${realmName(within)}` : address;
  };
}

const realmName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, "-")
    .replace(/^[^a-z0-9]+/, "") || "unnamed";

/** A time as clouds and their tools print it, or null: RFC 3339, also with a blank between date and time. */
export function cloudTime(text: string | undefined): Instant | null {
  return text === undefined ? null : (instantOf(text.replace(/^(\d{4}-\d\d-\d\d) /, "$1T")) ?? null);
}
