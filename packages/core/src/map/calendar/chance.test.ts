import { expect, test } from "vitest";
import { chanceOfHits, greatestNamed } from "./chance.ts";

test("Fisher's exact test is that of the book", () => {
  // The lady tasting tea: all four of four cups out of eight, 1 in 70; three or more, 17 in 70 (Fisher 1935).
  expect(chanceOfHits({ all: 8, chosen: 4, drawn: 4, hits: 4 })).toBeCloseTo(1 / 70, 12);
  expect(chanceOfHits({ all: 8, chosen: 4, drawn: 4, hits: 3 })).toBeCloseTo(17 / 70, 12);
  expect(chanceOfHits({ all: 8, chosen: 4, drawn: 4, hits: 0 })).toBeCloseTo(1, 12);
  expect(chanceOfHits({ all: 3, chosen: 3, drawn: 2, hits: 2 })).toBeCloseTo(1, 12);
});

test("how much may be named is Benjamini and Hochberg's own example", () => {
  // Benjamini and Hochberg 1995, §4.1: of these fifteen the first four are rejected at 5 %, by Bonferroni three.
  const theirs = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
  expect(greatestNamed([...theirs].reverse(), 0.05)).toBe(0.0095);
  expect(greatestNamed([0.2, 0.9], 0.05)).toBeNull();
  expect(greatestNamed([], 0.05)).toBeNull();
});
