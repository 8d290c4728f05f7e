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
  const longest = Math.max(...[...slotOf.keys()].map((name) => name.length));
  const keys = keyTable();

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
      for (;;) {
        if (bytes[at] !== quote) return false;
        const keyEnd = stringEnd(bytes, at + 1, end);
        if (keyEnd < 0 || bytes[keyEnd + 1] !== colon) return false;
        const slot = keyEnd - at - 1 > longest ? -1 : keys(bytes, at + 1, keyEnd, slotOf);
        if (!valueAt(bytes, keyEnd + 2, end, value) || !take(slot, value)) return false;
        at = value.next + 1;
        if (bytes[value.next] === closing) return value.next === end - 1;
        if (bytes[value.next] !== comma) return false;
      }
    },
  };
}

/** The end of a string without escapes and control characters, or -1. */
function stringEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === quote) return at;
    // What is no ASCII may be no UTF-8 either; TextDecoder must look.
    if (byte === backslash || byte < 32 || byte > 126) return -1;
  }
  return -1;
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

/** Looks keys up by their bytes; each place remembers the last key that fell on it. */
function keyTable(): (bytes: Uint8Array, from: number, to: number, slotOf: ReadonlyMap<string, number>) => number {
  const places = 256;
  const names = Array.from({ length: places }, () => "");
  const slots = new Int32Array(places).fill(-1);
  return (bytes, from, to, slotOf) => {
    let hash = to - from;
    for (let at = from; at < to; at += 1) hash = Math.imul(hash, 31) + bytes[at]!;
    const place = (hash ^ (hash >>> 8)) & (places - 1);
    const name = names[place]!;
    let isSame = name.length === to - from;
    for (let at = 0; isSame && at < name.length; at += 1) isSame = name.charCodeAt(at) === bytes[from + at];
    if (isSame) return slots[place]!;
    const text = String.fromCharCode(...bytes.subarray(from, to));
    names[place] = text;
    slots[place] = slotOf.get(text) ?? -1;
    return slots[place]!;
  };
}
