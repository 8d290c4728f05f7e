import fc from "fast-check";
import { expect, test } from "vitest";
import type { Selector } from "../model/policy-set.ts";
import { isSelected } from "./match.ts";
import { type Selecting, selecting } from "./selecting.ts";

const word = fc.constantFrom("a", "b", "c", "constructor", "__proto__");
const term = fc.record({ key: word, values: fc.array(word, { minLength: 1, maxLength: 3 }) });
const selectors = fc.array(fc.option(fc.record({ terms: fc.uniqueArray(term, { minLength: 1, maxLength: 3, selector: ({ key }) => key }) })), {
  maxLength: 12,
});
const labels = fc.array(fc.tuple(word, word), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs));

/** Whether what is found is what going through all of them finds. */
const agrees = (found: (all: readonly (Selector | null)[]) => Selecting): boolean =>
  fc.check(
    fc.property(selectors, labels, (all, of) => {
      const wanted = all.flatMap((selector, number) => (selector !== null && isSelected(selector, of) ? [number] : []));
      expect(found(all)(of)).toEqual(wanted);
    }),
    { seed: 7, numRuns: 2000 },
  ).failed === false;

test("selectors found by their rarest term are those that going through all of them finds", () => {
  expect(agrees(selecting)).toBe(true);
});

test("one that stops at the rarest term is caught", () => {
  expect(agrees((all) => selecting(all.map((selector) => (selector === null ? null : { terms: selector.terms.slice(0, 1) }))))).toBe(false);
});
