import fc from "fast-check";
import { expect, test } from "vitest";
import { classesOf } from "../decide/end-class.ts";
import { workloadEnd } from "../decide/ends.ts";
import { everyRule } from "../decide/every-rule.ts";
import { arbitraryInventory } from "../decide/testing/random-inventory.ts";
import { arbitraryPolicySet } from "../decide/testing/random-world.ts";
import { labelValues, somewhere } from "../decide/testing/small-pools.ts";
import { worldOf } from "../decide/world.ts";
import type { PolicySet } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";
import { everyKind } from "./every-kind.ts";
import { everyWorkload } from "./testing/every-workload.ts";

const runs = 200;

const made = (sets: readonly PolicySet[]): readonly Workload[] => {
  const kinds = everyKind(sets);
  return kinds.kind === "workloads" ? kinds.workloads : [];
};

/** What policy sees of workloads: contested ones by who claims them, the others by their class. */
function seen(set: PolicySet, workloads: readonly Workload[]): readonly string[] {
  const world = worldOf(set, { workloads, points: [], quarantined: [] });
  const forbids = new Set(set.forbids);
  const classes = classesOf(world, everyRule(set), (rule) => forbids.has(rule));
  return workloads.map((workload) => {
    const end = workloadEnd(world, workload, null);
    if (end.kind === "contested") return `contested by ${end.names.join()}`;
    if (end.kind !== "known") return "unresolved";
    // A tier that no rule asks for makes no difference, though it is part of a class.
    const { tier: _, ...one } = classes.list[classes.classOf(end)]!;
    const least = everyRule(set).flatMap(({ where }) =>
      where.flatMap((demand) => (demand.kind === "tier" ? [(workload.identity?.tier ?? 0) >= demand.least] : [])),
    );
    return JSON.stringify([one, [...one.peers], least]);
  });
}

/** A real workload that is of no kind, or null. */
function stranger(set: PolicySet, workloads: readonly Workload[], kinds: readonly Workload[]): string | null {
  const known = new Set(seen(set, kinds));
  const real = workloads.map((one) => ({ ...one, point: true, leases: [] }));
  return seen(set, real).find((one) => !known.has(one)) ?? null;
}

test("whatever labels and identity a workload has, one of the kinds is judged like it", () => {
  fc.assert(
    fc.property(arbitraryPolicySet, arbitraryPolicySet, arbitraryInventory, (set, other, { workloads }) => {
      const kinds = made([set, other]);
      expect(stranger(set, workloads, kinds)).toBeNull();
      expect(stranger(other, workloads, kinds)).toBeNull();
    }),
    { numRuns: runs },
  );
});

test("of all workloads that there could be, each is judged like one of the kinds", { timeout: 600_000 }, () => {
  const every = everyWorkload();
  fc.assert(
    fc.property(arbitraryPolicySet, arbitraryPolicySet, (set, other) => {
      const kinds = made([set, other]);
      expect(stranger(set, every, kinds)).toBeNull();
      expect(stranger(other, every, kinds)).toBeNull();
    }),
    { numRuns: Math.ceil(runs / 4) },
  );
});

test("kinds without one of them, or without identities, are caught", () => {
  const pairs = fc.sample(fc.tuple(arbitraryPolicySet, arbitraryInventory), { numRuns: 400, seed: 5 });
  const isCaught = (broken: (kinds: readonly Workload[]) => readonly Workload[]): boolean =>
    pairs.some(([set, { workloads }]) => stranger(set, workloads, broken(made([set]))) !== null);
  expect(isCaught((kinds) => kinds.slice(1))).toBe(true);
  expect(isCaught((kinds) => kinds.filter(({ identity }) => identity === null))).toBe(true);
});

test("a schema is kept to: no value that it forbids, and no missing label that it requires", () => {
  const [set] = fc.sample(arbitraryPolicySet, { numRuns: 1, seed: 1 });
  const schema = [{ key: "app", required: true, values: [...labelValues.app, "d"], authority: null, at: somewhere }];
  const zones = [{ name: "red", members: { terms: [{ key: "app", values: ["a", "z"] }] }, networks: [], inside: "open" as const, register: {}, at: somewhere }];
  const apps = made([{ ...set!, labels: schema, zones, policies: [], conduits: [], forbids: [], commons: [], exceptions: [] }]).map(
    ({ labels }) => labels["app"],
  );
  expect([...apps].sort()).toEqual(["a", "b"]);
});

test("more kinds than can be compared are told, not begun", () => {
  const [set] = fc.sample(arbitraryPolicySet, { numRuns: 1, seed: 1 });
  const zones = Array.from({ length: 16 }, (_, index) => ({
    name: `z${index}`,
    members: { terms: [{ key: `k${index}`, values: ["v"] }] },
    networks: [],
    inside: "open" as const,
    register: {},
    at: somewhere,
  }));
  expect(everyKind([{ ...set!, zones }])).toEqual({ kind: "too-many", most: 20_000 });
});

test("kinds whose labels are spelled alike are two", () => {
  const [set] = fc.sample(arbitraryPolicySet, { numRuns: 1, seed: 1 });
  const zone = (name: string, terms: readonly { readonly key: string; readonly values: readonly string[] }[]) => ({
    name,
    members: { terms },
    networks: [],
    inside: "open" as const,
    register: {},
    at: somewhere,
  });
  const zones = [
    zone("red", [{ key: "a", values: ["1,b=2"] }]),
    zone("blue", [
      { key: "a", values: ["1"] },
      { key: "b", values: ["2"] },
    ]),
  ];
  const ids = made([{ ...set!, zones, policies: [], conduits: [], forbids: [], commons: [], exceptions: [] }]).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("a=1,b=2 (2)");
});
