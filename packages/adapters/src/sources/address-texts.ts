import { addressOf } from "./record.ts";

// Direct-mapped: the few thousand addresses of a network come again and again.
const places = 1 << 16;
const knownFours = new Int32Array(places);
const fourTexts = Array.from<string | undefined>({ length: places });

/** The text of an IPv4 address, of which only the lower 32 bits count. */
export function fourText(value: number): string {
  const number = value | 0;
  const place = (Math.imul(number, 0x9e3779b1) >>> 16) & (places - 1);
  const known = knownFours[place] === number ? fourTexts[place] : undefined;
  if (known !== undefined) return known;
  knownFours[place] = number;
  return (fourTexts[place] = `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`);
}

const sixPlaces = 1 << 12;
const knownSixes = new Int32Array(sixPlaces * 4);
const sixTexts = Array.from<string | undefined>({ length: sixPlaces });

/** The canonical text of the 16 bytes that begin here; an IPv4 address where they hold one. */
export function sixText(bytes: Uint8Array, at: number): string {
  const [a, b, c, d] = [word(bytes, at), word(bytes, at + 4), word(bytes, at + 8), word(bytes, at + 12)];
  const place = (Math.imul(a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ d, 0x9e3779b1) >>> 16) & (sixPlaces - 1);
  const from = place * 4;
  if (knownSixes[from] === a && knownSixes[from + 1] === b && knownSixes[from + 2] === c && knownSixes[from + 3] === d) {
    const known = sixTexts[place];
    if (known !== undefined) return known;
  }
  const groups = [a, b, c, d].flatMap((number) => [(number >>> 16).toString(16), (number & 0xffff).toString(16)]);
  const text = addressOf(groups.join(":")) ?? "::";
  knownSixes.set([a, b, c, d], from);
  return (sixTexts[place] = text);
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
