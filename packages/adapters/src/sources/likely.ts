import { recognise } from "./open.ts";

/** What to do with a file that begins as no format that we know, by what its first lines look like. */
export function likelyNext(head: Uint8Array, file: string): string {
  const found = head.includes(0) ? null : laterLine(head, file);
  if (found !== null) return `from line ${found.line} on it looks like ${found.name}: say --format ${found.name}`;
  if (looksLikeTable(head)) return "it looks like a table: say --mapping FILE (docs/reference/csv-mapping.md shows one)";
  return "docs/reference/flow-sources.md lists what is read; --format NAME says which of them it is";
}

// Banners, prompts and comments before a log are a few lines long.
const linesMax = 20;
const newline = 10;

/** The first of the next lines from which on a format is recognised. */
function laterLine(head: Uint8Array, file: string): { readonly line: number; readonly name: string } | null {
  let start = 0;
  for (let line = 2; line <= linesMax; line += 1) {
    start = head.indexOf(newline, start) + 1;
    if (start === 0 || start === head.length) return null;
    const format = recognise(head.subarray(start), file);
    if (format !== null) return { line, name: format.name };
  }
  return null;
}

const columnsMin = 3;

/** Whether the first two lines have as many columns, and several. */
function looksLikeTable(head: Uint8Array): boolean {
  const [first = "", second = ""] = new TextDecoder("latin1").decode(head).split(/\r?\n/, 2);
  return [",", ";", "\t"].some((mark) => first.split(mark).length >= columnsMin && first.split(mark).length === second.split(mark).length);
}
