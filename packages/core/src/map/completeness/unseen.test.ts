import { expect, test } from "vitest";
import { chances, type Life, lived, monday } from "./testing/lived.ts";
import { comingText, forecast, type Forecast } from "./unseen.ts";
import { newBetween, type Watched, watchedUntil } from "./watched.ts";

const seeds = Array.from({ length: 40 }, (_, at) => at + 1);

/** The estimate after `until` days, and what really came. */
function asked(life: Life, { until, horizon }: { readonly until: number; readonly horizon: number }) {
  const world = lived(life);
  return { said: forecast(watchedUntil(world, until), { horizon }), came: newBetween(world, { from: until, until: until + horizon }) };
}

/** In how many worlds the number lay between the bounds, after these were drawn together. */
function held(worlds: readonly { readonly said: Forecast; readonly came: number }[], factor = 1): number {
  return worlds.filter(({ said, came }) => {
    if (said.kind === "silent") throw new Error(said.why);
    const { dependencies, low, high } = said.interval;
    return dependencies - (dependencies - low) * factor <= came && came <= dependencies + (high - dependencies) * factor;
  }).length;
}

// Of 40 worlds a calibrated interval holds in fewer than 31 once in a hundred times.
const heldLeast = 31;
const steady = seeds.map((seed) => asked({ seed, days: 35, ordinary: 500 }, { until: 28, horizon: 7 }));
const visited = seeds.map((seed) => asked({ seed, days: 28, ordinary: 300, visited: 15 }, { until: 21, horizon: 7 }));

test("where nothing changes, nine intervals in ten hold what comes", () => {
  expect(held(steady)).toBeGreaterThanOrEqual(heldLeast);
});

test("positive control: half the width does not hold", () => {
  expect(held(steady, 0.4)).toBeLessThan(heldLeast);
});

test("the estimate is neither too high nor too low over many networks", () => {
  const said = steady.reduce((sum, one) => sum + (one.said.kind === "estimate" ? one.said.moments.mean : NaN), 0);
  const came = steady.reduce((sum, one) => sum + one.came, 0);
  expect(said / came).toBeGreaterThan(0.9);
  expect(said / came).toBeLessThan(1.15);
});

test("an administrator who comes in visits is expected to come in visits", () => {
  expect(held(visited)).toBeGreaterThanOrEqual(heldLeast);
  for (const { said } of visited.slice(0, 5)) expect(said).toMatchObject({ parts: { visitors: [{ client: "bastion" }] } });
});

test("positive control: as independent cases the same visits are not expected", () => {
  // Each dependency of the visitor becomes one of a client of its own: nobody knows any more that they come together.
  const apart = seeds.map((seed) => {
    const world = lived({ seed, days: 28, ordinary: 300, visited: 15 });
    const hidden: Watched = {
      ...world,
      dependencies: world.dependencies.map((one, at) => (one.client === "bastion" ? { ...one, client: `c${at}` } : one)),
    };
    return { said: forecast(watchedUntil(hidden, 21), { horizon: 7 }), came: newBetween(hidden, { from: 21, until: 28 }) };
  });
  expect(held(apart)).toBeLessThan(heldLeast);
});

// From 2026-03-02 on: 31 March is day 29, 30 April day 59.
const monthEnds = { name: "month end", kind: "monthly", app: null, dates: [29, 59] };

test("what comes on a declared day that was watched is expected on such days only", () => {
  const world = lived({ seed: 5, days: 37, ordinary: 500, monthEnd: 60, cycles: [monthEnds] });
  const known = forecast(world, { horizon: 7 });
  const unknown = forecast({ ...world, cycles: [] }, { horizon: 7 });
  const without = forecast(lived({ seed: 5, days: 37, ordinary: 500 }), { horizon: 7 });
  expect.assert(known.kind === "estimate" && unknown.kind === "estimate" && without.kind === "estimate");
  expect(Math.abs(known.moments.mean - without.moments.mean)).toBeLessThan(4);
  // Positive control: sixty that were seen once look like sixty rare ones.
  expect(unknown.moments.mean - without.moments.mean).toBeGreaterThan(8);
});

test("a declared month end that was never watched raises the estimate and widens it, and is named", () => {
  const world = lived({ seed: 6, days: 28, ordinary: 500 });
  const [with_, without] = [forecast({ ...world, cycles: [monthEnds] }, { horizon: 7 }), forecast(world, { horizon: 7 })];
  expect.assert(with_.kind === "estimate" && without.kind === "estimate");
  expect(with_.parts.declared.map(({ name }) => name)).toEqual(["month end"]);
  expect(with_.moments.mean).toBeGreaterThan(without.moments.mean);
  expect(with_.interval.high - with_.interval.low).toBeGreaterThan(without.interval.high - without.interval.low);
});

