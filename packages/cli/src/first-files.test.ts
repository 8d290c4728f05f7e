import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFirstFiles } from "./first-files.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bulkhead-first-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const files = [
  { path: "zones.yaml", text: "zones: []\n" },
  { path: "shop.yaml", text: "policy: shop\nowner: x\nscope: {app: shop}\nallow: []\n" },
];

test("first files are written in the form that `fmt` would give them", async () => {
  const directory = join(folder, "new", "policy");
  expect(await writeFirstFiles(directory, files)).toEqual({ written: ["zones.yaml", "shop.yaml"], present: [] });
  expect(readFileSync(join(directory, "shop.yaml"), "utf8")).toContain("scope: { app: shop }");
});

test("a file that is there stays as it is, and then nothing else is written either", async () => {
  writeFileSync(join(folder, "shop.yaml"), "mine");
  expect(await writeFirstFiles(folder, files)).toEqual({ written: [], present: ["shop.yaml"] });
  expect(readdirSync(folder)).toEqual(["shop.yaml"]);
  expect(readFileSync(join(folder, "shop.yaml"), "utf8")).toBe("mine");
});

test("a directory that cannot be written is told in words", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(writeFirstFiles(join(folder, "file", "policy"), files)).rejects.toThrow(/could not be written/);
});
