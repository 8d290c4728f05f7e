import { expect, test } from "vitest";
import { day } from "../../base/instant.ts";
import { ipOf } from "../../base/ip.ts";
import { readPrefix } from "../../base/prefix.ts";
import type { Flow, FlowEnd } from "../../model/flow.ts";
import { mapOf } from "../map.ts";
import { type Counted, figuresOf } from "./figures.ts";
import { lived, monday } from "./testing/lived.ts";
import { verdictOf } from "./verdict.ts";

const until = (monday + 42) * day;
const ends: Readonly<Record<string, string>> = { zone: "inner", owner: "team", criticality: "3", dataClass: "internal" };
const asset = (at: number, more: Readonly<Record<string, string>> = ends): Counted["workloads"][number] => ({
  id: `w${at}`,
  labels: { app: `a${at % 3}`, env: "prod", role: "web" },
  leases: [{ ip: ipOf(`10.0.${at % 2}.${at + 1}`)!, from: null, until: null }],
  identity: null,
  point: false,
  attributes: more,
  owner: more["owner"] ?? null,
});
const held = (at: number): FlowEnd => ({ kind: "held", holder: `w${at}` });
const flow = (client: FlowEnd, server: FlowEnd, { last = until - day, unanswered = 0 } = {}): Flow => ({
  client,
  server,
  protocol: "tcp",
  serverPort: 443,
  icmpType: null,
  connections: 3,
  answered: 3 - unanswered,
  unanswered,
  untold: 0,
  denied: 0,
  bytesToServer: null,
  bytesToClient: null,
  first: last,
  last,
  observers: ["core"],
  sampling: null,
  oneSided: 0,
  reasons: {},
});
const watched = lived({ seed: 3, days: 42, ordinary: 300 });
const counted = (more: Partial<Counted> = {}): Counted => ({
  flows: Array.from({ length: 9 }, (_, at) => flow(held(at), held(at + 1))),
  workloads: Array.from({ length: 12 }, (_, at) => asset(at)),
  networks: null,
  watched,
  until,
  confirmed: new Map([
    ["a0", true],
    ["a1", false],
    ["elsewhere", true],
  ]),
  ...more,
});
const figure = (of: Counted, id: string) => figuresOf(of).figures.find((one) => one.id === id)!;

test("each figure stands with numerator, denominator and what nobody can tell", () => {
  const strangers = [flow({ kind: "bare", address: "10.9.9.9" }, held(0)), flow(held(0), { kind: "contested", address: "10.8.8.8", holders: ["w1", "w2"] })];
  const of = counted({ flows: [...counted().flows, ...strangers] });
  expect(figure(of, "DC1")).toMatchObject({ numerator: 10, denominator: 12, unknown: 1 });
  expect(figure(of, "DC2")).toMatchObject({ numerator: 10, denominator: 12, unknown: 2 });
  expect(figure(of, "DC3")).toMatchObject({ numerator: 2, denominator: 2 });
  expect(figure(of, "DC6")).toMatchObject({ numerator: 12, denominator: 12 });
  expect(figure(of, "DC7")).toMatchObject({ numerator: 1, denominator: 3, unknown: 1 });
  expect(figure(of, "DC8")).toMatchObject({ numerator: 10, denominator: 12 });
});

test("who only was tried is not seen, and who was seen long ago is not fresh", () => {
  const tried = counted({ flows: [flow(held(0), held(1), { unanswered: 3 })] });
  expect([figure(tried, "DC2").numerator, mapOf(tried.flows, tried.workloads).totals.talked]).toEqual([1, 1]);
  const old = counted({ flows: [flow(held(0), held(1), { last: until - 8 * day })] });
  expect([figure(old, "DC2").numerator, figure(old, "DC8").numerator, figure(old, "DC3").numerator]).toEqual([2, 0, 0]);
});

test("the internet, broadcast and what was never answered are no inside endpoints", () => {
  const noise = ["8.8.8.8", "224.0.0.1", "169.254.1.1"].map((address) => flow(held(0), { kind: "bare", address }));
  const dead = flow(held(0), { kind: "bare", address: "10.7.7.7" }, { unanswered: 3 });
  expect(figure(counted({ flows: [...counted().flows, ...noise, dead] }), "DC1")).toMatchObject({ numerator: 10, denominator: 10 });
});

