import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowArchive } from "@bulkhead/core/outside";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectionOf } from "../sources/record.ts";
import { memoryArchive } from "../stores/memory/archive.ts";
import { type Fed, heardAgain, newFed, silentSince, withDecoded } from "./fed.ts";
import { feedsOf } from "./feeds.ts";
import { Spool, spoolOf } from "./spool.ts";
import { takeIn } from "./take-in.ts";

let data = "";
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "bulkhead-spool-"));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const connection = (record: number): Connection =>
  connectionOf({
    source: "netflow",
    file: "netflow 192.0.2.1",
    record,
    client: "10.0.0.7",
    server: "10.0.0.9",
    protocol: "tcp",
    serverPort: 443,
    first: record * 1e6,
    last: record * 1e6,
  });
const connections = (...records: readonly number[]): readonly Connection[] => records.map(connection);
const fed = (records: number): Fed => ({ ...newFed({ name: "netflow 192.0.2.1", format: "netflow" }, 1_000_000), records });
const opened = (): Spool => Spool.open(data, { feed: "listen netflow", name: "listen-1", now: 7_000_000 });
const path = (): string => join(spoolOf(data), "listen-1");
const open = (): string => join(path(), readdirSync(path()).find((name) => name.endsWith(".open")) ?? "none");

/** A writer that is killed: its lock names a process that is gone, its segment stays open. */
function killed(): void {
  writeFileSync(join(path(), "lock"), JSON.stringify({ pid: 2 ** 22 - 1, since: "then", began: "1" }));
}

async function recordsIn(archive: FlowArchive): Promise<readonly number[]> {
  const records: number[] = [];
  for await (const portion of archive.connections({})) records.push(...portion.map(({ record }) => record));
  return records.sort((a, b) => a - b);
}

test("what was appended is taken in once, however often and by however many it is taken", async () => {
  const spool = opened();
  const archive = memoryArchive();
  await spool.append(connections(1, 2), [fed(2)]);
  expect(await takeIn(data, archive)).toBe(2);
  await spool.append(connections(3), [fed(3)]);
  await Promise.all([takeIn(data, archive), takeIn(data, archive)]);
  await spool.rotate();
  await spool.append(connections(4), [fed(4)]);
  await spool.close();
  await Promise.all([takeIn(data, archive), takeIn(data, archive), takeIn(data, archive)]);
  expect(await recordsIn(archive)).toEqual([1, 2, 3, 4]);
  expect(readdirSync(path())).toEqual(["state.json"]);
});

test("an archive that forgets tokens would hold everything twice: the test above sees it", async () => {
  const spool = opened();
  const held: number[] = [];
  const forgetful: Pick<FlowArchive, "add"> = {
    add: async (batch) => {
      held.push(...batch.connections.map(({ record }) => record));
      return batch.connections.length;
    },
  };
  await spool.append(connections(1), [fed(1)]);
  await takeIn(data, forgetful);
  await takeIn(data, forgetful);
  await spool.close();
  expect(held).toEqual([1, 1]);
});

test("a writer that is killed loses nothing that it acknowledged, and the half that it was writing is not believed", async () => {
  const spool = opened();
  await spool.append(connections(1), [fed(1)]);
  await spool.append(connections(2), [fed(2)]);
  const whole = readFileSync(open()).length;
  await spool.append(connections(3), [fed(3)]);
  truncateSync(open(), readFileSync(open()).length - 5);
  killed();
  const archive = memoryArchive();
  expect(await takeIn(data, archive)).toBe(2);
  const again = opened();
  expect(again.fed.get("netflow 192.0.2.1")?.records).toBe(2);
  expect(readdirSync(path()).filter((name) => name.endsWith(".segment"))).toHaveLength(1);
  expect(readFileSync(join(path(), readdirSync(path())[0]!)).length).toBe(whole);
  // Its segment has been ended by the next: all that is left of it is a descriptor.
  await expect(spool.close()).rejects.toThrow(/ENOENT/);
  await again.append(connections(4), [fed(4)]);
  await again.close();
  await takeIn(data, archive);
  expect(await recordsIn(archive)).toEqual([1, 2, 4]);
});

