import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "../testing/agent-process.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-made-"));
  writeFileSync(join(dir, "inventory.csv"), "id,app,address\nweb-1,shop,10.0.0.1\n");
  writeFileSync(join(dir, "declared.csv"), "client,server,service\nshop,ledger,tcp/5432\n");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** How it ends; a program that hangs is killed, and says nothing. */
const ends = (words: readonly string[], timeout = 30_000): Promise<{ readonly code: unknown; readonly stderr: string }> =>
  new Promise((resolve) => {
    const [program = "", ...rest] = words;
    execFile(program, rest, { cwd: dir, timeout, killSignal: "SIGKILL" }, (error, _, stderr) => resolve({ code: error === null ? 0 : error.code, stderr }));
  });

// Beneath /proc nothing can be made, and Node's own way of making a path never returns there.
for (const words of [
  ["inventory", "import", "inventory.csv"],
  ["declared", "import", "declared.csv"],
  ["ingest", "inventory.csv"],
  ["listen", "--netflow", "127.0.0.1:0"],
  ["watch", "."],
])
  test.skipIf(process.platform !== "linux")(
    `a data directory that cannot be made is refused in words: ${words.slice(0, 2).join(" ")}`,
    { timeout: 60_000 },
    async () => {
      const { code, stderr } = await ends(cli(...words, "--data", "/proc/x/y"));
      expect(code).toBe(2);
      expect(stderr).toMatch(/^bulkhead: (?=.*\/proc\/x\/y).*cannot be (?:written|kept).*\n {2}next: /);
    },
  );

test.skipIf(process.platform !== "linux")("a first policy whose directory cannot be made is refused, too", { timeout: 60_000 }, async () => {
  await ends(cli("inventory", "import", "inventory.csv", "--data", join(dir, "data")));
  expect((await ends(cli("init", "/proc/x/y", "--data", join(dir, "data")))).code).toBe(2);
});

test.skipIf(process.platform !== "linux")("a program that hangs is seen by the tests above", { timeout: 60_000 }, async () => {
  const { code, stderr } = await ends(["sleep", "100"], 500);
  expect([code, stderr]).toEqual([null, ""]);
});
