import { addressOf } from "./record.ts";

// Values are read from their bytes: making a string of every value is what makes text logs slow.

/** Cuts one line into columns; remembers where the wanted ones stand. One object for a whole file. */
export interface Columns {
  /** For each slot, where its value begins and ends; -1 when the line has none. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** How many columns the line has. */
  cut(bytes: Uint8Array, start: number, end: number): number;
}

/** Columns of a separated text; `slots` says for each column which of `count` slots it fills, or -1. */
export function columnsOf(slots: readonly number[], separator: number, count: number): Columns {
  const [from, to] = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)];
  const slotOf = Int32Array.from(slots);
  return {
    from,
    to,
    cut(bytes, start, end) {
      let column = 0;
      let begun = start;
      for (let at = start; at < end; at += 1) {
        if (bytes[at] !== separator) continue;
        const slot = column < slotOf.length ? slotOf[column]! : -1;
        if (slot >= 0) {
          from[slot] = begun;
          to[slot] = at;
        }
        column += 1;
        begun = at + 1;
      }
      const slot = column < slotOf.length ? slotOf[column]! : -1;
      if (slot >= 0) {
        from[slot] = begun;
        to[slot] = end;
      }
      return column + 1;
    },
  };
}

/** What a reader of bytes answers for a value that only the slower reader of texts understands. */
export const strange = -2;
/** What it answers for a value that the source leaves out. */
export const absent = -1;

const [minus, dot, zero] = [45, 46, 48];

/** Whether a value is missing: no column, or Zeek's and AWS's `-`. */
export const isAbsent = (bytes: Uint8Array, from: number, to: number): boolean => from < 0 || (to - from === 1 && bytes[from] === minus);

/** A whole number of at most 15 digits, `absent`, or `strange`. */
export function countAt(bytes: Uint8Array, from: number, to: number): number {
  if (isAbsent(bytes, from, to)) return absent;
  if (to === from || to - from > 15) return strange;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = bytes[at]! - zero;
    if (digit < 0 || digit > 9) return strange;
    value = value * 10 + digit;
  }
  return value;
}

/** Seconds with a fraction, in whole microseconds (further digits cut), `absent`, or `strange`. */
export function microsAt(bytes: Uint8Array, from: number, to: number): number {
  if (isAbsent(bytes, from, to)) return absent;
  let point = from;
  while (point < to && bytes[point] !== dot) point += 1;
  const whole = point - from > 10 ? strange : countAt(bytes, from, point);
  if (whole < 0 || point + 1 === to) return strange;
  let micros = 0;
  const kept = Math.min(to, point + 7);
  for (let at = point + 1; at < to; at += 1) {
    const digit = bytes[at]! - zero;
    if (digit < 0 || digit > 9) return strange;
    if (at < kept) micros = micros * 10 + digit;
  }
  for (let digits = Math.max(0, kept - point - 1); digits < 6; digits += 1) micros = micros * 10;
  const all = whole * 1_000_000 + micros;
  return Number.isSafeInteger(all) ? all : strange;
}

// A direct-mapped cache: the few thousand addresses of a network come again and again.
const places = 1 << 16;
const cachedValues = new Uint32Array(places);
const cachedTexts = Array.from<string | undefined>({ length: places });

/** The canonical text of the address in some bytes, or null when it is none. */
export function addressAt(bytes: Uint8Array, from: number, to: number): string | null {
  const value = quadAt(bytes, from, to);
  if (value < 0) return from < 0 ? null : addressOf(wordAt(bytes, from, to));
  const place = (Math.imul(value, 0x9e3779b1) >>> 16) & (places - 1);
  const known = cachedValues[place] === value ? cachedTexts[place] : undefined;
  if (known !== undefined) return known;
  const text = textAt(bytes, from, to);
  cachedValues[place] = value;
  cachedTexts[place] = text;
  return text;
}

/** The number of a dotted quad in its canonical form, else -1. */
function quadAt(bytes: Uint8Array, from: number, to: number): number {
  if (from < 0 || to - from < 7 || to - from > 15) return -1;
  let value = 0;
  let at = from;
  for (let dots = 0; dots < 4; dots += 1) {
    const begun = at;
    let part = 0;
    for (; at < to && bytes[at] !== dot; at += 1) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9 || part > 25) return -1;
      part = part * 10 + digit;
    }
    // A leading zero would be read as octal by half the world.
    if (at === begun || part > 255 || (bytes[begun] === zero && at > begun + 1)) return -1;
    if (dots < 3 && at === to) return -1;
    value = (value << 8) | part;
    at += 1;
  }
  return at === to + 1 ? value >>> 0 : -1;
}

/** Bytes as text, each byte a character: for values that are ASCII when they are anything. */
export function textAt(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** Whether some bytes are exactly an ASCII word. */
export function isWordAt(bytes: Uint8Array, from: number, to: number, word: string): boolean {
  if (from < 0 || to - from !== word.length) return false;
  for (let at = 0; at < word.length; at += 1) if (bytes[from + at] !== word.charCodeAt(at)) return false;
  return true;
}

const wordPlaces = 4096;
const words = Array.from<string | undefined>({ length: wordPlaces });

/** Bytes as text, for values that come again and again: the same string each time. */
export function wordAt(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > 64) return textAt(bytes, from, to);
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  const place = (hash ^ (hash >>> 15)) & (wordPlaces - 1);
  const known = words[place];
  if (known !== undefined && isWordAt(bytes, from, to, known)) return known;
  return (words[place] = textAt(bytes, from, to));
}