test("segments that are numbered anew after everything was lost are others: nothing of them is taken for known", async () => {
  const archive = memoryArchive();
  for (const record of [1, 2]) {
    const spool = opened();
    await spool.append(connections(record), [fed(record)]);
    await spool.close();
    await takeIn(data, archive);
    rmSync(path(), { recursive: true });
  }
  expect(await recordsIn(archive)).toEqual([1, 2]);
});

test("two feeds of one name are refused in words", async () => {
  const spool = opened();
  expect(opened).toThrow(/listen netflow runs already \(process \d+/);
  await spool.close();
  await opened().close();
});

test("a segment that is damaged in its middle is kept aside and named, and what stands before the damage counts", async () => {
  const spool = opened();
  await spool.append(connections(1), [fed(1)]);
  await spool.rotate();
  const [name = ""] = readdirSync(path()).filter((one) => one.endsWith(".segment"));
  appendFileSync(join(path(), name), "not a frame");
  const archive = memoryArchive();
  expect(await takeIn(data, archive)).toBe(1);
  expect(await takeIn(data, archive)).toBe(0);
  expect(feedsOf(data)[0]?.damaged).toEqual([join(path(), `${name}.damaged`)]);
  await spool.close();
});

const canMount = process.getuid?.() === 0 && spawnSync("mount", ["--help"]).status === 0;
if (!canMount) process.stderr.write("a full disk is not tried here: a small file system to fill needs root\n");

test.skipIf(!canMount)("on a full disk nothing half written stays, what comes waits, and it is taken when there is room", async (context) => {
  const small = join(data, "small");
  mkdirSync(small);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "bulkhead-test", small]).status !== 0) return context.skip("no file system can be mounted here");
  try {
    const spool = Spool.open(small, { feed: "listen netflow", name: "listen-1", now: 0 });
    writeFileSync(join(small, "filler"), new Uint8Array(100_000));
    const many = Array.from({ length: 500 }, (_, at) => connection(at + 1));
    const kept: boolean[] = [];
    for (let frame = 0; frame < 6; frame += 1) kept.push(await spool.append(many, [fed(frame)]));
    expect(kept[0]).toBe(true);
    expect(kept.at(-1)).toBe(false);
    const archive = memoryArchive();
    expect(await takeIn(small, archive)).toBe(500 * kept.filter((one) => one).length);
    await spool.rotate();
    rmSync(join(small, "filler"));
    expect(await spool.append(connections(9000), [fed(7)])).toBe(true);
    await spool.close();
    expect(await takeIn(small, archive)).toBe(1);
  } finally {
    spawnSync("umount", [small]);
  }
});

test("what a source is known by is there while its feed runs, and after it was killed", async () => {
  const spool = opened();
  await spool.append(connections(1), [fed(1)]);
  expect(feedsOf(data)).toMatchObject([{ feed: "listen netflow", isRunning: true, started: 7_000_000, fed: [{ records: 1 }] }]);
  killed();
  expect(feedsOf(data)).toMatchObject([{ isRunning: false, fed: [{ records: 1 }] }]);
  const again = opened();
  await expect(spool.close()).rejects.toThrow(/ENOENT/);
  await again.close();
  expect(feedsOf(data)).toMatchObject([{ started: 7_000_000, spooledBytes: expect.any(Number) as number, fed: [{ records: 1 }] }]);
});

test("a source that usually speaks every minute is silent after three, and one that spoke once is not", () => {
  const minute = 60_000_000;
  let source = newFed({ name: "netflow 192.0.2.1", format: "netflow" }, 0);
  expect(silentSince(source, 100 * minute)).toBeNull();
  for (let at = 1; at <= 20; at += 1) source = heardAgain(heardAgain(source, at * minute), at * minute + 1000);
  expect(source.usual).toBe(minute);
  expect(silentSince(source, 22 * minute)).toBeNull();
  expect(silentSince(source, 24 * minute)).toBe(20 * minute);
});

test("a source that invents reasons without end fills no memory", () => {
  let source = newFed({ name: "x", format: "sflow" }, 0);
  for (let at = 0; at < 1000; at += 1) source = withDecoded(source, [{ kind: "notice", reason: `reason ${at}`, count: 2 }]);
  expect(Object.keys(source.notices).length).toBe(51);
  expect(Object.values(source.notices).reduce((sum, count) => sum + count, 0)).toBe(2000);
});
