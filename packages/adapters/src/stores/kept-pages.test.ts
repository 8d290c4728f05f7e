import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptPages } from "./kept-pages.ts";

let directory: string;
let said: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "bulkhead-pages-"));
  said = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (question = "q") => keptPages(directory, { question, say: (sentence) => void said.push(sentence) });
const questions = (): readonly string[] => readdirSync(join(directory, "simulated"));
const inside = (name: string): string => join(directory, "simulated", name);
const pages = (): readonly string[] => questions().flatMap((one) => readdirSync(inside(one)).map((page) => inside(join(one, page))));

test("what was kept of a question is found by its name, and by no other question", () => {
  open().write("a day", "text ü\n");
  expect([open().read("a day"), open().read("another"), open("other").read("a day"), said]).toEqual(["text ü\n", null, null, []]);
  const again = open();
  again.read("a day");
  again.read("another");
  again.write("another", "b");
  expect(again.counts()).toEqual({ found: 1, kept: 1 });
});

test.each([
  ["cut", (path: string) => truncateSync(path, 70)],
  ["emptied", (path: string) => truncateSync(path, 0)],
  ["appended to", (path: string) => appendFileSync(path, " ")],
  ["overwritten", (path: string) => writeFileSync(path, "x".repeat(500))],
])("a page that was %s is said, thrown away, and can be written anew", (_, harm) => {
  open().write("a day", "a text that is long enough to be cut");
  harm(pages()[0]!);
  expect(open().read("a day")).toBeNull();
  expect(said).toEqual([expect.stringMatching(/is damaged and was thrown away: its day is judged anew$/)]);
  expect(pages()).toEqual([]);
  open().write("a day", "new");
  expect(open().read("a day")).toBe("new");
});

test("the questions asked longest ago are removed, and so is what a killed run left half written", () => {
  for (let at = 0; at < 8; at += 1) {
    open(`q${at}`).write("a day", `text ${at}`);
    for (const one of questions()) utimesSync(inside(one), at, at);
  }
  writeFileSync(`${pages()[0]!}.99999999`, "half");
  expect(questions()).toHaveLength(8);
  open("q8").write("a day", "text 8");
  expect(questions()).toHaveLength(8);
  expect(pages()).toHaveLength(8);
  expect(open("q8").read("a day")).toBe("text 8");
});

test("where nothing can be kept, it is said once and nothing else happens", () => {
  writeFileSync(join(directory, "simulated"), "a file in its place");
  const one = open();
  one.write("a day", "a");
  one.write("another", "b");
  expect(one.read("a day")).toBeNull();
  expect(said).toEqual([expect.stringMatching(/cannot be kept in .* \((EEXIST|ENOTDIR)\): another run begins anew$/)]);
});
