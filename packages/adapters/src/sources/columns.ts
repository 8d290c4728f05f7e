import { type Cursor, cursorOf, toStop } from "./cursor.ts";
import { take, type Values } from "./fields.ts";

/** How a line of separated columns is read into `values`. */
export interface Columns {
  /** For each column which slot it fills, or -1. */
  readonly slots: Int32Array;
  readonly values: Values;
  readonly cursor: Cursor;
}

/** Columns between separators, into `values`; `slots` says for each column which slot it fills, or -1. */
export function columnsOf(slots: readonly number[], separator: number, values: Values): Columns {
  return { slots: Int32Array.from(slots), values, cursor: cursorOf(separator) };
}

/** Reads a line; false when it has not as many columns, or a value that only the slower reader of texts understands. */
export function readColumns({ slots, values, cursor }: Columns, bytes: Uint8Array, start: number, end: number): boolean {
  cursor.bytes = bytes;
  cursor.at = start;
  cursor.end = end;
  for (let column = 0; column < slots.length; column += 1) {
    if (column > 0) {
      if (cursor.at === end || bytes[cursor.at] !== cursor.stop) return false;
      cursor.at += 1;
    }
    const slot = slots[column]!;
    if (slot < 0) toStop(cursor);
    else if (!take(values, slot, cursor)) return false;
  }
  return cursor.at === end;
}
