import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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
