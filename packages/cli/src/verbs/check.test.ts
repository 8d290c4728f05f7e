import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-check-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs what people run: the built command. */
const bulkhead = (...words: readonly string[]): Ran => ran(words);

test("check ends with 0 for a right policy and for warnings, 1 for errors, 2 where there is nothing to read", () => {
  const status = (text: string): number | null => {
    writeFileSync(join(dir, "a.yaml"), text);
    return bulkhead("check", dir, "--json").status;
  };
  const warning = "labels: { env: {} }\nforbid: [{ name: a, from: { env: b }, to: { env: c }, because: d }]\n";
  expect([status("zones: []\n"), status(warning), status("zoens: []\n")]).toEqual([0, 0, 1]);
  expect([bulkhead("check", join(dir, "nowhere")).status, bulkhead("check").status]).toEqual([2, 2]);
  rmSync(join(dir, "a.yaml"));
  const empty = bulkhead("check", dir);
  expect([empty.status, empty.stderr]).toEqual([2, expect.stringContaining("holds no policy")]);
  expect(empty.stderr).not.toMatch(/^\s+at /m);
});

test("fmt says what it would change, changes it once, and leaves alone what it cannot read", () => {
  writeFileSync(join(dir, "a.yaml"), 'policy:   "a" # why\nowner: b\nscope:\n    app: c\n');
  expect(bulkhead("fmt", dir, "--check")).toMatchObject({ status: 1, stdout: `would change ${dir}/a.yaml\n` });
  expect(bulkhead("fmt", dir).status).toBe(0);
  expect(readFileSync(join(dir, "a.yaml"), "utf8")).toBe("policy: a # why\nowner: b\nscope: { app: c }\n");
  expect(bulkhead("fmt", dir, "--check")).toMatchObject({ status: 0, stdout: "" });
  writeFileSync(join(dir, "b.yaml"), "zones: [\n");
  expect(bulkhead("fmt", dir)).toMatchObject({ status: 1, stdout: expect.stringContaining("error[syntax]") as string });
  expect(readFileSync(join(dir, "b.yaml"), "utf8")).toBe("zones: [\n");
});

test("a day is a time for every verb that takes one, and what is none is refused in the same words", () => {
  writeFileSync(join(dir, "a.yaml"), "zones: []\n");
  writeFileSync(join(dir, "inventory.txt"), '{"workloads":[{"id":"api","labels":{},"addresses":["10.0.0.1"]}]}');
  const known = ["--inventory", join(dir, "inventory.txt"), "--at"];
  const lines = [
    ["check", dir, ...known],
    ["explain", dir, "--from", "api", "--to", "10.0.0.9", "--over", "ssh", ...known],
    ["compile", dir, "--point", "api", ...known],
    ["flows", "--since"],
    ["map", "--until"],
    ["recommend", "--until"],
    ["simulate", dir, "--since"],
  ];
  const refusals = lines.map((line) => bulkhead(...line, "noon"));
  for (const { status, stderr } of refusals)
    expect([status, stderr]).toEqual([2, expect.stringContaining("`noon` is no time: write 2026-11-25T12:00:00Z, or")]);
  for (const line of lines.slice(0, 3)) expect(bulkhead(...line, "2026-11-25")).toMatchObject({ status: 0, stderr: "" });
});

test("names that were not checked are counted, and an exception that is over is told without being a mistake", () => {
  writeFileSync(
    join(dir, "a.yaml"),
    "policy: shop\nowner: a\nscope: { app: shop }\nallow:\n  - { name: a, from: { zone: nowhere }, to: { app: shop }, over: htps, because: b }\n",
  );
  writeFileSync(join(dir, "b.yaml"), "zones: [\n");
  const partial = bulkhead("check", dir, "--json");
  expect([partial.status, partial.stderr]).toEqual([1, expect.stringContaining("2 names were not checked")]);
  expect((JSON.parse(partial.stdout) as { diagnostics: unknown[] }).diagnostics).toHaveLength(1);
  rmSync(join(dir, "b.yaml"));
  // The control: where everything can be read, everything is checked.
  expect(bulkhead("check", dir).stderr).toBe("");
  const exception =
    "{ name: audit, from: anyone, to: workloads, over: ssh, owner: o, approved-by: b, ticket: t-1, because: c, from-date: 2026-01-01, until: 2026-01-31 }";
  writeFileSync(join(dir, "a.yaml"), `exceptions:\n  - ${exception}\n`);
  const uncompared = `labels are not compared with an inventory here; \`bulkhead lint ${dir}\` does it\n`;
  const over = bulkhead("check", dir, "--at", "2026-03-01");
  expect([over.status, over.stderr]).toEqual([0, `${uncompared}${dir}/a.yaml:2: exception/audit ended (until 2026-01-31); it opens nothing, take it out\n`]);
  expect(bulkhead("check", dir, "--at", "2026-01-31", "--json").stderr).toBe("");
});

test("the help of a failed test can be typed as it stands", () => {
  writeFileSync(join(dir, "a.yaml"), "labels: { app: {} }\ntests:\n  - { from: { app: a }, to: { app: b }, over: ssh, expect: deny }\n");
  expect(bulkhead("check", dir).stdout).toContain(`\`bulkhead explain ${dir} --from app=a --to app=b --over tcp/22\` says why`);
  // What was asked with an inventory and at a time is asked again with them.
  const inventory = join(dir, "my list.txt");
  writeFileSync(join(dir, "a.yaml"), "labels: { app: {} }\ntests:\n  - { from: { app: a 1 }, to: { app: b }, over: ssh, expect: deny }\n");
  writeFileSync(inventory, '{"workloads":[{"id":"a 1","labels":{"app":"c"}}]}');
  const command = /`(bulkhead explain .*)` says why/.exec(bulkhead("check", dir, "--inventory", inventory, "--at", "2026-11-25").stdout)?.[1];
  expect(command).toBe(`bulkhead explain ${dir} --from 'app=a 1' --to app=b --over tcp/22 --inventory '${inventory}' --at 2026-11-25T00:00:00Z`);
  const again = spawnSync("sh", ["-c", command!.replace(/^bulkhead/, `"$0" "$1"`), process.execPath, bin], { encoding: "utf8" });
  expect([again.status, again.stdout]).toEqual([0, expect.stringMatching(/^allow, open: [^]*at {3}2026-11-25T00:00:00Z/)]);
});
