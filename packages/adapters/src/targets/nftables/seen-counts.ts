import { elementsOf } from "./counters.ts";
import { seenSets } from "./seen.ts";

/** Cumulative: conversations opened; packets and bytes to the server; packets and bytes back. */
export type SeenCount = readonly [opened: number, packetsToServer: number, bytesToServer: number, packetsToClient: number, bytesToClient: number];

/** Everything that a host has seen: by `client server protocol port`. */
export interface SeenCounts {
  /** Another one when the table was made anew: then everything is new. */
  readonly epoch: string;
  readonly counts: Readonly<Record<string, SeenCount>>;
  /** Conversations that found no room. */
  readonly lost: number;
}

/** Reads the table of observations from what `nft -j -n list table` prints; null when it cannot be read. */
export function seenCountsOf(json: string): SeenCounts | null {
  let nftables: readonly { readonly table?: { readonly handle: number }; readonly set?: { readonly name: string; readonly elem?: readonly unknown[] } }[];
  try {
    nftables = (JSON.parse(json) as { nftables: typeof nftables }).nftables;
  } catch {
    return null;
  }
  const counts: Record<string, [number, number, number, number, number]> = Object.create(null) as Record<string, [number, number, number, number, number]>;
  let lost = 0;
  for (const set of nftables.flatMap((one) => (one.set === undefined ? [] : [one.set]))) {
    const isLoss = set.name === "total" || set.name === "kept";
    if (!isLoss && !(seenSets as readonly string[]).includes(set.name)) continue;
    for (const { val, counter } of elementsOf(set)) {
      const [packets, bytes] = [counter?.packets ?? 0, counter?.bytes ?? 0];
      if (isLoss) lost += set.name === "total" ? packets : -packets;
      else addTo((counts[keyOf(set.name, val)] ??= [0, 0, 0, 0, 0]), set.name, { packets, bytes });
    }
  }
  return { epoch: String(nftables.find(({ table }) => table !== undefined)?.table?.handle ?? ""), counts, lost: Math.max(0, lost) };
}

function keyOf(name: string, val: unknown): string {
  const parts = ((val as { readonly concat?: readonly unknown[] } | undefined)?.concat ?? []).map(String);
  return name.startsWith("echo") ? `${parts[0]} ${parts[1]} ${name === "echo4" ? 1 : 58} ${parts[2]}` : parts.join(" ");
}

function addTo(count: [number, number, number, number, number], name: string, { packets, bytes }: { readonly packets: number; readonly bytes: number }): void {
  if (name.startsWith("opened") || name.startsWith("echo")) count[0] += packets;
  if (name.startsWith("asked") || name.startsWith("echo")) [count[1], count[2]] = [count[1] + packets, count[2] + bytes];
  if (name.startsWith("answered")) [count[3], count[4]] = [count[3] + packets, count[4] + bytes];
}

/** What was seen since the last reading, as lines that `bulkhead ingest` reads. */
export function seenLines(
  before: SeenCounts | null,
  now: SeenCounts,
  { observer, from, until }: { readonly observer: string; readonly from: string; readonly until: string },
): string {
  let text = "";
  for (const [key, count] of Object.entries(now.counts)) {
    const old = before?.epoch === now.epoch ? (before.counts[key] ?? nothingSeen) : nothingSeen;
    // An element that ran out and came back counts from nothing.
    const isAnew = count.some((value, index) => value < old[index]!);
    const [opened, packetsToServer, bytesToServer, packetsToClient, bytesToClient] = count.map((value, index) => value - (isAnew ? 0 : old[index]!));
    if (opened! + packetsToServer! + packetsToClient! === 0) continue;
    const [client, server, protocol, port] = key.split(" ");
    const isEcho = protocol === "1" || protocol === "58";
    const line = {
      bulkhead: "flows/1",
      observer,
      from,
      until,
      client,
      server,
      protocol: Number(protocol),
      port: Number(port),
      opened,
      packetsToServer,
      bytesToServer,
      // Echoes are counted one way only: whether one was answered is not told.
      packetsToClient: isEcho ? null : packetsToClient,
      bytesToClient: isEcho ? null : bytesToClient,
    };
    text += `${JSON.stringify(line)}\n`;
  }
  return text;
}

const nothingSeen: SeenCount = [0, 0, 0, 0, 0];
