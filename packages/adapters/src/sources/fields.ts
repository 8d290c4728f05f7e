import type { Cursor } from "./cursor.ts";
import { addressOf } from "./record.ts";
import { placeAt, type Words, wordsOf } from "./words.ts";

// Values are read from their bytes, each byte once: making a string of every value is what makes text logs slow.

/** How the value of a slot is read. `micros` is seconds with a fraction. */
export type Wanted = "count" | "micros" | "address" | Words<unknown>;

/** What one line says under the names that are wanted; a slot is a place of the list that made it. */
export interface Values {
  /** A count, whole microseconds, or the place of a word's meaning; `absent` where the line says nothing. */
  readonly numbers: Float64Array;
  /** Canonical texts of the slots that are addresses; true only where `numbers` is not `absent`. */
  readonly addresses: string[];
  readonly kinds: Uint8Array;
  readonly words: readonly Words<unknown>[];
}

/** What stands for a value that the source leaves out. */
export const absent = -1;

const [minus, dot, zero] = [45, 46, 48];
const [aCount, someMicros, anAddress, aWord] = [0, 1, 2, 3];

/** Room for these values. */
export function valuesOf(wanted: readonly Wanted[]): Values {
  return {
    numbers: new Float64Array(wanted.length).fill(absent),
    addresses: wanted.map(() => ""),
    kinds: Uint8Array.from(wanted, (one) => (one === "count" ? aCount : one === "micros" ? someMicros : one === "address" ? anAddress : aWord)),
    words: wanted.map((one) => (typeof one === "string" ? noWords : one)),
  };
}

/** The number in a slot, or null where the line says nothing. */
export function told({ numbers }: Values, slot: number): number | null {
  const number = numbers[slot]!;
  if (number < 0) return null;
  // Said to be an integer, it needs no place on the heap.
  return number <= 0x7fff_ffff ? number | 0 : number;
}

/** Reads the value where the cursor stands and leaves the cursor behind it; false when only the slower reader of texts understands it. */
export function take(values: Values, slot: number, cursor: Cursor): boolean {
  const { bytes, at, end } = cursor;
  // Zeek's and AWS's mark for nothing. That nothing follows it is seen by whoever looks for the separator.
  if (at < end && bytes[at] === minus) {
    cursor.at = at + 1;
    values.numbers[slot] = absent;
    return true;
  }
  const kind = values.kinds[slot]!;
  if (kind === aCount) return takeCount(values, slot, cursor);
  if (kind === anAddress) return takeAddress(values, slot, cursor);
  if (kind === someMicros) return takeMicros(values, slot, cursor);
  const place = placeAt(values.words[slot]!, cursor);
  values.numbers[slot] = place;
  return place >= 0;
}

const noWords = wordsOf(() => undefined, 1);

/** A whole number of at most 15 digits. */
function takeCount(values: Values, slot: number, cursor: Cursor): boolean {
  const from = cursor.at;
  values.numbers[slot] = digitsAt(cursor);
  return cursor.at > from && cursor.at - from <= 15;
}

/** Seconds with a fraction, in whole microseconds; further digits are cut. */
function takeMicros(values: Values, slot: number, cursor: Cursor): boolean {
  const { bytes, at: from, end } = cursor;
  const whole = digitsAt(cursor);
  const point = cursor.at;
  if (point === from || point - from > 10) return false;
  let micros = 0;
  if (point < end && bytes[point] === dot) {
    let at = point + 1;
    let weight = 100_000;
    for (; at < end; at += 1) {
      const digit = bytes[at]! - zero;
      if (digit >>> 0 > 9) break;
      micros += Math.imul(digit, weight);
      weight = (weight / 10) | 0;
    }
    if (at === point + 1) return false;
    cursor.at = at;
  }
  const all = whole * 1_000_000 + micros;
  values.numbers[slot] = all;
  return all <= Number.MAX_SAFE_INTEGER;
}

function takeAddress(values: Values, slot: number, cursor: Cursor): boolean {
  const text = quadAt(cursor) ?? longAddressAt(cursor);
  values.numbers[slot] = 0;
  if (text === null) return false;
  values.addresses[slot] = text;
  return true;
}

/** The number of the digits where the cursor stands; 0 without any. Nine digits fit in an integer register; few numbers have more. */
function digitsAt(cursor: Cursor): number {
  const { bytes, end } = cursor;
  let at = cursor.at;
  let first = 0;
  for (const until = Math.min(end, at + 9); at < until; at += 1) {
    const digit = bytes[at]! - zero;
    if (digit >>> 0 > 9) break;
    first = (Math.imul(first, 10) + digit) | 0;
  }
  let value = first;
  if (at - cursor.at === 9)
    for (; at < end; at += 1) {
      const digit = bytes[at]! - zero;
      if (digit >>> 0 > 9) break;
      value = value * 10 + digit;
    }
  cursor.at = at;
  return value;
}

// A direct-mapped cache: the few thousand addresses of a network come again and again.
const places = 1 << 16;
const cachedValues = new Int32Array(places);
const cachedTexts = Array.from<string | undefined>({ length: places });

/** The text of the dotted quad where the cursor stands, or null when none in its canonical form stands there alone. */
function quadAt(cursor: Cursor): string | null {
  const { bytes, end } = cursor;
  let value = 0;
  let at = cursor.at;
  for (let nth = 0; nth < 4; nth += 1) {
    const begun = at;
    let part = 0;
    for (; at < end; at += 1) {
      const digit = bytes[at]! - zero;
      if (digit >>> 0 > 9) break;
      if (part > 25) return null;
      part = (Math.imul(part, 10) + digit) | 0;
    }
    // A leading zero would be read as octal by half the world.
    if (at === begun || part > 255 || (bytes[begun] === zero && at > begun + 1)) return null;
    value = (value << 8) | part;
    if (nth === 3) break;
    if (at === end || bytes[at] !== dot) return null;
    at += 1;
  }
  if (at < end && bytes[at] !== cursor.stop) return null;
  const place = (Math.imul(value, 0x9e3779b1) >>> 16) & (places - 1);
  const text = cachedValues[place] === value ? cachedTexts[place] : undefined;
  cursor.at = at;
  if (text !== undefined) return text;
  cachedValues[place] = value;
  return (cachedTexts[place] = `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`);
}

const longAddresses = wordsOf(addressOf, 4096);

/** Any other address, in its canonical text; null when it is none. */
function longAddressAt(cursor: Cursor): string | null {
  const place = placeAt(longAddresses, cursor);
  return place < 0 ? null : longAddresses.meanings[place]!;
}
