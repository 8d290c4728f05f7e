import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import { recommend } from "./recommend.ts";
import { sumLines } from "./segment-sums.ts";
import { machine, seen } from "./testing/estate.ts";

const machines = ["a/prod/web", "a/prod/db", "b/prod/web", "/prod/odd"].map((text) => machine(text));
const habit = { ...seen("a-prod-web", "a-prod-db", "tcp/5432"), last: 28 * day };
const once = seen("b-prod-web", "a-prod-web", "tcp/443");

test("each segment says how much its rules open, how much of it was seen, and how many dependencies are still to be expected", () => {
  const made = recommend([habit, once], machines);
  const { segments, files } = made;
  expect(segments).toMatchObject([
    // One of two was seen within one day only, in 28 days: half as many in fourteen.
    { name: "a-prod", workloads: 2, rules: 2, likely: 0, pairs: 2, excess: 0, dependencies: 2, once: 1, toCome: 1 },
    { name: "b-prod", workloads: 1, rules: 0, dependencies: 1, once: 1, toCome: 1 },
  ]);
  expect(files.find(({ path }) => path === "a-prod.yaml")!.text).toContain("1 of 2 dependencies were seen within one day only, so at most about 1 more");
  expect(sumLines(made, machines)).toEqual([
    "2 segments with 3 workloads and 2 rules of their own: 0 of 2 pairs of machines and services that they open were not seen",
    "1 of 4 workloads state no app or no env: no policy guards them, and between those of one zone all stays open, unless it is closed; `bulkhead inventory suggest` says what they may be",
  ]);
});

test("of less than a week nobody says how much is still to come", () => {
  const { segments, files } = recommend([once], machines);
  expect(segments.map(({ toCome }) => toCome)).toEqual([null, null]);
  expect(files.map(({ text }) => text).join("")).not.toContain("to be expected");
});

test("what a rule opens beyond what was seen is the excess of its segment, and the widest is named first", () => {
  const wide = { ...machine("a/prod/web"), id: "second" };
  const made = recommend([habit], [...machines, wide]);
  expect(made.segments[0]).toMatchObject({ pairs: 2, excess: 1 });
  expect(sumLines(made, machines)[1]).toBe("  most in a-prod (1 of 2)");
});
