/** One row of CSV, or why there is none; `line` is where it begins, from 1. */
export type CsvRow =
  | { readonly kind: "row"; readonly line: number; readonly values: readonly string[] }
  | { readonly kind: "fault"; readonly line: number; readonly reason: "quotes" | "row-too-long"; readonly message: string };

/** The longest line and the longest quoted value that are read, in characters: what is longer is a quote that nobody closed, or an attack. */
export const rowMax = 1 << 20;
const valueMax = 1 << 16;

/** The rows of a CSV text as RFC 4180 has them, line breaks inside quotes included; empty lines are none. After a fault the reading goes on at the next line. */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const read = end - at > rowMax ? tooLong : rowAt(text, { at, end, delimiter });
    if (read.kind === "row") {
      // A single empty cell is an empty line.
      if (read.values.length > 1 || read.values[0]?.trim() !== "") yield { kind: "row", line, values: read.values };
      line += read.lines;
      at = read.next;
    } else {
      yield { ...read, line };
      line += 1;
      at = end + 1;
    }
  }
}

const tooLong = { kind: "fault", reason: "row-too-long", message: `longer than ${rowMax} characters, the longest that is read` } as const;
const unclosed = { kind: "fault", reason: "quotes", message: "a quoted value is never closed" } as const;
const stray = { kind: "fault", reason: "quotes", message: "something stands behind the closing quote of a value" } as const;

interface Place {
  readonly at: number;
  /** Where the line ends in which the row begins. */
  readonly end: number;
  readonly delimiter: string;
}

type Found = { readonly kind: "row"; readonly values: readonly string[]; readonly next: number; readonly lines: number };

function rowAt(text: string, { at: start, end: firstEnd, delimiter }: Place): Found | typeof unclosed | typeof stray {
  const first = lineText(text, start, firstEnd);
  if (!first.includes('"')) return { kind: "row", values: first.split(delimiter), next: firstEnd + 1, lines: 1 };
  const values: string[] = [];
  let [at, end, lines] = [start, firstEnd, 1];
  for (;;) {
    const isQuoted = text[at] === '"';
    const stop = isQuoted ? closingQuote(text, at) : plainEnd(text, { at, end, delimiter });
    if (stop < 0 || stop - start > rowMax) return unclosed;
    values.push(isQuoted ? text.slice(at + 1, stop).replaceAll('""', '"') : text.slice(at, stop));
    at = isQuoted ? stop + 1 : stop;
    for (; at > end; lines += 1) end = endOfLine(text, end + 1);
    if (lineText(text, at, end) === "") return { kind: "row", values, next: end + 1, lines };
    if (text[at] !== delimiter) return stray;
    at += 1;
  }
}

const endOfLine = (text: string, at: number): number => {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found;
};

const lineText = (text: string, at: number, end: number): string => text.slice(at, end > at && text[end - 1] === "\r" ? end - 1 : end);

function plainEnd(text: string, { at, end, delimiter }: Place): number {
  const rest = lineText(text, at, end);
  const found = rest.indexOf(delimiter);
  return at + (found < 0 ? rest.length : found);
}

function closingQuote(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (end >= 0 && text[end + 1] === '"' && end - at <= valueMax) end = text.indexOf('"', end + 2);
  return end - at > valueMax ? -1 : end;
}
