import { expect, test } from "vitest";
import { lineOf, newborn, rhythm } from "./component.ts";

const plain = (chances: readonly number[]) => chances.map((chance) => ({ whole: chance, visible: chance }));
const chances = Array.from({ length: 35 }, (_, day) => (day % 7 < 5 ? 0.2 : 0.01));

test("the chance of being silent until now is the chance of showing itself soon and of silence until the end", () => {
  for (const unit of [1, 2]) {
    const line = lineOf({ days: 28, horizon: 7, unit });
    const one = rhythm("any", plain(chances), line);
    const silentToTheEnd = chances.reduce((product, chance) => product * (1 - chance), 1);
    expect(one.unseen(0) - one.appearing(0)).toBeCloseTo(silentToTheEnd, 12);
    expect(one.unseen(0)).toBeCloseTo(
      chances.slice(0, 28).reduce((product, chance) => product * (1 - chance), 1),
      12,
    );
  }
});

test("the chances of all patterns of four days add up to one", () => {
  const line = lineOf({ days: 4, horizon: 2, unit: 1 });
  const one = rhythm("any", plain([0.3, 0.1, 0.6, 0.2, 0.5, 0.5]), line);
  const born = newborn(0.4, [true, true, true, true], line);
  const total = { rhythm: one.unseen(0), newborn: born.unseen(0) };
  for (let pattern = 1; pattern < 16; pattern += 1) {
    const units = [0, 1, 2, 3].filter((day) => (pattern >> day) & 1);
    total.rhythm += Math.exp(one.logChance({ since: 0, units }));
    total.newborn += Math.exp(born.logChance({ since: 0, units }));
  }
  expect(total.rhythm).toBeCloseTo(1, 9);
  expect(total.newborn).toBeCloseTo(1, 9);
});

test("days that nobody watched prove nothing", () => {
  const line = lineOf({ days: 4, horizon: 1, unit: 1 });
  expect(
    rhythm(
      "any",
      [1, 0, 0, 1, 1].map((share) => ({ whole: 0.5, visible: 0.5 * share })),
      line,
    ).unseen(0),
  ).toBeCloseTo(0.25, 12);
});

test("units end with the last day that was watched", () => {
  const line = lineOf({ days: 5, horizon: 3, unit: 2 });
  expect([line.past, line.all, line.unitOf(0), line.unitOf(4), line.unitOf(5), line.unitOf(7)]).toEqual([3, 5, 0, 2, 3, 4]);
});
