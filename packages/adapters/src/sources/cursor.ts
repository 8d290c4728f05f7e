/** Where the reading of a line stands. One object for a whole file. */
export interface Cursor {
  bytes: Uint8Array;
  at: number;
  end: number;
  /** The byte that ends a text here: the separator of columns, or a quote. */
  stop: number;
}

export function cursorOf(stop: number): Cursor {
  return { bytes: new Uint8Array(0), at: 0, end: 0, stop };
}

/** Moves the cursor to the end of the text it stands in. */
export function toStop(cursor: Cursor): void {
  const { bytes, end, stop } = cursor;
  let at = cursor.at;
  while (at < end && bytes[at] !== stop) at += 1;
  cursor.at = at;
}
