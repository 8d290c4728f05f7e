import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { declareEvents, eventsIn, type KeptEvent, withdrawEvent } from "./events.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-events-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const said = { by: "Ann", at: "2026-11-28T12:00:00Z", because: "it is so" };
const event = (name: string, dates: readonly number[] = [20_000]): KeptEvent => ({ name, kind: "audit", app: null, dates, every: null, ...said });
const names = async (): Promise<readonly string[]> => (await eventsIn(dir)).map(({ name }) => name);
const path = (): string => join(dir, "calendar.jsonl");

test("of a name the last word stands, and what was withdrawn stands no more", async () => {
  await declareEvents(dir, [event("audit"), event("drill")]);
  await declareEvents(dir, [event("audit", [20_001])]);
  expect(await eventsIn(dir)).toEqual([event("audit", [20_001]), event("drill")]);
  await withdrawEvent(dir, { name: "audit", ...said });
  expect(await names()).toEqual(["drill"]);
  await declareEvents(dir, [event("audit")]);
  expect(await names()).toEqual(["drill", "audit"]);
  expect(readFileSync(path(), "utf8").trimEnd().split("\n")).toHaveLength(5);
});

test("a file that no person can have written is refused before it is read", async () => {
  await declareEvents(dir, [event("audit")]);
  truncateSync(path(), (256 << 20) + 1);
  await expect(eventsIn(dir)).rejects.toThrow("larger than 256 MiB");
});

test("of several who declare at once, nobody breaks the chain of another", async () => {
  const all = Array.from({ length: 8 }, (_, at) => `event ${at}`);
  await Promise.all(all.map((name) => declareEvents(dir, [event(name)])));
  expect([...(await names())].sort()).toEqual(all);
  // The control: two lines behind the same one are refused.
  const lines = readFileSync(path(), "utf8").trimEnd().split("\n");
  writeFileSync(path(), `${[...lines, lines.at(-1)!].join("\n")}\n`);
  await expect(eventsIn(dir)).rejects.toThrow("line 9 of");
});

test("an addition that was cut short at any byte takes nothing with it, and the next one takes its place", async () => {
  await declareEvents(dir, [event("audit")]);
  const before = readFileSync(path());
  await declareEvents(dir, [event("prüfung")]);
  const after = readFileSync(path());
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (let size = before.length; size < after.length; size += 1) {
    writeFileSync(path(), after.subarray(0, size));
    expect(await names()).toEqual(["audit"]);
    await declareEvents(dir, [event("prüfung")]);
    expect(readFileSync(path()).equals(after)).toBe(true);
  }
  // Nothing is behind the first line where it was cut at its end.
  expect(said).toHaveBeenCalledTimes(after.length - before.length - 1);
  expect(said).toHaveBeenLastCalledWith(expect.stringMatching(/^the last \d+ bytes of .* are an event of the calendar that was never finished/));
  said.mockRestore();
  // The control: a line that ends is held against the one before, finished or not.
  writeFileSync(path(), `${after.subarray(0, -9).toString()}\n`);
  await expect(names()).rejects.toThrow("line 2 of");
});

test("where the disk is full, what was kept stands as it was", async () => {
  await declareEvents(dir, [event("audit")]);
  const before = readFileSync(path());
  const source = fileURLToPath(new URL("../../dist/calendar/events.js", import.meta.url));
  const adding = `import { declareEvents } from ${JSON.stringify(source)}; await declareEvents(${JSON.stringify(dir)}, [${JSON.stringify(event("x".repeat(2000)))}]);`;
  // No file may grow beyond a KiB; the signal that says so is ignored, and the write fails in the middle.
  const { status, stderr } = spawnSync("bash", ["-c", `trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module -e "$1"`, process.execPath, adding], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining("cannot be kept in")]);
  expect(readFileSync(path()).equals(before)).toBe(true);
});
