import fc from "fast-check";
import { expect, test } from "vitest";
import { ipOf } from "../base/ip.ts";
import type { Lease } from "../model/workload.ts";
import { mergedLeases } from "./merged-leases.ts";

const [one, two] = [ipOf("10.0.0.1")!, ipOf("10.0.0.2")!];

test("a lease that is renewed again and again is one lease, and a gap stays a gap", () => {
  expect(
    mergedLeases([
      { ip: one, from: 10, until: 20 },
      { ip: two, from: null, until: null },
      { ip: one, from: 0, until: 10 },
      { ip: one, from: 0, until: 10 },
      { ip: one, from: 30, until: null },
    ]),
  ).toEqual([
    { ip: one, from: 0, until: 20 },
    { ip: one, from: 30, until: null },
    { ip: two, from: null, until: null },
  ]);
});

const border = fc.option(fc.integer({ min: 0, max: 9 }));
const anyLeases = fc
  .array(fc.record({ ip: fc.constantFrom(one, two), from: border, until: border }), { maxLength: 6 })
  .map((leases) => leases.filter(({ from, until }) => (from ?? -Infinity) < (until ?? Infinity)));

const covers = (leases: readonly Lease[], at: number): readonly boolean[] =>
  [one, two].map((ip) => leases.some((lease) => lease.ip === ip && (lease.from ?? -Infinity) <= at && at < (lease.until ?? Infinity)));

const law = (merge: typeof mergedLeases) =>
  fc.property(anyLeases, fc.integer({ min: -1, max: 10 }), (leases, at) => {
    expect(covers(merge(leases), at)).toEqual(covers(leases, at));
  });

test("merging changes no instant of any lease", () => {
  fc.assert(law(mergedLeases));
  // The control: a merge that forgets leases after a gap is caught.
  const forgets = (leases: readonly Lease[]) => mergedLeases(leases).filter(({ ip }, index, all) => all.findIndex((other) => other.ip === ip) === index);
  expect(fc.check(law(forgets), { seed: 1 }).failed).toBe(true);
});
