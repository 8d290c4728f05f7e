import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const bin = fileURLToPath(new URL("../bin/bulkhead.js", import.meta.url));
const readme = readFileSync(fileURLToPath(new URL("../../../README.md", import.meta.url)), "utf8");
const isNamed = (verb: string): boolean => new RegExp(`\`bulkhead ${verb}[ \`]`).test(readme);

test("every verb of --help but its version stands in the README", () => {
  const { stdout } = spawnSync(process.execPath, [bin, "--help"], { encoding: "utf8" });
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, verb]) => verb!).filter((verb) => verb !== "version");
  expect(verbs.length).toBeGreaterThan(20);
  expect(verbs.filter((verb) => !isNamed(verb))).toEqual([]);
  expect(isNamed("sail")).toBe(false);
});
