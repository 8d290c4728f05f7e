import { segmentOf } from "@bulkhead/adapters/feeds/segment";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
let child: ChildProcess | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-watch-"));
  mkdirSync(join(dir, "logs"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  // The store process lets go of the directory a moment after its last client.
  while (existsSync(join(dir, "data", "archive", "lock"))) await sleep(50);
  rmSync(dir, { recursive: true, force: true });
});

const header =
  "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_pkts\tresp_pkts\torig_ip_bytes\tresp_ip_bytes\thistory\n";
const lines = (from: number, count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `${1540889767 + from + at}.5\tC${from + at}\t10.0.0.7\t${from + at}\t10.0.0.9\t443\ttcp\t12\t10\t1840\t4000\tShADadFf\n`,
  ).join("");

/** Starts what people start; ends it with a signal and waits. */
function watching(): { readonly end: (signal: NodeJS.Signals) => Promise<number | null> } {
  const started = spawn(process.execPath, [bin, "watch", join(dir, "logs"), "--data", join(dir, "data")], { stdio: "ignore" });
  child = started;
  const ended = new Promise<number | null>((resolve) => started.once("close", resolve));
  return {
    end: (signal) => {
      started.kill(signal);
      return ended;
    },
  };
}

/** How many records stand synced in segments: what was acknowledged. */
function acknowledged(): number {
  const spool = join(dir, "data", "spool");
  if (!existsSync(spool)) return 0;
  const files = readdirSync(spool).flatMap((feed) => readdirSync(join(spool, feed)).map((name) => join(spool, feed, name)));
  return files
    .filter((path) => /\.(?:open|segment)$/.test(path))
    .reduce((sum, path) => sum + segmentOf(readFileSync(path)).frames.reduce((count, { connections }) => count + connections.length, 0), 0);
}

test("kill -9 in the middle of a growing, rotated log loses and doubles nothing", { timeout: 240_000 }, async () => {
  const log = join(dir, "logs", "conn.log");
  writeFileSync(log, header + lines(1, 20_000));
  const first = watching();
  while (acknowledged() < 20_000) await sleep(20);
  appendFileSync(log, lines(20_001, 10_000));
  // Perhaps before it has seen them, perhaps in the middle, perhaps after.
  await sleep(400);
  await first.end("SIGKILL");
  renameSync(log, join(dir, "logs", "conn.1.log"));
  writeFileSync(log, header + lines(30_001, 1000));
  const before = acknowledged();
  const second = watching();
  while (acknowledged() < 31_000) await sleep(20);
  expect(before).toBeGreaterThanOrEqual(20_000);
  expect(await second.end("SIGTERM")).toBe(0);
  const { stdout } = spawnSync(process.execPath, [bin, "flows", "--json", "--limit", "100000", "--data", join(dir, "data")], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const ports = stdout.split("\n").flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as { readonly clientPort: number }).clientPort]));
  expect(ports.length).toBe(31_000);
  expect(new Set(ports).size).toBe(31_000);
});

test("what is no directory is refused in words", () => {
  const { status, stderr } = spawnSync(process.execPath, [bin, "watch", join(dir, "none"), "--data", join(dir, "data")], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toContain("is no directory");
});
