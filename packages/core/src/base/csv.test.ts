import { expect, test } from "vitest";
import { csvCell, editableCsv } from "./csv.ts";

test("a cell keeps its commas, quotes and line breaks, and is run by no spreadsheet", () => {
  const texts = ["plain", "it's", "a,b", 'say "so"', "two\nlines", "=1+1", "'quoted"];
  expect(texts.map(csvCell)).toEqual(["plain", "it's", '"a,b"', '"say ""so"""', '"two\nlines"', "'=1+1", "''quoted"]);
});

test("rows to edit quote an apostrophe, too", () => {
  expect(editableCsv([["id", "#guess"], ["it's", "=1"], []])).toBe('id,#guess\n"it\'s","\'=1"\n\n');
});
