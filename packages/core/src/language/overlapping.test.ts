import fc from "fast-check";
import { expect, test } from "vitest";
import type { Selector } from "../model/policy-set.ts";
import { overlapping, type Overlapping } from "./overlapping.ts";
import { couldOverlap } from "./selector.ts";

const values = fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 });
const selector: fc.Arbitrary<Selector> = fc
  .dictionary(fc.constantFrom("app", "env", "role"), values, { minKeys: 1 })
  .map((labels) => ({ terms: Object.entries(labels).map(([key, some]) => ({ key, values: some })) }));

const compared =
  (selectors: readonly Selector[]): Overlapping =>
  (number, most) =>
    selectors.flatMap((one, other) => (other < number && couldOverlap(one, selectors[number]!) ? [other] : [])).slice(0, most);

const disagrees = (selectors: readonly Selector[], asked: Overlapping): boolean =>
  selectors.some((_, number) => String(asked(number, 3)) !== String(compared(selectors)(number, 3)));

test("overlaps are those that comparing everything with everything finds", () => {
  fc.assert(
    fc.property(fc.array(selector, { maxLength: 12 }), (selectors) => !disagrees(selectors, overlapping(selectors))),
    { numRuns: 500 },
  );
});

test("an arrangement that forgets who lacks a key would be noticed", () => {
  const [app, env] = [{ terms: [{ key: "app", values: ["a"] }] }, { terms: [{ key: "env", values: ["b"] }] }];
  expect(overlapping([app, env])(1, 3)).toEqual([0]);
  expect(disagrees([app, env], () => [])).toBe(true);
});
