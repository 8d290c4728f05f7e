import { expect, test } from "vitest";
import { stratifiedSample } from "./stratified-sample.ts";

/** How often each of a hundred was kept, over a thousand seeds, of which two classes of unlike size were offered. */
function keptOften(place: (seed: number) => number): readonly number[] {
  const often = Array.from({ length: 100 }, () => 0);
  for (let seed = 0; seed < 1000; seed += 1) {
    const sample = stratifiedSample<number>({ ofEachClass: 10, seed: place(seed) });
    for (let item = 0; item < 100; item += 1) sample.offer("many", item);
    for (let item = 0; item < 3; item += 1) sample.offer("few", -1);
    const kept = sample.kept();
    expect([sample.offered(), kept.length, kept.filter((item) => item === -1).length]).toEqual([103, 13, 3]);
    for (const item of kept) if (item >= 0) often[item]! += 1;
  }
  return often;
}

test("each member of a class has the same chance, and a small class is there whole", () => {
  const often = keptOften((seed) => seed);
  // 100 are expected of each, with a deviation of 9.5: beyond 50 is no chance.
  expect(often.every((count) => Math.abs(count - 100) < 50)).toBe(true);
  // The control: one seed again and again is seen.
  expect(keptOften(() => 1).every((count) => Math.abs(count - 100) < 50)).toBe(false);
});
