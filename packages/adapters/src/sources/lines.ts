/** sources/ reads what networks tell: one folder a format, a pure `decode.ts` each; recognised by content in open.ts. */

/** The longest line that is read, in bytes. Zeek and EVE lines are under 64 KiB; a line of 2 GB is somebody's attack. */
export const lineMax = 1 << 20;

/** Where one line stands, without its end. The bytes are valid only until the reader returns. */
export interface Line {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** From 1. */
  number: number;
}

/** Is given each line in turn; `isTooLong` says that the line was skipped, and stands empty. */
export type LineReader = (line: Readonly<Line>, isTooLong: boolean) => void;

/** Cuts bytes into lines, whatever the cut of the chunks, in memory bounded by `lineMax`. CRLF and a byte order mark are dropped. */
export interface LineSplitter {
  push(bytes: Uint8Array): void;
  end(): void;
}

const [newline, carriageReturn] = [10, 13];

export function lineSplitter(read: LineReader): LineSplitter {
  // One object for all lines: a log has millions.
  const line: Line = { bytes: new Uint8Array(0), start: 0, end: 0, number: 0 };
  let rest = new Uint8Array(4096);
  let held = 0;
  let isSkipping = false;

  const tell = (bytes: Uint8Array, start: number, end: number): void => {
    line.number += 1;
    line.bytes = bytes;
    line.start = line.number === 1 ? start + markLength(bytes, start, end) : start;
    line.end = end > line.start && bytes[end - 1] === carriageReturn ? end - 1 : end;
    const isTooLong = isSkipping || end - start > lineMax;
    isSkipping = false;
    if (isTooLong) line.end = line.start;
    read(line, isTooLong);
  };

  const hold = (part: Uint8Array): void => {
    if (isSkipping) return;
    if (held + part.length > lineMax) {
      isSkipping = true;
      held = 0;
      return;
    }
    if (held + part.length > rest.length) rest = grown(rest, held, held + part.length);
    rest.set(part, held);
    held += part.length;
  };

  const tellHeld = (): void => {
    const end = held;
    held = 0;
    tell(rest, 0, end);
  };

  return {
    push(bytes) {
      let start = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        if (held === 0 && !isSkipping) tell(bytes, start, end);
        else {
          hold(bytes.subarray(start, end));
          tellHeld();
        }
        start = end + 1;
      }
      hold(bytes.subarray(start));
    },
    end() {
      if (held > 0 || isSkipping) tellHeld();
    },
  };
}

function grown(old: Uint8Array, held: number, needed: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(Math.min(Math.max(needed, old.length * 2), lineMax));
  next.set(old.subarray(0, held));
  return next;
}

// UTF-8's byte order mark, which Windows tools write.
const markLength = (bytes: Uint8Array, start: number, end: number): number =>
  end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? 3 : 0;
