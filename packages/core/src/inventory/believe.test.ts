import fc from "fast-check";
import { expect, test } from "vitest";
import { believe } from "./believe.ts";
import type { Sighting } from "./sighting.ts";

const sighting = (labels: Record<string, string>, attributes: Record<string, string> = {}): Sighting => ({ id: "web-1", labels, attributes, leases: [] });

test("the source that was imported first is believed, and the other is a listed conflict", () => {
  const { workloads, conflicts } = believe([
    { source: "cmdb", at: 1, sightings: [sighting({ app: "shop" })] },
    { source: "scan", at: 2, sightings: [sighting({ app: "store", env: "prod" })] },
  ]);
  expect({ ...workloads[0]?.labels }).toEqual({ app: "shop", env: "prod" });
  expect(conflicts).toEqual([
    { workload: "web-1", attribute: "label app", believed: { source: "cmdb", value: "shop" }, other: { source: "scan", value: "store" } },
  ]);
});

test("a tier of one source proves no name of another", () => {
  const exports = [
    { source: "cmdb", at: 1, sightings: [sighting({}, { identity: "a" })] },
    { source: "scan", at: 2, sightings: [sighting({}, { identity: "b", "identity-tier": "3" })] },
  ];
  expect(believe(exports).workloads[0]?.identity).toEqual({ name: "a", tier: 0 });
  // The control: alone, the second source is believed with its tier.
  expect(believe(exports.slice(1)).workloads[0]?.identity).toEqual({ name: "b", tier: 3 });
});

test("whatever sources say, every stated value is believed or listed as a conflict", () => {
  const stated = fc.dictionary(fc.constantFrom("app", "env", "__proto__"), fc.constantFrom("x", "y", "z"), { noNullPrototype: false });
  fc.assert(
    fc.property(fc.array(stated, { maxLength: 4 }), (all) => {
      const { workloads, conflicts } = believe(all.map((labels, at) => ({ source: `s${at}`, at, sightings: [sighting(labels)] })));
      for (const [at, labels] of all.entries())
        for (const [key, value] of Object.entries(labels)) {
          const first = all.find((one) => Object.hasOwn(one, key));
          expect(workloads[0]?.labels[key]).toBe(Object.entries(first ?? {}).find(([name]) => name === key)?.[1]);
          const isListed = conflicts.some(({ attribute, other }) => attribute === `label ${key}` && other.source === `s${at}` && other.value === value);
          expect(isListed).toBe(workloads[0]?.labels[key] !== value);
        }
    }),
  );
});

test("points are believed as the first source states them, and what any source quarantines is quarantined", () => {
  const point = { id: "firewall-1", networks: ["a"], live: true };
  const { points, quarantined, conflicts } = believe([
    { source: "cmdb", at: 1, sightings: [], points: [point], quarantined: ["b"] },
    { source: "scan", at: 2, sightings: [], points: [{ ...point, networks: ["b"] }], quarantined: ["a", "b"] },
  ]);
  expect({ points, quarantined }).toEqual({ points: [point], quarantined: ["a", "b"] });
  expect(conflicts).toEqual([
    { workload: "firewall-1", attribute: "networks", believed: { source: "cmdb", value: "a" }, other: { source: "scan", value: "b" } },
  ]);
});
