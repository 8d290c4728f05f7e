import type { Cursor } from "./cursor.ts";

/** What a word means, asked once for each of the few words that come again and again. A direct-mapped cache. */
export interface Words<T> {
  readonly meanings: readonly T[];
}

// Plain functions over one kind of object, here and wherever a line is read: the compiler of Node inlines those, and not the closures of each file.
interface Memory<T> extends Words<T> {
  readonly meanings: T[];
  readonly known: Uint8Array;
  readonly lengths: Int32Array;
  readonly mean: (word: string) => T | undefined;
}

const lengthMax = 64;

/** A memory for so many words (a power of two). `mean` answers undefined for a word that has no place here. */
export function wordsOf<T>(mean: (word: string) => T | undefined, places: number): Words<T> {
  const memory: Memory<T> = {
    meanings: Array.from<T>({ length: places }),
    known: new Uint8Array(places * lengthMax),
    lengths: new Int32Array(places).fill(-1),
    mean,
  };
  return memory;
}

/** The place in `meanings` of the word where the cursor stands, or -1 for one that has none, is too long to be kept, or is no plain ASCII. */
export function placeAt(words: Words<unknown>, cursor: Cursor): number {
  const { bytes, at: from, end, stop } = cursor;
  let hash = 0;
  let to = from;
  for (; to < end; to += 1) {
    const byte = bytes[to]!;
    if (byte === stop) break;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  cursor.at = to;
  // Comparing bytes is what makes it cheap: no string is made of a word that is known.
  const { known, lengths } = words as Memory<unknown>;
  const place = (hash ^ (hash >>> 15)) & (lengths.length - 1);
  if (lengths[place] !== to - from) return learn(words as Memory<unknown>, place, bytes.subarray(from, to));
  const begin = place * lengthMax - from;
  for (let at = from; at < to; at += 1) if (known[begin + at] !== bytes[at]) return learn(words as Memory<unknown>, place, bytes.subarray(from, to));
  return place;
}

function learn(words: Memory<unknown>, place: number, word: Uint8Array): number {
  if (word.length > lengthMax || !word.every(isPlain)) return -1;
  const meaning = words.mean(String.fromCharCode(...word));
  if (meaning === undefined) return -1;
  words.known.set(word, place * lengthMax);
  words.lengths[place] = word.length;
  words.meanings[place] = meaning;
  return place;
}

// What is no ASCII may be no UTF-8 either; quotes and backslashes mean something in JSON.
const isPlain = (byte: number): boolean => byte >= 32 && byte <= 126 && byte !== 34 && byte !== 92;
