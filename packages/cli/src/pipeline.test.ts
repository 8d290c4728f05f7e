import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../bin/bulkhead.js", import.meta.url));
const guide = readFileSync(new URL("../../../docs/guides/review-in-pull-requests.md", import.meta.url), "utf8");
/** The steps of the pipeline that run bulkhead, as they are written. */
const steps = [...guide.matchAll(/^ +run: (bulkhead .*)$/gm)].map(([, line]) => line!);

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-pipeline-"));
  for (const path of ["before/policy", "after/policy"]) mkdirSync(join(dir, path), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const policy = (over: string, tests: readonly string[]): string =>
  `policy: shop\nowner: team\nscope: { app: shop }\nallow:\n  - { name: web, from: { app: web }, to: { app: shop }, over: ${over}, because: orders }\ntests:\n${tests
    .map((one) => `  ${one}\n`)
    .join("")}`;
const tests = [
  "- { from: { app: web }, to: { app: shop }, over: https, expect: allow }",
  "- { from: { app: other }, to: { app: shop }, over: https, expect: deny }",
  "- { from: { app: web }, to: { app: shop }, over: ssh, expect: deny }",
  "- { from: { app: shop }, to: { app: web }, over: https, expect: deny }",
];

/** Runs the steps of the pipeline in a checkout with this policy; how each of them ended. */
function ran(after: string): readonly (number | null)[] {
  writeFileSync(join(dir, "before/policy/a.yaml"), policy("https", tests));
  writeFileSync(join(dir, "after/policy/a.yaml"), after);
  return steps.map((line) => spawnSync("sh", ["-c", line.replace(/^bulkhead/, '"$0" "$1"'), process.execPath, bin], { cwd: join(dir, "after") }).status);
}

test("the pipeline of the guide passes what is right, and stops at a mistake, at a weak test and at what is odd", () => {
  expect(steps.map((line) => line.split(" ")[1])).toEqual(["check", "test", "diff", "lint"]);
  expect(ran(policy("https", tests))).toEqual([0, 0, 0, 0]);
  expect(readFileSync(join(dir, "after/check.sarif"), "utf8")).toContain('"2.1.0"');
  expect(ran(policy("[https, tcp/8443]", tests.slice(0, 1))).slice(0, 2)).toEqual([0, 1]);
  expect(ran(policy("ssh", tests))[0]).toBe(1);
  expect(ran(policy("tcp/any", tests.slice(0, 1)))[3]).toBe(1);
});
