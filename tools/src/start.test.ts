import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { missing } from "@bulkhead/lab/command";
import { namespacesOf } from "@bulkhead/lab/network";
import { placeOf } from "@bulkhead/lab/place";

const root = fileURLToPath(new URL("../../", import.meta.url));
const start = (...words: readonly string[]) =>
  spawnSync(process.execPath, ["tools/start.mjs", ...words], { cwd: root, encoding: "utf8", timeout: 250_000, env: { ...process.env, NO_COLOR: "1" } });

test("npm start tells the story, twice the same, and says where to look", { timeout: 600_000 }, () => {
  const [first, second] = [start("--recorded"), start("--recorded")];
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
    "joins environments (dev -> prod)",
  ])
    expect(first.stdout).toContain(words);
  expect(first.stdout).not.toContain("\u001b");
  expect(Math.max(...first.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  expect(existsSync(`${root}.bulkhead/shop/map.html`)).toBe(true);
  expect(readdirSync(`${root}.bulkhead/shop/policy`)).toContain("zones.yaml");
});

const absent = missing();
if (absent !== null) process.stdout.write(`the live half of npm start is not tried here: ${absent.message}\n`);

test.skipIf(absent !== null)("npm start puts the policy into force on the lab, lets fewer hosts fall, and takes everything back", { timeout: 600_000 }, () => {
  const { status, stdout, stderr } = start();
  expect(status, stdout + stderr).toBe(0);
  for (const words of [
    "with no policy in force: 7 of 8 hosts fall",
    "with a policy in force: 7 of 8 hosts fall",
    "with a policy in force: 5 of 8 hosts fall",
    "agree in 1800 of 1800 cells",
    "of 12 connections that the topology needs, 12 work",
    "It is the same walk as before",
    "Nothing is left on this machine",
  ])
    expect(stdout).toContain(words);
  const { prefix } = placeOf(`${root}.bulkhead/shop/live`);
  expect(namespacesOf(prefix)).toEqual([]);
});

test("npm start on captures of one's own needs no inventory", { timeout: 600_000 }, () => {
  const { status, stdout } = start("--on", "examples/shop/recording");
  expect(status).toBe(0);
  const [, data] = /^ {2}\$ npx bulkhead inventory import FILE --data (\S+)$/m.exec(stdout) ?? [];
  // Pasted where it was told, each line means the directory that the story kept.
  expect(data).toBeDefined();
  expect(stdout).toContain(`\n  $ npx bulkhead init policy --from map --data ${data}\n`);
  expect(existsSync(`${root}${data}/archive`)).toBe(true);
});

test("npm start says in words what it could not do", { timeout: 600_000 }, () => {
  expect(start("--on").status).toBe(2);
  expect(start("--onn", "here")).toMatchObject({ status: 2, stdout: expect.stringContaining("`--onn`") as string });
  const help = start("--help");
  expect([help.status, help.stdout]).toEqual([0, expect.stringMatching(/^npm start[^]*--recorded[^]*--on PATH/)]);
  expect(help.stdout).not.toContain("What was read");
  const nowhere = start("--on", "there/is/nothing");
  expect([nowhere.status, nowhere.stdout]).toEqual([2, expect.stringContaining("there/is/nothing")]);
  expect(nowhere.stdout).not.toMatch(/\n {4}at /);
});