test("capture and recapture is Chapman's, and is refused where it says nothing", () => {
  // 12 stated, 10 of them and 3 strangers seen: 13 × 14 / 11 - 1 = 15.5.
  const strangers = [7, 8, 9].map((at) => flow({ kind: "bare", address: `10.9.9.${at}` }, held(0)));
  expect(figure(counted({ flows: [...counted().flows, ...strangers] }), "DC4")).toMatchObject({ numerator: 15, denominator: 16 });
  expect(figure(counted({ flows: [flow(held(0), held(1))] }), "DC4")).toMatchObject({
    numerator: null,
    note: expect.stringContaining("share 2 machines") as string,
  });
});

test("networks that the inventory names are counted, also those that nobody has seen", () => {
  const networks = ["10.0.0.0/24", "10.0.7.0/24"].map((text) => {
    const reading = readPrefix(text);
    return reading.kind === "prefix" ? reading.prefix : expect.fail("no prefix");
  });
  expect(figure(counted({ networks }), "DC3")).toMatchObject({ numerator: 1, denominator: 2 });
});

test("an asset without one of the labels is not whole, and the missing ones are named", () => {
  const of = counted({ workloads: [asset(0), asset(1, { ...ends, zone: "" }), asset(2, { owner: "team" })] });
  expect(figure(of, "DC6")).toMatchObject({ numerator: 1, denominator: 3, note: "missing: zone on 2, criticality on 1, dataClass on 1" });
});

test("the verdict says what is missing, and is never yes while nobody has confirmed anything", () => {
  const { figures, saturation } = figuresOf(counted());
  const verdict = verdictOf(figures, saturation, { isPilot: false });
  expect(verdict.isEnough).toBe(false);
  expect(verdict.missing.map((line) => line.slice(0, 3))).toEqual(expect.arrayContaining(["DC7", "DC8", "DC2"]));
  // Positive control: with everything as wanted it is yes.
  const good = figures.map((one) => ({ ...one, numerator: 100, denominator: 100, unknown: 0 }));
  expect(verdictOf(good, { ...saturation, isSaturated: true }, { isPilot: true })).toEqual({ isEnough: true, missing: [] });
});

test("discovery is saturated after a quiet week and a month end, not before", () => {
  const dependencies = Array.from({ length: 200 }, (_, at) => ({
    client: "g1",
    server: "g2",
    service: `tcp/${at}`,
    days: [at % 20],
    hours: [],
    since: 0,
    sight: 0,
  }));
  const quiet = { ...watched, dependencies };
  expect(figuresOf(counted({ watched: quiet })).saturation).toMatchObject({ isSaturated: true, seen: 200, once: 200 });
  // April from its first to its 28th day has no month end.
  const april = { ...quiet, origin: monday + 30, days: 28, isObserved: quiet.isObserved.slice(0, 28) };
  expect(figuresOf(counted({ watched: april })).saturation.isSaturated).toBe(false);
  const short = { ...quiet, days: 1, isObserved: quiet.isObserved.slice(0, 1), dependencies: dependencies.slice(0, 1) };
  expect(figuresOf(counted({ watched: short })).saturation.note).toMatch(/^1 day was watched; 7 with less than 1 % new are needed; /);
  // On a day that nobody watched nothing new was seen, and that says nothing.
  const dark = { ...quiet, isObserved: quiet.isObserved.map((is, at) => is && at < quiet.days - 3) };
  expect(figuresOf(counted({ watched: dark })).saturation).toMatchObject({
    isSaturated: false,
    note: expect.stringMatching(/^no sensor saw anything on 3 of the last 7 days; /) as string,
  });
  const busy = { ...quiet, dependencies: [...dependencies, ...dependencies.slice(0, 5).map((one) => ({ ...one, service: "udp/1", days: [40] }))] };
  expect(figuresOf(counted({ watched: busy })).saturation.isSaturated).toBe(false);
});
