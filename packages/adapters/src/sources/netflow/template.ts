import { u16, u32 } from "../big-endian.ts";
import { kindOf, placeOf, slotCount } from "./elements.ts";

/** One field of a template; a length of 65535 stands for one that each record says itself (RFC 7011 §7). */
export interface Field {
  readonly enterprise: number;
  readonly element: number;
  readonly length: number;
}

/** How the records of one set lie in their bytes: which of our slots are read from where. Made once when a template comes, read millions of times. */
export interface Template {
  readonly id: number;
  /** Its records describe the exporter, not flows. */
  readonly isOptions: boolean;
  readonly fields: number;
  /** Bytes of a record; the least, when some field has no fixed length. */
  readonly bytes: number;
  readonly isVariable: boolean;
  /** The slots that are read; with a fixed length, `at` says from where. */
  readonly slots: Int32Array;
  readonly readers: Int32Array;
  readonly at: Int32Array;
  readonly sizes: Int32Array;
  /** For records of no fixed length: every field's length, and the index into `slots`, or -1. */
  readonly lengths: Int32Array;
  readonly indices: Int32Array;
}

/** The length that means: each record says it. */
export const varying = 65_535;

/** What stands for a value that a record does not have. */
export const absent = -1;

// How a value is read: by its size where it is a number, else by its kind.
const [one, two, four, eight, other, ntp, float, place] = [0, 1, 2, 3, 4, 5, 6, 7];

/** A template made ready for reading. */
export function templateOf(id: number, isOptions: boolean, fields: readonly Field[]): Template {
  const taken = new Map<number, { readonly index: number; readonly rank: number }>();
  const starts: number[] = [];
  let bytes = 0;
  for (const [index, { enterprise, element, length }] of fields.entries()) {
    starts.push(bytes);
    bytes += length === varying ? 1 : length;
    const wanted = placeOf(enterprise, element);
    if (wanted === undefined || readerOf(wanted.slot, length) < 0) continue;
    const known = taken.get(wanted.slot);
    if (known === undefined || wanted.rank < known.rank) taken.set(wanted.slot, { index, rank: wanted.rank });
  }
  const chosen = [...taken].sort(([, a], [, b]) => a.index - b.index);
  const indices = new Int32Array(fields.length).fill(-1);
  chosen.forEach(([, { index }], at) => (indices[index] = at));
  const lengthAt = (index: number): number => fields[index]?.length ?? 0;
  return {
    id,
    isOptions,
    fields: fields.length,
    bytes,
    isVariable: fields.some(({ length }) => length === varying),
    slots: Int32Array.from(chosen, ([slot]) => slot),
    readers: Int32Array.from(chosen, ([slot, { index }]) => readerOf(slot, lengthAt(index))),
    at: Int32Array.from(chosen, ([, { index }]) => starts[index] ?? 0),
    sizes: Int32Array.from(chosen, ([, { index }]) => lengthAt(index)),
    lengths: Int32Array.from(fields, ({ length }) => length),
    indices,
  };
}

/** How a slot is read from so many bytes; -1 when it cannot be. */
function readerOf(slot: number, length: number): number {
  const kind = kindOf[slot];
  if (kind === "bytes" || kind === "text") return length === 0 ? -1 : place;
  if (kind === "six") return length === 16 ? place : -1;
  if (kind === "four") return length === 4 ? four : -1;
  if (kind === "ntp") return length === 8 ? ntp : -1;
  if (kind === "float") return length === 4 || length === 8 ? float : -1;
  // Numbers may be sent in fewer bytes than they have (RFC 7011 §6.2); what is longer than eight is no number.
  if (length === 0 || (length > 8 && length !== varying)) return -1;
  return length === 1 ? one : length === 2 ? two : length === 4 ? four : length === 8 ? eight : other;
}

