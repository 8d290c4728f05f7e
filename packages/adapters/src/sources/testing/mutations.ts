/** Damage to files, by seed: the same seed damages the same sample in the same way on every machine. */

/** A generator of whole numbers below a bound. Mulberry32: 32 bits of state are enough for damage. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

// What parsers trip over: ends of ranges, separators of every text format, numbers that no field has.
const wild: readonly Uint8Array[] = [
  ...Array.from('\0\n\r\t "\\{}[],:=|%-0.#\uFEFF'),
  ...'\r\n \\u0000 -1 00 1e999 1e-7 99999999999999999999 4294967296 65536 256 null true "" __proto__ constructor 255.255.255.255 ::'.split(" "),
  "2026-13-45T99:99:99Z",
  "é\u202e",
].map((text) => new TextEncoder().encode(text));
const edges: readonly number[] = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

/** The sample with one to five changes: bytes replaced, a bit turned, stretches cut out, doubled or moved, something wild put in, the rest cut off. */
export function mutated(sample: Uint8Array, seed: number): Uint8Array {
  const below = numbersFrom(seed);
  let bytes = sample;
  for (let changes = 1 + below(5); changes > 0; changes -= 1) bytes = changed(bytes, below);
  return bytes;
}

function changed(bytes: Uint8Array, below: (bound: number) => number): Uint8Array {
  const at = below(bytes.length + 1);
  const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
  const length = Math.min(below(8) === 0 ? below(400) : below(20), behind.length);
  const strange = below(3) === 0 ? Uint8Array.from({ length: 1 + below(8) }, () => below(256)) : wild[below(wild.length)]!;
  switch (below(8)) {
    case 0:
      return joined(before, behind.subarray(length));
    case 1:
      return joined(before, behind.subarray(0, length), behind);
    case 2:
      return joined(before, strange, behind);
    case 3:
      return joined(before, strange, behind.subarray(Math.min(strange.length, behind.length)));
    case 4:
      return joined(
        before,
        Uint8Array.from({ length: Math.min(1 + below(4), behind.length) }, () => edges[below(edges.length)]!),
        behind.subarray(Math.min(4, behind.length)),
      );
    case 5:
      return below(4) === 0 ? before : joined(behind.subarray(0, length), before, behind.subarray(length));
    default: {
      const turned = bytes.slice();
      if (at < turned.length) turned[at] = turned[at]! ^ (1 << below(8));
      return turned;
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
