import { expect, test } from "vitest";
import { day, hour } from "../../base/instant.ts";
import { sightsOver } from "./sight.ts";
import { expectedNew } from "./mixture.ts";
import { lived, monday } from "./testing/lived.ts";

const at = (days: number): number => (monday + days) * day;
const down = (from: number, until: number, isSampled = false) => ({ outages: [{ since: at(from), until: at(until) }], isSampled });
const over = { origin: monday, days: 10 };

test("a dependency is out of sight while all who report it are down", () => {
  const sights = sightsOver(
    over,
    new Map([
      ["core", down(2, 4)],
      ["cloud", down(3, 3.5)],
    ]),
  );
  const shareOf = (...names: readonly string[]): readonly number[] => sights.shares[sights.of(names)]!.slice(1, 5);
  expect(shareOf("core")).toEqual([1, 0, 0, 1]);
  expect(shareOf("cloud")).toEqual([1, 1, 0.5, 1]);
  expect(shareOf("core", "cloud")).toEqual([1, 1, 0.5, 1]);
  expect(shareOf("core", "nobody declared")).toEqual([1, 1, 1, 1]);
  expect([sights.of([]), sights.of(["nobody declared"])]).toEqual([0, 0]);
});

test("who looks at one packet in many keeps nothing in sight that another sees whole", () => {
  const sights = sightsOver(
    over,
    new Map([
      ["core", down(2, 4)],
      ["edge", down(9, 9.5, true)],
    ]),
  );
  expect(sights.of(["core", "edge"])).toBe(sights.of(["core"]));
  expect(sights.shares[sights.of(["edge"])]![3]).toBe(1);
});

test("an outage that ends before it begins, or lies elsewhere, takes nothing away", () => {
  const sights = sightsOver(
    over,
    new Map([
      [
        "core",
        {
          outages: [
            { since: at(5), until: at(4) },
            { since: at(-9), until: at(-8) },
            { since: at(1), until: at(1) + hour / 4 },
          ],
          isSampled: false,
        },
      ],
    ]),
  );
  expect(sights.of(["core"])).toBe(0);
});

test("however many sets of observers there are, lines of sight are few", () => {
  const observers = new Map(Array.from({ length: 200 }, (_, one) => [`o${one}`, down(1 + (one % 9), 1.5 + (one % 9) + one / 400)]));
  const sights = sightsOver(over, observers);
  for (const name of observers.keys()) sights.of([name]);
  expect(sights.shares.length).toBeLessThanOrEqual(32);
});

test("what came into sight when a sensor came back is not taken for novelty", () => {
  const world = lived({ seed: 31, days: 28, ordinary: 400 });
  // A sensor that is down for the first five days, and sees half of everything afterwards.
  const blind = world.dependencies
    .map((one, index) => (index % 2 === 0 ? one : { ...one, days: one.days.filter((when) => when >= 5) }))
    .filter(({ days }) => days.length > 0);
  const told = {
    ...world,
    sights: [world.sights[0]!, world.sights[0]!.map((_, when) => (when < 5 ? 0 : 1))],
    dependencies: blind.map((one) => ({ ...one, sight: one.days[0]! >= 5 ? 1 : 0 })),
  };
  const novelty = (of: typeof world): number => expectedNew(of, of.dependencies, { horizon: 7 }).byFamily["new"]!;
  expect(novelty(told)).toBeLessThan(3);
  // Positive control: nobody declared the outage.
  expect(novelty({ ...world, dependencies: blind })).toBeGreaterThan(10);
});
