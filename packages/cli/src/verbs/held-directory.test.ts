import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "../testing/agent-process.ts";

const bulkhead = (...words: readonly string[]): Promise<{ readonly code: number | string; readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve) => {
    const [program = "", ...rest] = cli(...words);
    execFile(program, rest, { timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : (error.code ?? "?"), stdout, stderr }));
  });

const seen = {
  bulkhead: "flows/1",
  observer: "web",
  from: "2026-11-28T12:00:00Z",
  until: "2026-11-28T12:00:10Z",
  opened: 1,
  packetsToServer: 3,
  packetsToClient: 2,
};

test.skipIf(process.platform !== "linux")(
  "an archive that another program holds is told with its process by every verb, and nothing is kept",
  { timeout: 120_000 },
  async () => {
    const dir = mkdtempSync(join(tmpdir(), "bulkhead-held-"));
    const holder = spawn("sleep", ["100"], { stdio: "ignore" });
    try {
      writeFileSync(join(dir, "seen.jsonl"), `${JSON.stringify({ ...seen, client: "10.0.1.5", server: "10.0.2.5", protocol: 6, port: 22 })}\n`);
      mkdirSync(join(dir, "archive"));
      const stat = readFileSync(`/proc/${holder.pid}/stat`, "utf8");
      const began = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      const lock = JSON.stringify({ pid: holder.pid, since: "2026-11-28T12:00:00Z", began });
      writeFileSync(join(dir, "archive/lock"), lock);
      const ingest = ["ingest", join(dir, "seen.jsonl"), "--data", dir];
      for (const { code, stdout, stderr } of await Promise.all([bulkhead(...ingest), bulkhead("map", "--data", dir)])) {
        expect([code, stdout]).toEqual([2, ""]);
        expect(stderr).toMatch(new RegExp(`archive is held by process ${holder.pid} since 2026-11-28T12:00:00Z\\n {2}next: wait until it has ended`));
      }
      expect([readFileSync(join(dir, "archive/lock"), "utf8"), readdirSync(join(dir, "archive")).filter((name) => !/^(lock|last-words)$/.test(name))]).toEqual([
        lock,
        [],
      ]);
      // The control: when that program has ended, what it left behind holds nobody.
      holder.kill("SIGKILL");
      await once(holder, "exit");
      expect(await bulkhead(...ingest)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 \w+ kept\n$/) as string });
    } finally {
      holder.kill("SIGKILL");
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
