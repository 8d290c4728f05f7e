import fc from "fast-check";
import { expect, test } from "vitest";
import { ipOf } from "../base/ip.ts";
import { holderSegments } from "./holders.ts";

const ip = ipOf("10.0.0.1")!;

test("two workloads that claim one address at one time contest it, before and after they do not", () => {
  const workloads = [
    { id: "a", leases: [{ ip, from: 0, until: 20 }] },
    { id: "b", leases: [{ ip, from: 10, until: null }] },
  ];
  expect(holderSegments(workloads)).toEqual([
    { address: "10.0.0.1", from: 0, until: 10, holders: ["a"] },
    { address: "10.0.0.1", from: 10, until: 20, holders: ["a", "b"] },
    { address: "10.0.0.1", from: 20, until: null, holders: ["b"] },
  ]);
});

test("ten thousand renewals of one address are one stretch", () => {
  const leases = Array.from({ length: 10_000 }, (_, at) => ({ ip, from: at, until: at + 2 }));
  expect(holderSegments([{ id: "a", leases }])).toEqual([{ address: "10.0.0.1", from: 0, until: 10_001, holders: ["a"] }]);
});

const border = fc.option(fc.integer({ min: 0, max: 9 }));
const anyWorkloads = fc.array(
  fc.record({ id: fc.constantFrom("a", "b", "c"), leases: fc.array(fc.record({ ip: fc.constant(ip), from: border, until: border }), { maxLength: 3 }) }),
  { maxLength: 5 },
);

const law = (segmentsOf: typeof holderSegments) =>
  fc.property(anyWorkloads, fc.integer({ min: -1, max: 10 }), (workloads, at) => {
    const covers = ({ from, until }: { readonly from: number | null; readonly until: number | null }) => (from ?? -Infinity) <= at && at < (until ?? Infinity);
    const wanted = [...new Set(workloads.filter(({ leases }) => leases.some(covers)).map(({ id }) => id))].sort();
    const found = segmentsOf(workloads).filter(covers);
    expect(found.length).toBeLessThanOrEqual(1);
    expect(found.flatMap(({ holders }) => holders)).toEqual(wanted);
  });

test("at every instant the segments say what the leases say", () => {
  fc.assert(law(holderSegments));
});

test("the law catches a sweep that ends a holder with the first of its leases, or counts the last instant in", () => {
  const endsEarly: typeof holderSegments = (workloads) => holderSegments(workloads.map(({ id, leases }) => ({ id, leases: leases.slice(0, 1) })));
  const includesEnd: typeof holderSegments = (workloads) =>
    holderSegments(workloads.map(({ id, leases }) => ({ id, leases: leases.map((one) => ({ ...one, until: one.until === null ? null : one.until + 1 })) })));
  for (const broken of [endsEarly, includesEnd]) expect(fc.check(law(broken), { seed: 1, numRuns: 1000 }).failed).toBe(true);
});
