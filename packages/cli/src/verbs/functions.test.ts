import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-functions-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (...words: readonly string[]) =>
  spawnSync(process.execPath, [bin, ...words], { cwd: dir, encoding: "utf8", env: { PATH: process.env["PATH"], BULKHEAD_DATA: join(dir, "data") } });

const log = (lines: readonly string[]): string =>
  [
    "#separator \\x09",
    "#path\tmodbus",
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tfunc\texception",
    ...lines.map((line) => `1540889767.5\tC1\t${line}\t-`),
  ].join("\n");

const reads = "10.0.0.1\t40000\t10.0.0.2\t502\tREAD_COILS";
const writes = "10.0.0.7\t40000\t10.0.0.2\t502\tWRITE_SINGLE_COIL";

test("pairs are listed with what they ask and who they are, and those that change something on demand", () => {
  writeFileSync(join(dir, "modbus.log"), log([reads, reads, writes]));
  writeFileSync(join(dir, "plant.csv"), "id,app,address\nhmi,plant,10.0.0.1\nplc,plant,10.0.0.2\n");
  expect(run("inventory", "import", "plant.csv").status).toBe(0);
  const all = run("functions", "modbus.log");
  expect(all).toMatchObject({ status: 0, stderr: "2 pairs, 1 of them changes something\n" });
  expect(all.stdout.split("\n")).toEqual([
    "hmi (10.0.0.1) → plc (10.0.0.2) tcp/502: only looks",
    "  modbus/1  read     2 messages  Read Coils",
    "10.0.0.7 → plc (10.0.0.2) tcp/502: changes something",
    "  modbus/5  write    1 message  Write Single Coil",
    "",
  ]);
  const changing = JSON.parse(run("functions", "modbus.log", "--changes", "--json").stdout) as { pairs: readonly { client: string; changes: boolean }[] };
  expect(changing.pairs).toMatchObject([{ client: "10.0.0.7", serverWorkloads: ["plc"], changes: true, functions: [{ function: "modbus/5", messages: 1 }] }]);
});

test("what is read here and what is not is said; without anything the exit is 2", () => {
  writeFileSync(join(dir, "letter.txt"), "Dear reader\n");
  const nothing = run("functions", "letter.txt");
  expect(nothing.status).toBe(2);
  expect(nothing.stderr).toContain("it is none of what is read here (captures; Zeek's and ICSNPP's logs");
  expect(nothing.stderr).toContain("0 pairs");
});

test("a log of a hostile device cannot speak to the terminal", () => {
  writeFileSync(join(dir, "modbus.log"), log([reads.replace("READ_COILS", "\u001b[2J")]));
  const { status, stdout } = run("functions", "modbus.log");
  expect([status, stdout.includes("\u001b")]).toEqual([0, false]);
});
