import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRows } from "./rows.ts";

const rowsOf = (text: string): readonly unknown[] =>
  [...csvRows(text, ",")].map((row) => (row.kind === "row" ? [row.line, ...row.values] : `line ${row.line}: ${row.message}`));

test("a value in quotes may run over the ends of lines, and lines are counted on", () => {
  expect(rowsOf('\uFEFFid,note\r\n"a\r\nb","say ""no"""\r\n\r\nc,"d\n\ne"\r\nf,g')).toEqual([
    [1, "id", "note"],
    [2, "a\r\nb", 'say "no"'],
    [5, "c", "d\n\ne"],
    [8, "f", "g"],
  ]);
});

test("a quote that nobody closes costs its own line and no other", () => {
  expect(rowsOf('a,"b\nc,d\ne,"f"\n')).toEqual(["line 1: something stands behind the closing quote of a value", [2, "c", "d"], [3, "e", "f"]]);
  expect(rowsOf('a,b\n"c,d\ne,f\n')).toEqual([[1, "a", "b"], "line 2: a quoted value is never closed", [3, "e", "f"]]);
});

test("a line that is longer than any row is told and left out", () => {
  expect(rowsOf(`a,b\n${",".repeat(1 << 21)}\nc,d\n`)).toEqual([
    [1, "a", "b"],
    "line 2: longer than 1048576 characters, the longest that is read",
    [3, "c", "d"],
  ]);
});

const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r\n", " ", "é"), maxLength: 5 });
const tables = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 5 });
const written = (rows: readonly (readonly string[])[], quote: (text: string) => string): string =>
  rows.map((row) => `${row.map(quote).join(",")}\r\n`).join("");
const law = (quote: (text: string) => string) =>
  fc.property(tables, (rows) => {
    expect([...csvRows(written(rows, quote), ",")].map((row) => (row.kind === "row" ? row.values : row.message))).toEqual(rows);
  });

test("whatever cells hold, they are read as they were written", () => {
  fc.assert(law((text) => `"${text.replaceAll('"', '""')}"`));
  // The control: a writer that forgets to double quotes is caught.
  expect(fc.check(law((text) => `"${text}"`)).failed).toBe(true);
});
