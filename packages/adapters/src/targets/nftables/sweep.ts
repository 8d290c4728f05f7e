import { tableName } from "./skeleton.ts";

interface Listed {
  readonly nftables: readonly { readonly chain?: { readonly name: string }; readonly map?: { readonly name: string } }[];
}

/** The text that removes every generation but one, from what `nft -j -t list table` prints. Empty when there is none to remove. */
export function sweepText(listed: string, keptPrefix: string): string {
  const { nftables } = JSON.parse(listed) as Listed;
  const isOld = (name: string): boolean => /^g[0-9a-f]+_/.test(name) && !name.startsWith(keptPrefix);
  const chains = nftables.flatMap(({ chain }) => (chain !== undefined && isOld(chain.name) ? [chain.name] : []));
  const maps = nftables.flatMap(({ map }) => (map !== undefined && isOld(map.name) ? [map.name] : []));
  const each = (verb: string, kind: string, names: readonly string[]): string => names.map((name) => `${verb} ${kind} inet ${tableName} ${name}\n`).join("");
  return each("flush", "chain", chains) + each("flush", "map", maps) + each("delete", "chain", chains) + each("delete", "map", maps);
}