test("of a year end that nobody has watched nothing is said, and it is named", () => {
  const yearEnd = { name: "year end", kind: "yearly", app: null, dates: [30] };
  const world = lived({ seed: 6, days: 28, ordinary: 500, cycles: [yearEnd] });
  expect(forecast(world, { horizon: 7 })).toMatchObject({ kind: "silent", why: expect.stringContaining("year end") as string });
  expect(forecast(world, { horizon: 2 }).kind).toBe("estimate");
});

test("too few days, too long a horizon, too few dependencies and days that nobody watched are said", () => {
  const whyOf = (world: Watched, horizon: number): string => {
    const said = forecast(world, { horizon });
    return said.kind === "silent" ? said.why : "";
  };
  const world = lived({ seed: 7, days: 28, ordinary: 500 });
  expect(whyOf(watchedUntil(world, 13), 7)).toContain("13 days were watched");
  expect(whyOf(world, 29)).toContain("longer than the 28 days");
  expect(whyOf({ ...world, dependencies: world.dependencies.slice(0, 29) }, 7)).toContain("29 dependencies are too few");
  expect(whyOf({ ...world, isObserved: world.isObserved.map((_, day) => day % 2 === 0) }, 7)).toContain("only 14 were watched");
  expect(whyOf(world, 7)).toBe("");
});

test("an estimate is not given where days and stretches of two days disagree", () => {
  // Everybody comes for two days and goes: by days all were seen twice, by stretches of two days once.
  const next = chances(9);
  const world = lived({ seed: 9, days: 28, ordinary: 0 });
  const stays = (length: number) =>
    Array.from({ length: 400 }, (_, at) => {
      const from = 2 * Math.floor(next() * 14);
      return {
        client: `g${at % 40}`,
        server: `g${(at * 3 + 1) % 40}`,
        service: `tcp/${at}`,
        days: length === 1 ? [from] : [from, from + 1],
        hours: [],
        since: 0,
        sight: 0,
      };
    });
  expect(forecast({ ...world, dependencies: stays(2) }, { horizon: 7 })).toMatchObject({
    kind: "silent",
    why: expect.stringMatching(/unit of presence .* by days the estimate is [\d to]+, counted by stretches of two days [\d.]+$/) as string,
  });
  // Positive control: one day is one day in both.
  expect(forecast({ ...world, dependencies: stays(1) }, { horizon: 7 }).kind).toBe("estimate");
});

test("an estimate of one is said of one", () => {
  expect(comingText({ dependencies: 1, low: 0, high: 3 }, 1)).toMatch(/^In the next day about 1 dependency will .* ten 0 to 3\.$/);
  expect(comingText({ dependencies: 0, low: 0, high: 0 }, 7)).toMatch(/^In the next 7 days about 0 dependencies will .* ten 0\.$/);
});

test("an application that came two weeks ago does not make the old ones look restless", () => {
  const world = lived({ seed: 8, days: 28, ordinary: 500, origin: monday });
  const ages = Array.from({ length: 14 }, (_, at) => 14 + at);
  const young = Array.from({ length: 100 }, (_, at) => ({
    client: "n0",
    server: `n${1 + (at % 9)}`,
    service: `tcp/${at}`,
    days: ages,
    hours: [],
    since: 14,
    sight: 0,
  }));
  const groups = [...world.groups, ...Array.from({ length: 10 }, (_, at) => ({ id: `n${at}`, labels: { app: "young" }, since: 14, sight: 0 }))];
  const plain = forecast(world, { horizon: 7 });
  const grown = forecast({ ...world, groups, dependencies: [...world.dependencies, ...young] }, { horizon: 7 });
  // Positive control: the same hundred between groups that were always there are novelty, and novelty goes on.
  const old = young.map((one) => ({ ...one, client: "g1", server: "g2", since: 0, sight: 0 }));
  const restless = forecast({ ...world, dependencies: [...world.dependencies, ...old] }, { horizon: 7 });
  expect.assert(plain.kind === "estimate" && grown.kind === "estimate" && restless.kind === "estimate");
  expect(grown.moments.mean - plain.moments.mean).toBeLessThan(10);
  expect(restless.moments.mean - plain.moments.mean).toBeGreaterThan(20);
});
