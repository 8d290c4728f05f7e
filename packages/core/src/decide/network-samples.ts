import { type Ip, isPublic, publicBounds } from "../base/ip.ts";
import { covers, type Prefix } from "../base/prefix.ts";
import type { PolicySet } from "../model/policy-set.ts";
import { bareEnd, type KnownEnd, networkCovers } from "./ends.ts";
import type { World } from "./world.ts";

/**
 * An address of every part of a network that policy can tell from the rest: the zones and networks that hold a bare address
 * change only where a declared prefix, or a range that is not public, begins or ends.
 */
export function networkSamples(world: World, name: string): readonly Ip[] {
  const prefixes = name === "internet" ? everything : (world.networks.get(name)?.prefixes ?? []);
  const samples = new Map<string, Ip>();
  for (const prefix of prefixes)
    for (const value of cutsIn(world.set, prefix)) {
      const ip = addressAt(prefix, value);
      const part = networkCovers(world, name, ip) ? partOf(world, ip) : null;
      if (part !== null && !samples.has(part)) samples.set(part, ip);
    }
  return [...samples.values()];
}

const everything: readonly Prefix[] = [
  { family: 4, value: 0n, realm: "", length: 0 },
  { family: 6, value: 0n, realm: "", length: 0 },
];

function addressAt({ family, realm }: Prefix, value: bigint): Ip {
  const ip = { family, value, realm };
  return isPublic(ip) ? { ...ip, realm: "" } : ip;
}

/** Where something begins or has ended inside a prefix, its own first address among them. */
function cutsIn({ networks }: PolicySet, prefix: Prefix): readonly bigint[] {
  const bounds = networks.flatMap(({ prefixes }) =>
    prefixes.filter(({ family }) => family === prefix.family).flatMap((one) => [one.value, one.value + (1n << BigInt(bitsOf[one.family] - one.length))]),
  );
  const ranges = publicBounds.filter(({ family }) => family === prefix.family).map(({ value }) => value);
  const inside = [...bounds, ...ranges].filter((value) => covers({ ...prefix, realm: "" }, { family: prefix.family, value, realm: "" }));
  return [...new Set([prefix.value, ...inside])].sort((a, b) => (a < b ? -1 : 1));
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** Equal for two addresses that no rule can tell apart; an address where workloads are expected is a part of its own. */
function partOf(world: World, ip: Ip): string {
  const end = bareEnd(world, ip);
  if (end.kind !== "known") return "unresolved";
  const { zone, networks }: KnownEnd = end;
  return [zone, ...[...networks].sort()].join(" ");
}
