import { type ConversationKey } from "./key.ts";

/** Words of one slot in `words`, 64 bytes, a line of the cache; and doubles in `counts`. Typed arrays, because millions of objects would not fit a cache. */
export const word = {
  a: 0,
  b: 1,
  ports: 2,
  kind: 3,
  client: 4,
  server: 5,
  way: 6,
  next: 7,
  number: 8,
  flags: 9,
  sequence: 10,
  hash: 11,
  older: 12,
  newer: 13,
} as const;
export const wordsPer = 16;
export const sum = { first: 0, last: 1, packetsThere: 2, bytesThere: 3, packetsBack: 4, bytesBack: 5 } as const;
export const sumsPer = 6;

/** A hash table of open conversations: chains in `next`, and a list by age in `older` and `newer`; -1 is nobody. */
export interface Slots {
  words: Int32Array;
  sums: Float64Array;
  buckets: Int32Array;
  free: number[];
  used: number;
  open: number;
  oldest: number;
  newest: number;
}

export function emptySlots(): Slots {
  const capacity = 1 << 9;
  return {
    words: new Int32Array(capacity * wordsPer),
    sums: new Float64Array(capacity * sumsPer),
    buckets: new Int32Array(capacity * 2).fill(-1),
    free: [],
    used: 0,
    open: 0,
    oldest: -1,
    newest: -1,
  };
}

/** The slot of a key, or -1. */
export function slotOf(slots: Slots, key: ConversationKey): number {
  const { words, buckets } = slots;
  let slot = buckets[key.hash & (buckets.length - 1)]!;
  while (slot >= 0) {
    const at = slot * wordsPer;
    if (words[at + word.a] === key.a && words[at + word.b] === key.b && words[at + word.ports] === key.ports && words[at + word.kind] === key.kind) return slot;
    slot = words[at + word.next]!;
  }
  return -1;
}

/** Takes a slot for a key, as the newest, with everything else 0. */
export function takeSlot(slots: Slots, key: ConversationKey): number {
  const slot = slots.free.pop() ?? slots.used++;
  if ((slot + 1) * wordsPer > slots.words.length) grow(slots);
  const { words, sums, buckets, newest } = slots;
  const at = slot * wordsPer;
  words.fill(0, at, at + wordsPer);
  sums.fill(0, slot * sumsPer, (slot + 1) * sumsPer);
  words[at + word.a] = key.a;
  words[at + word.b] = key.b;
  words[at + word.ports] = key.ports;
  words[at + word.kind] = key.kind;
  words[at + word.hash] = key.hash;
  const bucket = key.hash & (buckets.length - 1);
  words[at + word.next] = buckets[bucket]!;
  buckets[bucket] = slot;
  words[at + word.older] = newest;
  words[at + word.newer] = -1;
  if (newest < 0) slots.oldest = slot;
  else words[newest * wordsPer + word.newer] = slot;
  slots.newest = slot;
  slots.open += 1;
  return slot;
}

/** Gives a slot back; what it holds can be read until the next is taken. */
export function releaseSlot(slots: Slots, slot: number): void {
  const { words } = slots;
  unchain(slots, slot);
  const [older, newer] = [words[slot * wordsPer + word.older]!, words[slot * wordsPer + word.newer]!];
  if (older < 0) slots.oldest = newer;
  else words[older * wordsPer + word.newer] = newer;
  if (newer < 0) slots.newest = older;
  else words[newer * wordsPer + word.older] = older;
  slots.free.push(slot);
  slots.open -= 1;
}

function unchain({ words, buckets }: Slots, slot: number): void {
  const bucket = words[slot * wordsPer + word.hash]! & (buckets.length - 1);
  const next = words[slot * wordsPer + word.next]!;
  let before = buckets[bucket]!;
  if (before === slot) {
    buckets[bucket] = next;
    return;
  }
  while (words[before * wordsPer + word.next] !== slot) before = words[before * wordsPer + word.next]!;
  words[before * wordsPer + word.next] = next;
}

function grow(slots: Slots): void {
  const [words, sums] = [new Int32Array(slots.words.length * 2), new Float64Array(slots.sums.length * 2)];
  words.set(slots.words);
  sums.set(slots.sums);
  const buckets = new Int32Array(slots.buckets.length * 2).fill(-1);
  for (let slot = slots.oldest; slot >= 0; slot = words[slot * wordsPer + word.newer]!) {
    const bucket = words[slot * wordsPer + word.hash]! & (buckets.length - 1);
    words[slot * wordsPer + word.next] = buckets[bucket]!;
    buckets[bucket] = slot;
  }
  Object.assign(slots, { words, sums, buckets });
}
