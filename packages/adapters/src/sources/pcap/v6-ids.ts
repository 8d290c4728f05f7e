import { i32 } from "./packet.ts";

/** Interned IPv6 addresses: their ids are what the conversation table compares. Id 0 is `::`, and stands for all beyond the limit. */
export interface V6Ids {
  readonly idOf: (bytes: Uint8Array, at: number) => number;
  /** The 16 bytes of an id, as 8 hexadecimal groups with colons. */
  readonly textOf: (id: number) => string;
  /** How many packets had an address that no longer found an id. */
  readonly beyond: () => number;
}

/** Nobody's link has two million addresses; an attacker's may. */
export function v6Ids(idsMax = 2_000_000): V6Ids {
  let words = new Int32Array(1024 * 4);
  let buckets = new Int32Array(2048);
  let [count, beyond] = [1, 0];

  function grow(): void {
    const wider = new Int32Array(words.length * 2);
    wider.set(words);
    words = wider;
    buckets = new Int32Array(buckets.length * 2);
    for (let id = 1; id < count; id += 1) {
      let bucket = hashOf(words[id * 4]!, words[id * 4 + 1]!, words[id * 4 + 2]!, words[id * 4 + 3]!) & (buckets.length - 1);
      while (buckets[bucket] !== 0) bucket = (bucket + 1) & (buckets.length - 1);
      buckets[bucket] = id;
    }
  }

  return {
    idOf(bytes, at) {
      const [a, b, c, d] = [i32(bytes, at), i32(bytes, at + 4), i32(bytes, at + 8), i32(bytes, at + 12)];
      if ((a | b | c | d) === 0) return 0;
      let bucket = hashOf(a, b, c, d) & (buckets.length - 1);
      for (let id = buckets[bucket]!; id !== 0; id = buckets[bucket]!) {
        if (words[id * 4] === a && words[id * 4 + 1] === b && words[id * 4 + 2] === c && words[id * 4 + 3] === d) return id;
        bucket = (bucket + 1) & (buckets.length - 1);
      }
      if (count > idsMax) {
        beyond += 1;
        return 0;
      }
      words.set([a, b, c, d], count * 4);
      buckets[bucket] = count;
      count += 1;
      if (count * 4 === words.length) grow();
      return count - 1;
    },
    textOf: (id) => Array.from(words.subarray(id * 4, id * 4 + 4), (word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`).join(":"),
    beyond: () => beyond,
  };
}

function hashOf(...[a, b, c, d]: readonly [number, number, number, number]): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ d, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}
