import { type Ip, isPublic, notPublicPrefixes } from "../base/ip.ts";
import type { Network } from "../model/policy-set.ts";

/** A stretch of addresses of one family, first and last included, in which no network or zone makes a difference. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const bits = { 4: 32n, 6: 128n } as const;

/** Cuts both address spaces at every border of a network and of what is not public. `realm` is where private addresses are read. */
export function bareSpace(networks: readonly Network[], realm: string): readonly AddressRange[] {
  const declared = networks.flatMap(({ prefixes }) => prefixes).filter((prefix) => prefix.realm === realm || prefix.realm === "");
  const prefixes = [...declared, ...notPublicPrefixes()];
  return ([4, 6] as const).flatMap((family) => {
    const starts = new Set([0n]);
    for (const prefix of prefixes) {
      if (prefix.family !== family) continue;
      const size = 1n << (bits[family] - BigInt(prefix.length));
      starts.add(prefix.value).add(prefix.value + size);
    }
    const end = 1n << bits[family];
    const sorted = [...starts].filter((start) => start < end).sort((a, b) => (a < b ? -1 : 1));
    return sorted.map((first, index) => ({ family, first, last: (sorted[index + 1] ?? end) - 1n }));
  });
}

/** An address of a family in the realm of a host; a public one has no realm. */
export function addressIn({ family, value }: Pick<Ip, "family" | "value">, realm: string): Ip {
  return { family, value, realm: isPublic({ family, value, realm: "" }) ? "" : realm };
}
