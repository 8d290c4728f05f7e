import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const start = (...words: readonly string[]) =>
  spawnSync(process.execPath, ["tools/start.mjs", ...words], { cwd: root, encoding: "utf8", timeout: 250_000, env: { ...process.env, NO_COLOR: "1" } });

test("npm start tells the story, twice the same, and says where to look", { timeout: 600_000 }, () => {
  const [first, second] = [start(), start()];
  expect([first.status, second.status], first.stdout + first.stderr).toEqual([0, 0]);
  const withoutTime = (text: string): string => text.replace(/told in .*/, "");
  expect(withoutTime(second.stdout)).toBe(withoutTime(first.stdout));
  for (const words of [
    "What was read",
    "Who talks to whom",
    "What nobody knew",
    "web-2 knocks on",
    "10.20.2.99 is in no inventory",
    "The first policy",
    "no mistake",
  ])
    expect(first.stdout).toContain(words);
  expect(first.stdout).not.toContain("\u001b");
  expect(Math.max(...first.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  expect(existsSync(`${root}.bulkhead/shop/map.html`)).toBe(true);
  expect(readdirSync(`${root}.bulkhead/shop/policy`)).toContain("zones.yaml");
});

test("npm start on captures of one's own needs no inventory", { timeout: 600_000 }, () => {
  const { status, stdout } = start("--on", "examples/shop/recording");
  expect(status).toBe(0);
  expect(stdout).toContain("inventory import");
});

test("npm start says in words what it could not do", { timeout: 600_000 }, () => {
  expect(start("--on").status).toBe(2);
  const nowhere = start("--on", "there/is/nothing");
  expect([nowhere.status, nowhere.stdout]).toEqual([2, expect.stringContaining("there/is/nothing")]);
  expect(nowhere.stdout).not.toMatch(/\n {4}at /);
});
