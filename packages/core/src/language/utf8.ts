/** The text of UTF-8 bytes, or the offset of the first byte that is not UTF-8. A byte order mark at the start is dropped. */
export type Decoding = { readonly kind: "text"; readonly text: string } | { readonly kind: "broken"; readonly before: string };

/** Decodes strictly: no overlong forms, no surrogates, nothing above U+10FFFF. `before` is the text up to the first bad byte. */
export function textOf(bytes: Uint8Array): Decoding {
  const parts: string[] = [];
  let units: number[] = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const step = characterAt(bytes, at);
    if (step === undefined) return { kind: "broken", before: parts.join("") + String.fromCodePoint(...units) };
    units.push(step.point);
    at += step.size;
    // String.fromCodePoint takes its characters as arguments, and the stack is finite.
    if (units.length < 4096) continue;
    parts.push(String.fromCodePoint(...units));
    units = [];
  }
  return { kind: "text", text: parts.join("") + String.fromCodePoint(...units) };
}

const smallest = [0, 0, 0x80, 0x800, 0x10000];

function characterAt(bytes: Uint8Array, at: number): { readonly point: number; readonly size: number } | undefined {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { point: first, size: 1 };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > bytes.length) return undefined;
  let point = first & (0xff >> (size + 1));
  for (let index = at + 1; index < at + size; index += 1) {
    const next = bytes[index] ?? 0;
    if (next >> 6 !== 2) return undefined;
    point = (point << 6) | (next & 0x3f);
  }
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point < (smallest[size] ?? 0) || point > 0x10ffff || isSurrogate ? undefined : { point, size };
}

/** The UTF-8 bytes of a text; half a surrogate pair becomes U+FFFD, as everywhere else. */
export function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0)!;
    const whole = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (whole < 0x80) bytes.push(whole);
    else if (whole < 0x800) bytes.push(0xc0 | (whole >> 6), 0x80 | (whole & 63));
    else if (whole < 0x10000) bytes.push(0xe0 | (whole >> 12), 0x80 | ((whole >> 6) & 63), 0x80 | (whole & 63));
    else bytes.push(0xf0 | (whole >> 18), 0x80 | ((whole >> 12) & 63), 0x80 | ((whole >> 6) & 63), 0x80 | (whole & 63));
  }
  return Uint8Array.from(bytes);
}
