import { ipOf, ipText } from "@bulkhead/core/base/ip";

/** How much passed by rules; several names when several rules together let it pass. */
export interface RuleCount {
  readonly rules: string;
  readonly packets: number;
  readonly bytes: number;
}

/** Who was, or would have been, denied what. */
export interface DenialCount {
  readonly direction: "inbound" | "outbound";
  readonly peer: string;
  readonly service: string;
  readonly packets: number;
}

export interface Counts {
  readonly rules: readonly RuleCount[];
  readonly denied: readonly DenialCount[];
  readonly wouldBeDenied: readonly DenialCount[];
  /** Packets that belong to no conversation. */
  readonly invalidPackets: number;
}

interface Element {
  readonly val?: unknown;
  readonly comment?: string;
  readonly counter?: { readonly packets?: number; readonly bytes?: number };
}

interface Holder {
  readonly name: string;
  readonly elem?: readonly unknown[];
}

/** Reads the counters of a table from nft's JSON; null when it cannot be read. */
export function countsOf(json: string): Counts | null {
  let nftables: readonly { readonly map?: Holder; readonly set?: Holder }[];
  try {
    nftables = (JSON.parse(json) as { nftables: typeof nftables }).nftables;
  } catch {
    return null;
  }
  const maps = nftables.flatMap(({ map }) => (map === undefined ? [] : [map]));
  const sets = nftables.flatMap(({ set }) => (set === undefined ? [] : [set]));
  const invalid = sets.filter(({ name }) => name === "invalid_seen").flatMap(elementsOf);
  return {
    rules: ruleCounts(maps.flatMap(elementsOf)),
    denied: sets.filter(({ name }) => name.startsWith("deny_")).flatMap(denialsOf),
    wouldBeDenied: sets.filter(({ name }) => name.startsWith("would_")).flatMap(denialsOf),
    invalidPackets: invalid.reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0),
  };
}

/** What the elements of a set, or the keys of a map, say beside their value. */
export function elementsOf({ elem }: Holder): readonly Element[] {
  return (elem ?? []).map((one) => {
    const key: unknown = Array.isArray(one) ? one[0] : one;
    return (key as { readonly elem?: Element } | null)?.elem ?? { val: key };
  });
}

function ruleCounts(elements: readonly Element[]): readonly RuleCount[] {
  const sums = new Map<string, RuleCount>();
  for (const { comment, counter } of elements) {
    if (comment === undefined || counter === undefined) continue;
    const before = sums.get(comment);
    sums.set(comment, { rules: comment, packets: (before?.packets ?? 0) + (counter.packets ?? 0), bytes: (before?.bytes ?? 0) + (counter.bytes ?? 0) });
  }
  return [...sums.values()].sort((a, b) => (a.rules < b.rules ? -1 : 1));
}

function denialsOf(set: Holder): readonly DenialCount[] {
  const direction = set.name.includes("server") ? "inbound" : "outbound";
  return elementsOf(set).map(({ val, counter }) => {
    const parts = ((val as { readonly concat?: readonly unknown[] } | undefined)?.concat ?? []).map(String);
    const [peer = "", protocol = "", port] = parts;
    const ip = ipOf(peer);
    const service = port === undefined ? (protocol === "ipv6-icmp" ? "icmp6" : protocol) : `${protocol}/${port}`;
    return { direction, peer: ip === undefined ? "anyone" : ipText(ip), service, packets: counter?.packets ?? 0 };
  });
}
