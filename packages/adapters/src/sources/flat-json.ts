import { type Cursor, cursorOf } from "./cursor.ts";
import { absent, take, type Values, type Wanted } from "./fields.ts";

/** The names whose values are wanted, with their slots, and those that only JSON.parse may read. */
export interface Names {
  readonly wanted: readonly { readonly name: string; readonly slot: number }[];
  readonly refused: readonly string[];
}

/** One key as it stands in a line. */
interface Key {
  /** Its length with quotes and colon. */
  readonly length: number;
  /** All of that, four bytes at a time; the last four may overlap those before. */
  readonly fours: Int32Array;
  /** Where its value goes; `unwanted`, or `refused`. */
  readonly slot: number;
  readonly isNumber: boolean;
  /** The key that came after it last time. */
  next: Key | null;
}

const [quote, backslash, colon, comma, opening, closing, minus, dot, zero] = [34, 92, 58, 44, 123, 125, 45, 46, 48];
const unwanted = -1;
const refused = -2;

/** How lines of flat JSON are read into `values`. One of these for a whole file. */
export interface FlatJson {
  readonly values: Values;
  readonly cursor: Cursor;
  /** The same bytes as the cursor's. */
  view: DataView;
  /** In which line a slot was last filled: no name may come twice. */
  readonly filled: Int32Array;
  line: number;
  /** The key of no name, after which the first one comes. */
  readonly before: Key;
  readonly known: Map<string, Key>;
  readonly keyOf: (name: string, bytes: Uint8Array) => Key;
}

/** Flat JSON whose wanted values go into `values`, read as `kinds` says. */
export function flatJsonOf(names: Names, kinds: readonly Wanted[], values: Values): FlatJson {
  const slotOf = new Map([...names.wanted.map(({ name, slot }) => [name, slot] as const), ...names.refused.map((name) => [name, refused] as const)]);
  const keyOf = (name: string, bytes: Uint8Array): Key => {
    const slot = slotOf.get(name) ?? unwanted;
    return { length: bytes.length, fours: foursOf(bytes), slot, isNumber: kinds[slot] === "count" || kinds[slot] === "micros", next: null };
  };
  const cursor = cursorOf(quote);
  return {
    values,
    cursor,
    view: viewOf(cursor.bytes),
    filled: new Int32Array(kinds.length),
    line: 0,
    before: { length: 0, fours: new Int32Array(0), slot: refused, isNumber: false, next: null },
    known: new Map(),
    keyOf,
  };
}

/**
 * Reads a line; false when it is anything but the plainest JSON object, or names a refused key: then JSON.parse must look.
 * Nested values, escapes, spaces, doubled names and bare words under a wanted name are left to it.
 */
export function readFlatJson(json: FlatJson, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || bytes[start] !== opening || bytes[end - 1] !== closing) return false;
  const { cursor, values } = json;
  if (cursor.bytes !== bytes) json.view = viewOf(bytes);
  cursor.bytes = bytes;
  // The braces stay outside: no value may run over them.
  cursor.at = start + 1;
  cursor.end = end - 1;
  json.line = (json.line + 1) | 0;
  for (let slot = 0; slot < values.numbers.length; slot += 1) values.numbers[slot] = absent;
  for (let last = json.before; ; cursor.at += 1) {
    const key = keyAt(json, last);
    if (key === null || !takeValue(json, key)) return false;
    if (cursor.at >= cursor.end) return cursor.at === cursor.end;
    if (bytes[cursor.at] !== comma) return false;
    last = key;
  }
}

function takeValue(json: FlatJson, key: Key): boolean {
  const { cursor } = json;
  const isText = cursor.bytes[cursor.at] === quote;
  if (isText) cursor.at += 1;
  if (key.slot !== unwanted) {
    if (!takeWanted(json, key, isText)) return false;
  } else if (isText ? !skipText(cursor) : !skipBare(cursor)) return false;
  if (!isText) return true;
  cursor.at += 1;
  return cursor.bytes[cursor.at - 1] === quote;
}

