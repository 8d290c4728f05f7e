import { expect, test } from "vitest";
import type { Watched } from "../completeness/watched.ts";
import { chances, lived, monday } from "../completeness/testing/lived.ts";
import { ruleDays, ruleIn } from "./calendar-rule.ts";
import { falseShare, rhythmsOf } from "./rhythms.ts";
import type { Rhythm } from "./rhythm.ts";

const length = 182;

/** A network in which one dependency showed itself on these days. */
function seenOn(days: readonly number[], { hours = [], ...more }: Partial<Watched> & { readonly hours?: readonly number[] } = {}): Rhythm {
  const world = { ...lived({ seed: 1, days: length, ordinary: 0 }), ...more };
  return rhythmsOf({ ...world, dependencies: [{ client: "g1", server: "g2", service: "tcp/443", days, hours, since: 0, sight: 0 }] })[0]!;
}

const ruled = (text: string, until = length): readonly number[] =>
  ruleDays({ from: monday, until: monday + until })
    .get(ruleIn(text)!.text)!
    .days.map((day) => day - monday);

test("a job is named by the rule that its days follow, with how often it kept it", () => {
  for (const [text, kind, rule] of [
    ["tuesday", "weekly", "every Tuesday"],
    ["sunday", "weekly", "every Sunday"],
    ["day 15", "monthly", "day 15 of the month"],
    ["last working day", "monthly", "the last working day of the month"],
    ["second tuesday", "monthly", "the second Tuesday of the month"],
    ["last friday", "monthly", "the last Friday of the month"],
  ] as const) {
    const days = ruled(text);
    expect(seenOn(days), text).toMatchObject({ kind, rule, seen: { times: days.length, of: days.length } });
  }
  expect(seenOn(ruled("tuesday").filter((_, at) => at % 2 === 0))).toMatchObject({ kind: "every two weeks" });
  expect(seenOn(Array.from({ length }, (_, day) => day))).toMatchObject({ kind: "continuous", seen: { times: length, of: length } });
  expect(
    seenOn(
      Array.from({ length }, (_, day) => day),
      { hours: [2, 3] },
    ),
  ).toMatchObject({ kind: "daily", hours: { from: 2, until: 4 } });
  expect(seenOn(ruled("working days").filter((_, at) => at % 3 !== 0))).toMatchObject({ kind: "working days" });
});

test("a quarter end is named after three of them, not before", () => {
  const long = lived({ seed: 1, days: 300, ordinary: 0 });
  const quarters = ruled("last working day of the quarter", 300);
  expect(quarters).toHaveLength(3);
  expect(seenOn(quarters, long)).toMatchObject({ kind: "quarterly", rule: "the last working day of the quarter", seen: { times: 3, of: 3 } });
  expect(seenOn(quarters.slice(0, 2), long)).toMatchObject({ kind: "too little to say", seen: { times: 2, of: 2 }, chance: null });
});

test("a job that is skipped, or run by hand once, keeps its name", () => {
  const days = ruled("tuesday");
  const strange = [...days.filter((_, at) => at !== 5 && at !== 9), 80].sort((a, b) => a - b);
  expect(seenOn(strange)).toMatchObject({ kind: "weekly", seen: { times: days.length - 2, of: days.length } });
});

test("a job around midnight is on its day, whichever side it begins", () => {
  const days = ruled("friday").map((day, at) => (at % 3 === 1 ? day + 1 : day));
  expect(seenOn(days, { hours: [0, 23] })).toMatchObject({ kind: "weekly", rule: "every Friday", hours: { from: 23, until: 1 } });
  // The control: at any hour they are two days.
  expect(seenOn(days, { hours: [0, 5, 14, 23] }).kind).toBe("irregular");
});

test("a day on which nobody looked is none that was missed", () => {
  const tuesdays = ruled("tuesday");
  const days = tuesdays.filter((_, at) => at < 8 || at > 13);
  const isObserved = Array.from({ length }, (_, day) => day < tuesdays[8]! || day > tuesdays[13]!);
  expect(seenOn(days, { isObserved })).toMatchObject({ kind: "weekly", seen: { times: days.length, of: days.length }, overdue: null });
  expect(seenOn(days).seen).toEqual({ times: days.length, of: tuesdays.length });
});

