import { Failure } from "@bulkhead/core/base/failure";
import type { Connection } from "@bulkhead/core/model/connection";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asDeclared, keepSensors, keptSensors, readSensors, sensorFinder } from "./sensors.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-sensors-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const declared = (content: unknown): string => {
  const path = join(dir, "sensors.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

test("the longest declared path that leads to a file names its sensor", () => {
  const path = declared({
    sensors: [{ name: "all", files: "flows" }, { name: "core", files: "flows/core" }, { name: "one", files: "flows/core/a.log" }, { name: "nowhere" }],
  });
  const sensorOf = sensorFinder(path, readSensors(path));
  const named = (...parts: readonly string[]) => sensorOf(join(dir, ...parts))?.name;
  expect(named("flows", "x.log")).toBe("all");
  expect(named("flows", "core", "b.log")).toBe("core");
  expect(named("flows", "core", "a.log")).toBe("one");
  expect(named("flows-of-others", "x.log")).toBe(undefined);
});

test("a declaration speaks only where the record is silent", () => {
  const silent = { observer: null, sampling: null } as Connection;
  expect(asDeclared(silent, { name: "core", sampling: 16 })).toEqual({ observer: "core", sampling: 16 });
  expect(asDeclared({ ...silent, observer: "eni-1", sampling: 4 }, { name: "core", sampling: 16 })).toEqual({ observer: "eni-1", sampling: 4 });
  expect(asDeclared({ ...silent, observer: "eni-1" }, { name: "core" })).toEqual({ observer: "eni-1", sampling: null });
});

test("sensors are kept by name, with what we do not know of them, and the later declaration counts", () => {
  expect(keptSensors(dir)).toEqual([]);
  const data = join(dir, "data");
  keepSensors(data, [{ name: "core", gaps: [{ from: "x" }] }, { name: "edge" }]);
  keepSensors(data, [{ name: "edge", sampling: 8 }]);
  expect(keptSensors(data)).toEqual([
    { name: "core", gaps: [{ from: "x" }] },
    { name: "edge", sampling: 8 },
  ]);
});

test.each([
  ["no JSON", "{", "it is not JSON"],
  ["null", "null", "no list `sensors`"],
  ["no list", { sensors: {} }, "no list `sensors`"],
  ["too many", { sensors: Array.from({ length: 10_001 }, (_, at) => ({ name: `s${at}` })) }, "no list `sensors`"],
  ["no object", { sensors: [null] }, "sensor 1 has no name"],
  ["no name", { sensors: [{ name: "a" }, { name: "" }] }, "sensor 2 has no name"],
  ["no path", { sensors: [{ name: "a", files: 7 }] }, "`files` of a is no path"],
  ["half a packet", { sensors: [{ name: "a", sampling: 0.5 }] }, "`sampling` of a is neither null nor N"],
])("what is no declaration is refused in words: %s", (_, content, why) => {
  const path = declared(content);
  expect(() => readSensors(path)).toThrow(Failure);
  expect(() => readSensors(path)).toThrow(why);
});

test("a declaration that is not there, or is a directory, is refused in words", () => {
  expect(() => readSensors(join(dir, "absent.json"))).toThrow("it cannot be read (ENOENT)");
  expect(() => readSensors(dir)).toThrow("it cannot be read (EISDIR)");
});
