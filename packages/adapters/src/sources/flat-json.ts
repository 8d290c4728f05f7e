/** Finds the wanted values of one line of flat JSON without building an object. One of these for a whole file. */
export interface FlatJson {
  /** For each slot, where its value begins and ends (strings without their quotes); -1 when the line has none. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** False when the line is anything but the plainest JSON object, or names a key of `refused`: then JSON.parse must look. */
  cut(bytes: Uint8Array, start: number, end: number): boolean;
}

const [quote, backslash, colon, comma, opening, closing, minus] = [34, 92, 58, 44, 123, 125, 45];

/** A finder of the values under these names. Nested values, escapes, spaces, doubled names and bare words under a wanted name are left to JSON.parse. */
export function flatJson(wanted: readonly { readonly name: string; readonly slot: number }[], slots: number, refused: readonly string[]): FlatJson {
  const [from, to] = [new Int32Array(slots).fill(-1), new Int32Array(slots).fill(-1)];
  const slotOf = new Map([...wanted.map(({ name, slot }) => [name, slot] as const), ...refused.map((name) => [name, -2] as const)]);
  const keys = keyReader(slotOf);

  const take = (slot: number, value: { readonly from: number; readonly to: number }): boolean => {
    if (slot === -2 || (slot >= 0 && from[slot] !== -1)) return false;
    if (slot >= 0) {
      from[slot] = value.from;
      to[slot] = value.to;
    }
    return true;
  };
  const value = { from: 0, to: 0, next: 0 };

  return {
    from,
    to,
    cut(bytes, start, end) {
      from.fill(-1);
      to.fill(-1);
      if (end - start < 2 || bytes[start] !== opening || bytes[end - 1] !== closing) return false;
      let at = start + 1;
      for (let nth = 0; ; nth += 1) {
        const key = keys(bytes, at, { end, nth });
        if (key === null || !valueAt(bytes, key.next, end, value) || !take(key.slot, value)) return false;
        at = value.next + 1;
        if (bytes[value.next] === closing) return value.next === end - 1;
        if (bytes[value.next] !== comma) return false;
      }
    },
  };
}

interface Key {
  readonly name: Uint8Array;
  readonly slot: number;
}

/** Reads a key with its quotes and colon. A log has the same keys in the same order on most lines, so the last line's key is tried first. */
function keyReader(
  slotOf: ReadonlyMap<string, number>,
): (bytes: Uint8Array, at: number, where: { readonly end: number; readonly nth: number }) => { readonly slot: number; readonly next: number } | null {
  const expected: Key[] = [];
  const found = { slot: -1, next: 0 };
  return (bytes, at, { end, nth }) => {
    if (bytes[at] !== quote) return null;
    const guess = expected[nth];
    if (guess !== undefined && isKeyAt(bytes, at + 1, guess.name)) {
      found.slot = guess.slot;
      found.next = at + guess.name.length + 3;
      return found;
    }
    const close = stringEnd(bytes, at + 1, end);
    if (close < 0 || bytes[close + 1] !== colon) return null;
    const name = bytes.slice(at + 1, close);
    found.slot = name.length > keyMax ? -1 : (slotOf.get(String.fromCharCode(...name)) ?? -1);
    found.next = close + 2;
    if (nth < keysMax && name.length <= keyMax) expected[nth] = { name, slot: found.slot };
    return found;
  };
}

// No name that is wanted is longer, and no log has more keys.
const keyMax = 64;
const keysMax = 128;

function isKeyAt(bytes: Uint8Array, from: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at += 1) if (bytes[from + at] !== name[at]) return false;
  return bytes[from + name.length] === quote && bytes[from + name.length + 1] === colon;
}

// What is no ASCII may be no UTF-8 either; TextDecoder must look.
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 32 && byte <= 126 && byte !== quote && byte !== backslash ? 1 : 0));

/** The end of a string without escapes and control characters, or -1. */
function stringEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isPlain[bytes[at]!] === 1) at += 1;
  return at < end && bytes[at] === quote ? at : -1;
}

function valueAt(bytes: Uint8Array, from: number, end: number, value: { from: number; to: number; next: number }): boolean {
  if (bytes[from] === quote) {
    const close = stringEnd(bytes, from + 1, end);
    // A lone `-` is an unset value only in columns.
    if (close < 0 || (close === from + 2 && bytes[from + 1] === minus)) return false;
    value.from = from + 1;
    value.to = close;
    value.next = close + 1;
    return true;
  }
  let at = from;
  let dots = 0;
  for (; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === 46) dots += 1;
    else if (byte < 48 || byte > 57) break;
  }
  // `01`, `1.` and `.5` are no JSON.
  const isNumber = at > from && dots <= 1 && bytes[from] !== 46 && bytes[at - 1] !== 46 && (bytes[from] !== 48 || at === from + 1 || bytes[from + 1] === 46);
  value.from = from;
  value.to = at;
  value.next = at;
  if (isNumber) return true;
  return isTruth(bytes, from, value);
}

/** `true` and `false`: nothing that is wanted has such a value, so its place is empty. */
function isTruth(bytes: Uint8Array, from: number, value: { from: number; to: number; next: number }): boolean {
  const isTrue = bytes[from] === 116 && bytes[from + 1] === 114 && bytes[from + 2] === 117 && bytes[from + 3] === 101;
  const isFalse = bytes[from] === 102 && bytes[from + 1] === 97 && bytes[from + 2] === 108 && bytes[from + 3] === 115 && bytes[from + 4] === 101;
  if (!isTrue && !isFalse) return false;
  value.from = value.to = -1;
  value.next = from + (isTrue ? 4 : 5);
  return true;
}
