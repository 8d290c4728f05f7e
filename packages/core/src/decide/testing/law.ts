import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer } from "../../model/question.ts";
import { type Ask, asked } from "./broken-decide.ts";

/** A sentence of MEANING §6, what it says of a subject, and broken subjects for which it must not hold. */
export interface Law<Drawn, Subject> {
  readonly sentence: string;
  readonly property: (subject: Subject) => fc.IProperty<Drawn>;
  readonly broken: Readonly<Record<string, Subject>>;
}

const usualRuns = 80;
const controlRuns = 6000;

/** Tests that a law holds of `decide`, and that the same property catches every broken variant. */
export const law = <Drawn>(one: Law<Drawn, Ask>): void => lawOf(asked, one);

/** The same for a law that is about more than answers. */
export function lawOf<Drawn, Subject>(real: Subject, { sentence, property, broken }: Law<Drawn, Subject>): void {
  test(sentence, { timeout: 3_600_000 }, () => fc.assert(property(real), { numRuns: usualRuns }));
  for (const [wrong, subject] of Object.entries(broken)) {
    test(`positive control: “${wrong}” breaks the law`, () => {
      const { failed, error } = runOnce(property(subject));
      expect(failed, "the broken variant was not caught").toBe(true);
      // It must be the law that fails, not the test.
      expect(String(error)).toContain("AssertionError");
    });
  }
}

function runOnce<Drawn>(property: fc.IProperty<Drawn>): { readonly failed: boolean; readonly error: unknown } {
  const details = fc.check(property, { numRuns: controlRuns, seed: 7, endOnFailure: true });
  return { failed: details.failed, error: details.failed ? details.errorInstance : null };
}

const isSame = (a: Answer, b: Answer): boolean => a.verdict === b.verdict && a.layer === b.layer && a.effect === b.effect && a.by.join() === b.by.join();

// `expect` costs more than the question, so it is called only to say what went wrong.

/** Fails when two answers are not the same. */
export function expectSame(before: Answer, after: Answer): void {
  if (!isSame(before, after)) expect(after).toEqual(before);
}

/** Fails when traffic that did not come through before does now, in verdict or effect. */
export function expectNothingLetIn(before: Answer, after: Answer): void {
  if ((before.verdict !== "allow" && after.verdict === "allow") || (before.effect !== "pass" && after.effect === "pass"))
    expect(after, "let in").toEqual(before);
}

/** Fails when traffic that came through before does not now, in verdict or effect. */
export function expectNothingTakenAway(before: Answer, after: Answer): void {
  if ((before.verdict === "allow" && after.verdict !== "allow") || (before.effect === "pass" && after.effect !== "pass"))
    expect(after, "taken away").toEqual(before);
}
