import { Session } from "chdb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { all, archiveContract, told } from "../contract.ts";
import { chdbArchive } from "./archive.ts";
import { BatchLog, noHead } from "./batch-log.ts";
import { placeOf } from "./place.ts";
import { encodeRows, rowColumns } from "./rows.ts";
import { type DataDirectory, dataDirectory } from "./testing/fresh-directory.ts";

const storeProcess = fileURLToPath(new URL("../../../dist/stores/chdb/store-process.js", import.meta.url));
const open = (directory: DataDirectory) => chdbArchive(directory.path, { graceMs: 0 });
const records = (count: number, from = 1) => Array.from({ length: count }, (_, at) => told({ record: from + at, clientPort: (from + at) % 60_000 }));

describe("the embedded engine keeps the contract", () => {
  archiveContract(async () => {
    const directory = dataDirectory();
    const archive = await open(directory);
    return {
      archive,
      async end() {
        await archive.close();
        await directory.remove();
      },
    };
  });
});

describe("the store process", () => {
  let directory: DataDirectory;
  beforeEach(() => void (directory = dataDirectory()));
  afterEach(() => directory.remove());

  test("a batch counts once across a restart", async () => {
    const first = await open(directory);
    await first.add({ token: null, connections: records(10) });
    await first.close();
    await directory.ended();
    const second = await open(directory);
    expect(await second.add({ token: null, connections: records(10) })).toBe(0);
    expect(await all(second)).toHaveLength(10);
    await second.close();
  });

  test("a file that grew adds what is new after a restart, and after kill -9 in its middle", { timeout: 120_000 }, async () => {
    const grown = (length: number) => ({ token: null, connections: records(length) });
    let most = 0;
    for (let round = 0; round < 6; round += 1) {
      const archive = await open(directory);
      const [pid, length] = [directory.pid()!, 1000 * (round + 1)];
      if (round % 2 === 1) setTimeout(() => process.kill(pid, "SIGKILL"), round * 15);
      const kept = await archive.add(grown(length)).catch(() => null);
      if (kept !== null) most = length;
      if (kept !== null && round % 2 === 0) process.kill(pid, "SIGTERM");
      await archive.close();
      await directory.ended();
    }
    const archive = await open(directory);
    await archive.add(grown(6500));
    expect(most).toBeGreaterThanOrEqual(5000);
    expect((await all(archive, { isOrdered: true })).map(({ record }) => record)).toEqual(records(6500).map(({ record }) => record));
    await archive.close();
  });

  // BULKHEAD_KILL_ROUNDS=200 is the long run.
  test("what was acknowledged survives kill -9, whole and once", { timeout: 600_000 }, async () => {
    const rounds = Number(process.env["BULKHEAD_KILL_ROUNDS"] ?? 5);
    const acknowledged = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const archive = await open(directory);
      const pid = directory.pid()!;
      let isKilled = false;
      setTimeout(() => (isKilled = process.kill(pid, "SIGKILL")), 20 + ((round * 137) % 300));
      try {
        for (let at = 0; !isKilled; at += 1) {
          const token = `${round}-${at}`;
          await archive.add({ token, connections: records(500).map((one) => ({ ...one, file: token })) });
          acknowledged.add(token);
        }
      } catch {
        // The process is gone.
      }
      await archive.close();
      await directory.ended();
    }
    const archive = await open(directory);
    const kept = new Map((await archive.sources()).map(({ file, records: count }) => [file, count]));
    expect([...acknowledged].filter((token) => kept.get(token) !== 500)).toEqual([]);
    for (const [token, count] of kept) expect(count, token).toBe(500);
    for (const token of acknowledged) expect(await archive.add({ token, connections: records(1) })).toBe(0);
    await archive.close();
  });

  test("positive control: rows whose batch was never finished are removed at the next start", async () => {
    const archive = await open(directory);
    await archive.add({ token: "half", connections: records(10) });
    await archive.add({ token: "whole", connections: records(10, 11) });
    await archive.close();
    await directory.ended();
    const path = join(directory.path, "archive", "batches.log");
    // As a crash leaves it that comes after the rows and before the note.
    writeFileSync(path, readFileSync(path, "utf8").replace("done 1 half -\n", ""));
    appendFileSync(path, "done 9"); // and a line that is cut
    const again = await open(directory);
    expect((await all(again, { isOrdered: true })).map(({ record }) => record)).toEqual(records(10, 11).map(({ record }) => record));
    expect(await again.add({ token: "half", connections: records(10) })).toBe(10);
    await again.close();
  });

  test("what an earlier version kept in another order is taken over once, also after an interruption", async () => {
    const columns = rowColumns.map(([name, type]) => `${name} ${type}`).join(", ");
    const place = placeOf(directory.path).directory;
    writeFileSync(join(place, "rows"), encodeRows(records(3)).rows);
    const earlier = new Session(join(place, "engine"));
    earlier.query(`create table flows (batch UInt32, file LowCardinality(String), ${columns}) engine = MergeTree order by tuple()`);
    earlier.query(
      `insert into flows select 1, 'conn.log', * except fileAt from file('${join(place, "rows")}', 'RowBinary', 'fileAt UInt32, ${columns.replaceAll("'", "\\'")}')`,
    );
    // As far as an interruption let it come.
    earlier.query("create table records engine = MergeTree order by tuple() as select * from flows limit 1");
    earlier.close();
    const archive = await open(directory);
    expect(await all(archive, { isOrdered: true })).toEqual(records(3));
    await archive.add({ token: "a", connections: records(2, 4) });
    await archive.close();
    await directory.ended();
    const again = await open(directory);
    expect(await all(again, { isOrdered: true })).toEqual(records(5));
    await again.close();
  });

  test("a killed process is replaced at the next question", async () => {
    const archive = await open(directory);
    await archive.add({ token: "a", connections: records(3) });
    process.kill(directory.pid()!, "SIGKILL");
    await directory.ended();
    expect(await all(archive)).toHaveLength(3);
    await archive.close();
  });

  test("a second process on the same directory is refused in words", { timeout: 30_000 }, async () => {
    const archive = await open(directory);
    const second = spawnSync(process.execPath, [storeProcess, directory.path], { encoding: "utf8" });
    expect(second.status).toBe(3);
    expect(second.stderr).toContain(`is held by process ${directory.pid()} since 20`);
    await archive.close();
  });

  test("a lock whose number now belongs to another process is taken over", async () => {
    writeFileSync(placeOf(directory.path).lock, JSON.stringify({ pid: process.pid, since: "2026-01-01T00:00:00Z", began: "1" }));
    const archive = await open(directory);
    expect(await archive.sources()).toEqual([]);
    await archive.close();
  });

  test("two clients at once share one process, and it ends when both have left", async () => {
    const [one, two] = await Promise.all([open(directory), open(directory)]);
    await Promise.all([one.add({ token: "a", connections: records(5) }), two.add({ token: "b", connections: records(5, 6) })]);
    await one.close();
    expect(await all(two)).toHaveLength(10);
    await two.close();
    await directory.ended();
    expect(existsSync(placeOf(directory.path).socket)).toBe(false);
    expect(directory.pid()).toBeNull();
  });

  test("a data directory with a long name has its socket elsewhere", async () => {
    const long = dataDirectory(`bulkhead-${"x".repeat(120)}-`);
    const archive = await open(long);
    expect(placeOf(long.path).socket.startsWith(long.path)).toBe(false);
    await archive.close();
    await long.remove();
  });

  test("whoever leaves before it is greeted harms nobody", async () => {
    const archive = await open(directory);
    const pid = directory.pid();
    for (let round = 0; round < 20; round += 1) {
      const sockets = Array.from({ length: 20 }, () => createConnection(placeOf(directory.path).socket));
      for (const [at, socket] of sockets.entries()) {
        socket.on("error", () => undefined);
        if (at % 2 === 0) socket.destroy();
        else socket.on("connect", () => socket.destroy());
      }
      await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on("close", resolve))));
    }
    expect(await archive.add({ token: "a", connections: records(1) })).toBe(1);
    expect(directory.pid()).toBe(pid);
    await archive.close();
  });

  test("nonsense on the socket harms nobody", async () => {
    const archive = await open(directory);
    for (const bytes of [Buffer.alloc(64, 255), Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 110, 117, 108, 108]), Buffer.from([9, 0])]) {
      const socket = createConnection(placeOf(directory.path).socket);
      socket.on("error", () => undefined);
      socket.resume();
      socket.end(bytes);
      await new Promise((resolve) => socket.on("close", resolve));
    }
    expect(await archive.add({ token: "a", connections: records(1) })).toBe(1);
    await archive.close();
  });
});

test("a batch log forgets nothing that was done, and counts on", () => {
  const directory = dataDirectory();
  const path = join(directory.path, "batches.log");
  const log = new BatchLog(path);
  const head = "0".repeat(64);
  expect(log.begin(["a", "b"].map((token) => ({ token, head })))).toBe(1);
  log.finish();
  log.begin([{ token: "c", head }]);
  log.close();
  const again = new BatchLog(path);
  expect([again.isKnown("a"), again.isKnown("b"), again.isKnown("c"), again.unfinished(), again.last]).toEqual([true, true, false, [3], 3]);
  expect([again.withHead(head), again.withHead("1".repeat(64)), again.withHead(noHead)]).toEqual([[1, 2], [], []]);
  again.close();
  return directory.remove();
});
