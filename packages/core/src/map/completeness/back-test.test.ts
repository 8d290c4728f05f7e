import { expect, test } from "vitest";
import { triedForecast } from "./back-test.ts";
import { lived } from "./testing/lived.ts";
import { watchedUntil } from "./watched.ts";

const world = lived({ seed: 21, days: 42, ordinary: 500 });

test("what would have been said earlier stands beside what came", () => {
  const { forecast, trials } = triedForecast(world, 7);
  expect(forecast.kind).toBe("estimate");
  expect(trials.map(({ from }) => from)).toEqual([7, 14, 21, 28, 35].filter((from) => trials.some((one) => one.from === from)));
  expect(trials.filter(({ said }) => said !== null).length).toBeGreaterThanOrEqual(4);
  for (const { from, came } of trials) expect(came).toBe(world.dependencies.filter(({ days }) => days[0]! >= from && days[0]! < from + 7).length);
});

test("an earlier answer knows nothing of later days", () => {
  const { trials } = triedForecast(world, 7);
  // The future is another one: nothing is ever seen again after day 21.
  const ended = { ...world, dependencies: watchedUntil(world, 21).dependencies };
  const other = triedForecast(ended, 7).trials;
  for (const from of [14, 21]) expect(other.find((one) => one.from === from)?.said).toEqual(trials.find((one) => one.from === from)?.said);
  expect(other.find((one) => one.from === 28)?.said).not.toEqual(trials.find((one) => one.from === 28)?.said);
});

test("where the estimate was wrong before, its interval is wider now", () => {
  // A burst that nobody could foresee, in the fourth week.
  const burst = Array.from({ length: 150 }, (_, at) => ({
    client: `g${at % 40}`,
    server: "g1",
    service: `udp/${at}`,
    days: [23, 30, 37],
    hours: [],
    since: 0,
    sight: 0,
  }));
  const width = (of: typeof world): number => {
    const { forecast } = triedForecast(of, 7);
    return forecast.kind === "silent" ? NaN : forecast.moments.variance / forecast.moments.mean;
  };
  expect(width({ ...world, dependencies: [...world.dependencies, ...burst] })).toBeGreaterThan(width(world));
});
