import { expect, test } from "vitest";
import { gammaInterval, wilson } from "./interval.ts";

test("the gamma interval is that of the tables", () => {
  // Gamma with shape 10 and scale 1: 5 % at 5.425, 95 % at 15.705; shape 4: 1.366 and 7.754.
  expect(gammaInterval({ mean: 10, variance: 10 })).toEqual({ dependencies: 10, low: 5, high: 16 });
  expect(gammaInterval({ mean: 4, variance: 4 })).toEqual({ dependencies: 4, low: 1, high: 8 });
});

test("nothing expected is nothing, with room for doubt, and never below zero", () => {
  expect(gammaInterval({ mean: 0, variance: 0 })).toEqual({ dependencies: 0, low: 0, high: 0 });
  const { low, high } = gammaInterval({ mean: 0.3, variance: 1 });
  expect([low, high >= 1]).toEqual([0, true]);
});

test("Wilson's interval is that of the book, and nothing is known of nothing", () => {
  const { low, high } = wilson(98, 100)!;
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(["0.9300", "0.9945"]);
  expect(wilson(0, 0)).toBeNull();
});
