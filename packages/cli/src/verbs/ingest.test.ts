import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-ingest-"));
});
afterEach(async () => {
  // The store process lets go of the directory a moment after its last client.
  while (existsSync(join(dir, "data", "archive", "lock"))) await sleep(50);
  rmSync(dir, { recursive: true, force: true });
});

/** Runs what people run: the built command. */
const bulkhead = (...words: readonly string[]) => spawnSync(process.execPath, [bin, ...words, "--data", join(dir, "data")], { encoding: "utf8" });
const kept = (path: string) => JSON.parse(bulkhead("ingest", path, "--json").stdout) as { readonly kept: number; readonly known: number };

const header =
  "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_pkts\tresp_pkts\torig_ip_bytes\tresp_ip_bytes\thistory\n";
const lines = (from: number, count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `${1540889767 + from + at}.5\tC${from + at}\t10.0.0.7\t40123\t10.0.0.9\t443\ttcp\t12\t10\t1840\t4000\tShADadFf\n`,
  ).join("");

function written(name: string, count: number): string {
  writeFileSync(join(dir, name), header + lines(0, count));
  return join(dir, name);
}

test("what is kept does not depend on who reads the notes", { timeout: 120_000 }, () => {
  mkdirSync(join(dir, "folder"));
  for (let n = 0; n < 60; n += 1) writeFileSync(join(dir, "folder", `a-${n}.txt`), "nothing that anybody reads\n");
  writeFileSync(join(dir, "folder", "conn.log"), header + lines(0, 500));
  const line = `"$0" "$1" ingest "$2/folder" --data "$2/data"`;
  for (const reader of ["2>&1 | head -1", "2>&1 >/dev/null | true"]) {
    spawnSync("sh", ["-c", `${line} ${reader}`, process.execPath, bin, dir], { encoding: "utf8" });
    expect([reader, bulkhead("flows", "--json").stdout.trimEnd().split("\n").length]).toEqual([reader, 500]);
  }
});

test("a log that grew is ingested again, and only what is new is kept", { timeout: 120_000 }, () => {
  expect(kept(written("conn.log", 30_000))).toMatchObject({ kept: 30_000, known: 0 });
  expect(kept(written("conn.log", 30_700))).toMatchObject({ kept: 700, known: 30_000 });
  expect(kept(written("older.log", 29_000))).toMatchObject({ kept: 0, known: 29_000 });
});

test("Ctrl-C says what is kept, ends with 2, and the same files again make it whole", { timeout: 240_000 }, async () => {
  const child = spawn(process.execPath, [bin, "ingest", "-", "--data", join(dir, "data")], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said += text.toString("utf8")));
  child.stdin.on("error", () => undefined);
  // More is coming when it is stopped: what was written so far is read, the rest never arrives.
  child.stdin.write(header + lines(0, 60_000));
  while (!existsSync(join(dir, "data", "archive", "socket")) && child.exitCode === null) await sleep(20);
  await sleep(500);
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(2);
  const [, count] = /stopped before the end; (\d+) records were kept/.exec(said) ?? [];
  expect(said).toContain("give the same files again: what is kept counts once");
  expect(said).not.toMatch(/\n\s+at /);
  const again = kept(written("conn.log", 61_000));
  expect(again).toMatchObject({ kept: 61_000 - Number(count), known: Number(count) });
});

test("an address that nobody was is said so, beside how many records there are", { timeout: 120_000 }, () => {
  bulkhead("ingest", written("conn.log", 3));
  expect(bulkhead("flows", "--server", "1.2.3.4")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("none of 3 records has --server 1.2.3.4") as string,
  });
  expect(bulkhead("flows", "--limit", "1").stdout).toMatch(/^first .*\n2018-10-30T08:56:07\.500000Z .*\n$/);
});

test("a folder with many foreign files is summed up by kind, the first few are named, and --rejects names all", () => {
  mkdirSync(join(dir, "foreign"));
  for (let at = 0; at < 20; at += 1)
    for (const ending of [".txt", ".\u001b[31m", ""]) writeFileSync(join(dir, "foreign", `f${at}${ending}`), "nothing to see here\n");
  const { stderr } = bulkhead("ingest", join(dir, "foreign"));
  expect(stderr.match(/ was not read: /g)).toHaveLength(3);
  expect(stderr).toMatch(
    /^bulkhead: 57 files more \((?=.*\d+ \.txt)(?=.*\d+ without an ending).*\) were not read for the same reason: it is none of the formats/m,
  );
  expect(stderr).not.toContain("\u001b");
  expect(stderr.split("\n").length).toBeLessThan(10);
  expect(bulkhead("ingest", join(dir, "foreign"), "--rejects").stderr.match(/ was not read: /g)).toHaveLength(60);
});
