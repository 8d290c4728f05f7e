import { expect, test } from "vitest";
import { declaredObservers } from "./declared-observers.ts";

const gap = { from: "2026-03-02T00:00:00Z", until: "2026-03-03T00:00:00Z" };
const source = (name: string, file: string, observer: string | null) => ({ source: name, file, observer, records: 1, first: null, last: null });
const outages = [{ since: Date.UTC(2026, 2, 2) * 1000, until: Date.UTC(2026, 2, 3) * 1000 }];

test("an observer is of the sensor whose name it bears, or in whose folder its file lay", () => {
  const sensors = [
    { name: "core", files: "flows/core/", gaps: [gap] },
    { name: "edge", files: "./flows/edge", sampling: 16, gaps: [] },
  ];
  const sources = [
    source("zeek-conn", "/far/away/flows/core/conn.log", null),
    source("ipfix", "elsewhere.ipfix", "edge"),
    source("aws-vpc", "/far/away/flows/corex/a.log", "eni-1"),
  ];
  expect([...declaredObservers(sensors, sources)]).toEqual([
    ["zeek-conn", { outages, isSampled: false }],
    ["edge", { outages: [], isSampled: true }],
  ]);
});

test("of an observer whose files are of unlike sensors, and of gaps that are no times, nothing is known", () => {
  const sensors = [
    { name: "a", files: "a", gaps: [gap] },
    { name: "b", files: "b", gaps: [null, 7, { from: "yesterday", until: {} }] },
  ];
  expect(declaredObservers(sensors, [source("zeek-conn", "a/1.log", null), source("zeek-conn", "b/1.log", null)]).size).toBe(0);
  expect(declaredObservers(sensors, [source("zeek-conn", "b/1.log", null)]).get("zeek-conn")).toEqual({ outages: [], isSampled: false });
});
