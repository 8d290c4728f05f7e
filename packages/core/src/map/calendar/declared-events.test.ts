import { expect, test } from "vitest";
import { midnightOf } from "../../base/instant.ts";
import type { DeclaredCycle } from "../completeness/declared-cycle.ts";
import { lived, monday } from "../completeness/testing/lived.ts";
import { datedAt, type DeclaredEvent, eventsSeen, unseenEvents } from "./declared-events.ts";

const cycle = (name: string, dates: readonly number[], app: string | null = null): DeclaredCycle => ({ name, kind: "irregular", app, dates });
const life = { seed: 5, days: 60, ordinary: 200, monthEnd: 12 };

test("an event is recorded when a sensor was up on its date, with what showed itself only then", () => {
  const world = lived({ ...life, cycles: [cycle("month end", [29, 59, 90]), cycle("drill", [40])] });
  const [monthEnd, drill] = eventsSeen(world);
  expect(monthEnd).toMatchObject({ state: "recorded", recorded: [29, 59], missed: [], next: 90 });
  expect(monthEnd!.only).toBeGreaterThanOrEqual(12);
  expect(monthEnd!.only).toBeGreaterThan(2 * monthEnd!.usual);
  // The control: on another day hardly anything shows itself for the only time.
  expect(drill!.only).toBeLessThan(5);
});

test("an event on whose dates no sensor was up was missed, one that is to come is not yet seen, one without dates cannot be looked for", () => {
  const world = lived({ ...life, cycles: [cycle("outage", [29]), cycle("year end", [-40, 100]), cycle("past", [-40]), cycle("office hours", [])] });
  const dark = { ...world, inSight: world.inSight.map((_, at) => (at === 29 ? 0.2 : 1)) };
  expect(eventsSeen(dark).map(({ state, next }) => [state, next])).toEqual([
    ["missed", null],
    ["not yet", 100],
    ["not yet", null],
    ["undated", null],
  ]);
  expect(eventsSeen(world)[0]!.state).toBe("recorded");
});

test("of a release only what its application does counts", () => {
  const world = lived({ ...life, cycles: [cycle("release", [29, 59], "a1"), cycle("all", [29, 59])] });
  const [release, all] = eventsSeen(world);
  expect(release!.only).toBeLessThan(all!.only);
});

test("rules get their dates a year to both sides", () => {
  const patches: DeclaredEvent = { name: "patch day", kind: "patch-day", app: null, dates: [], every: "second tuesday" };
  const dates = datedAt([patches], midnightOf("2026-06-01")!)[0]!.dates.map((at) => new Date(at * 86_400_000).toISOString().slice(0, 10));
  expect(dates).toContain("2026-06-09");
  expect(dates).toContain("2025-07-08");
  expect(dates).toContain("2027-05-11");
});

test("an event is unseen when nothing was recorded on any of its dates, and days without a record are no days that were seen", () => {
  const cycles = [
    cycle("before", [monday - 1]),
    cycle("first", [monday]),
    cycle("dark", [monday + 4]),
    cycle("either", [monday + 4, monday + 9]),
    cycle("never", []),
  ];
  const names = unseenEvents(cycles, new Set([monday, monday + 9])).map(({ name }) => name);
  expect(names).toEqual(["before", "dark"]);
});