test("what comes next is said, and what is overdue since when", () => {
  const tuesdays = ruled("tuesday");
  expect(seenOn(tuesdays)).toMatchObject({ next: length + 1, overdue: null });
  expect(seenOn(tuesdays.slice(0, -2))).toMatchObject({ overdue: { since: tuesdays.at(-2), missed: 2 } });
  // One that was late by two before is not overdue yet.
  expect(seenOn(tuesdays.slice(0, -2).filter((_, at) => at !== 6 && at !== 7)).overdue).toBeNull();
  const everyDay = Array.from({ length }, (_, day) => day);
  // The last day may not be over.
  expect(seenOn(everyDay.slice(0, -1)).overdue).toBeNull();
  expect(seenOn(everyDay.slice(0, -2))).toMatchObject({ overdue: { since: length - 2, missed: 1 } });
});

test("what happens on declared dates only bears the name of the event, where it is of the same application", () => {
  const dates = [11, 29, 58, 83, 120, 151];
  const event = { name: "release of a2", kind: "release", app: "a2", dates };
  expect(seenOn(dates, { cycles: [event] })).toMatchObject({ kind: "declared", rule: "release of a2", seen: { times: 6, of: 6 } });
  expect(seenOn(dates, { cycles: [{ ...event, app: "a7" }] }).kind).toBe("irregular");
});

const workdays = ruled("working days");

/** Dependencies without any rhythm: at any rate, on all days or on working days, some of them only for a while, and in bursts. */
function rhythmless(seed: number): Watched {
  const next = chances(seed);
  const world = lived({ seed, days: length, ordinary: 150 });
  const some = Array.from({ length: 150 }, (_, at) => {
    const [rate, from, isBurst] = [0.01 + 0.5 * next() ** 3, Math.floor(next() * 90), at % 3 === 0];
    const until = isBurst ? from + 28 : length;
    const days = workdays.filter((day) => day >= from && day < until && next() < (isBurst ? 0.2 : rate));
    return { client: `g${at % 40}`, server: `g${(at * 7 + 3) % 40}`, service: `udp/${at}`, days, hours: [], since: 0, sight: 0 };
  });
  return { ...world, dependencies: [...world.dependencies, ...some.filter(({ days }) => days.length > 0)] };
}

const dated = new Set<Rhythm["kind"]>(["weekly", "every two weeks", "monthly", "quarterly", "declared"]);
const networks = Array.from({ length: 40 }, (_, seed) => rhythmsOf(rhythmless(seed + 1)));
const alarmed = (isNamed: (rhythm: Rhythm) => boolean): number => networks.filter((rhythms) => rhythms.some(isNamed)).length;
// Of forty networks, each with a chance of 5 %, seven or more are alarmed once in 300 runs with other seeds.
const alarmsMost = 6;

test("where nothing has a rhythm, in no more networks than was promised is any named", () => {
  expect(falseShare).toBe(0.05);
  expect(alarmed(({ kind }) => dated.has(kind))).toBeLessThanOrEqual(alarmsMost);
});

test("positive control: each held against 5 % of its own, without a thought for the others, far more networks have a rhythm that is none", () => {
  expect(alarmed(({ kind, chance }) => kind !== "working days" && chance !== null && chance <= falseShare)).toBeGreaterThan(2 * alarmsMost);
});

test("positive control: among the same dependencies planted rhythms are found", () => {
  const world = rhythmless(3);
  const planted = ["monday", "thursday", "day 7", "last working day"].flatMap((text, index) =>
    Array.from({ length: 10 }, (_, at) => ({
      client: `g${at}`,
      server: `g${index}`,
      service: `sctp/${index}`,
      days: ruled(text).filter((_, turn) => (turn * 7 + at * 3) % 11 !== 0),
      hours: [],
      since: 0,
      sight: 0,
    })),
  );
  const found = rhythmsOf({ ...world, dependencies: [...world.dependencies, ...planted] });
  const named = found.filter(({ kind }) => dated.has(kind));
  expect(named.filter(({ dependency }) => dependency.service.startsWith("sctp"))).toHaveLength(planted.length);
  expect(named.length - planted.length).toBeLessThanOrEqual(4);
});