/** What one record says: a slot's number, or where its bytes begin; `absent` where it says nothing. One object for a whole file. */
export interface Values {
  bytes: Uint8Array;
  view: DataView;
  readonly numbers: Float64Array;
  /** How many bytes a slot has that is not a number. */
  readonly sizes: Int32Array;
  /** The template whose slots are filled. */
  of: Template | null;
}

export function emptyValues(): Values {
  const bytes = new Uint8Array(0);
  return { bytes, view: viewOf(bytes), numbers: new Float64Array(slotCount).fill(absent), sizes: new Int32Array(slotCount), of: null };
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads the record that begins here and returns where it ends; -1 when it does not end before `end`. */
export function readRecord(values: Values, template: Template, from: number, end: number): number {
  if (values.of !== template) {
    values.numbers.fill(absent);
    values.of = template;
  }
  if (template.isVariable) return readVariable(values, template, from, end);
  const until = from + template.bytes;
  if (until > end) return -1;
  const { slots, readers, at, sizes } = template;
  const { numbers, bytes } = values;
  for (let index = 0; index < slots.length; index += 1) {
    const start = from + at[index]!;
    const reader = readers[index]!;
    if (reader === four) numbers[slots[index]!] = u32(bytes, start);
    else if (reader === two) numbers[slots[index]!] = (bytes[start]! << 8) | bytes[start + 1]!;
    else if (reader === one) numbers[slots[index]!] = bytes[start]!;
    else if (reader === eight) numbers[slots[index]!] = u32(bytes, start) * 4_294_967_296 + u32(bytes, start + 4);
    else readRare(values, { slot: slots[index]!, reader, at: start, size: sizes[index]! });
  }
  return until;
}

/** Walks over a record whose fields have no fixed length. */
function readVariable(values: Values, { slots, lengths, indices }: Template, from: number, end: number): number {
  const { bytes, numbers } = values;
  let at = from;
  for (let field = 0; field < lengths.length; field += 1) {
    let length = lengths[field]!;
    if (length === varying) {
      length = ownLength(bytes, at, end);
      at += bytes[at] === 255 ? 3 : 1;
    }
    if (length < 0 || at + length > end) return -1;
    const index = indices[field]!;
    if (index >= 0) {
      const slot = slots[index]!;
      const reader = readerOf(slot, length);
      if (reader < 0) numbers[slot] = absent;
      else readRare(values, { slot, reader, at, size: length });
    }
    at += length;
  }
  return at;
}

/** The length that a field says of itself in its first byte, or behind 255 in the next two; -1 when it is cut off. */
function ownLength(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  if (bytes[at] !== 255) return bytes[at]!;
  return at + 3 > end ? -1 : u16(bytes, at + 1);
}

interface Rare {
  readonly slot: number;
  readonly reader: number;
  readonly at: number;
  readonly size: number;
}

function readRare(values: Values, { slot, reader, at, size }: Rare): void {
  const { numbers, bytes, view } = values;
  if (reader === place) {
    numbers[slot] = at;
    values.sizes[slot] = size;
  } else if (reader === ntp) numbers[slot] = microsOfNtp(u32(bytes, at), u32(bytes, at + 4));
  else if (reader === float) {
    const number = size === 4 ? view.getFloat32(at) : view.getFloat64(at);
    numbers[slot] = number >= 0 ? number : absent;
  } else {
    let number = 0;
    for (let byte = at; byte < at + size; byte += 1) number = number * 256 + bytes[byte]!;
    numbers[slot] = number;
  }
}

// NTP counts from 1900 and begins again in 2036 (RFC 5905 §6): what looks like before 1970 is after that.
const secondsTo1970 = 2_208_988_800;

function microsOfNtp(seconds: number, fraction: number): number {
  const since1970 = seconds >= secondsTo1970 ? seconds - secondsTo1970 : seconds + 4_294_967_296 - secondsTo1970;
  return since1970 * 1_000_000 + Math.round((fraction * 1_000_000) / 4_294_967_296);
}