function takeWanted({ cursor, values, filled, line }: FlatJson, { slot, isNumber }: Key, isText: boolean): boolean {
  if (slot === refused || filled[slot] === line) return false;
  filled[slot] = line;
  const { bytes, at } = cursor;
  // A lone `-` is an unset value only in columns, and `01` is no JSON.
  if (bytes[at] === minus || (!isText && (!isNumber || (bytes[at] === zero && isDigit(bytes[at + 1]!))))) return false;
  return take(values, slot, cursor);
}

// No name that is wanted is longer, and no log has more keys.
const keyMax = 64;
const keysMax = 1024;
// Zeek leaves out what it does not know: seldom more keys than this in a row.
const guesses = 4;

/** Reads a key with its quotes and colon. A log has the same keys in the same order, so those that came after the last one are tried first. */
function keyAt(json: FlatJson, last: Key): Key | null {
  const key = guessed(json, last.next) ?? learn(json, last);
  if (key !== null) json.cursor.at += key.length;
  return key;
}

function learn({ cursor, known, keyOf }: FlatJson, last: Key): Key | null {
  const { bytes, at: from, end } = cursor;
  if (bytes[from] !== quote) return null;
  cursor.at += 1;
  const isWhole = skipText(cursor) && cursor.at + 1 < end && bytes[cursor.at + 1] === colon;
  const to = cursor.at;
  cursor.at = from;
  // `"":` is shorter than four bytes, and no name of a log.
  if (!isWhole || to === from + 1) return null;
  const name = to - from > keyMax ? "" : String.fromCharCode(...bytes.subarray(from + 1, to));
  const key = known.get(name) ?? keyOf(name, bytes.slice(from, to + 2));
  if (name !== "" && known.size < keysMax) known.set(name, key);
  return (last.next = key);
}

function guessed(json: FlatJson, likely: Key | null): Key | null {
  let key = likely;
  for (let nth = 0; key !== null && nth < guesses; nth += 1) {
    if (isHere(json, key)) return key;
    key = key.next;
  }
  return null;
}

function isHere({ cursor, view }: FlatJson, { fours, length }: Key): boolean {
  const { at, end } = cursor;
  if (at + length > end) return false;
  const last = fours.length - 1;
  for (let nth = 0; nth < last; nth += 1) if (view.getInt32(at + nth * 4, true) !== fours[nth]) return false;
  return view.getInt32(at + length - 4, true) === fours[last];
}

function foursOf(bytes: Uint8Array): Int32Array {
  const view = viewOf(bytes);
  return Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, nth) => view.getInt32(Math.min(nth * 4, bytes.length - 4), true));
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

// What is no ASCII may be no UTF-8 either; TextDecoder must look.
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 32 && byte <= 126 && byte !== quote && byte !== backslash ? 1 : 0));

/** Moves to the closing quote of a string without escapes and control characters. */
function skipText(cursor: Cursor): boolean {
  const { bytes, end } = cursor;
  let at = cursor.at;
  while (at < end && isPlain[bytes[at]!] === 1) at += 1;
  cursor.at = at;
  return at < end && bytes[at] === quote;
}

/** Moves behind a number without sign and exponent, or a truth. */
function skipBare(cursor: Cursor): boolean {
  const { bytes, at: from, end } = cursor;
  let at = from;
  let dots = 0;
  for (; at < end; at += 1) {
    if (bytes[at] === dot) dots += 1;
    else if (!isDigit(bytes[at]!)) break;
  }
  cursor.at = at;
  // `01`, `1.` and `.5` are no JSON.
  if (at > from) return dots <= 1 && bytes[from] !== dot && bytes[at - 1] !== dot && (bytes[from] !== zero || at === from + 1 || bytes[from + 1] === dot);
  return isWordAt(cursor, "true") || isWordAt(cursor, "false");
}

function isWordAt(cursor: Cursor, word: string): boolean {
  const { bytes, at: from, end } = cursor;
  if (from + word.length > end) return false;
  for (let at = 0; at < word.length; at += 1) if (bytes[from + at] !== word.charCodeAt(at)) return false;
  cursor.at += word.length;
  return true;
}
