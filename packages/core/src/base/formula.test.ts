import fc from "fast-check";
import { expect, test } from "vitest";
import { guarded, unguarded } from "./formula.ts";

test("what a spreadsheet would run is text, and comes back as it was", () => {
  for (const text of ["=1", " @SUM(A1)", "\t+1", "-2", "\uff1dX()", "\r=1", "'quoted", "''", "plain", "a=b", ""]) {
    expect(guarded(text)).toMatch(/^(?!\s*[=+\-@\uff1d])/);
    expect(unguarded(guarded(text))).toBe(text);
  }
  fc.assert(fc.property(fc.string(), (text) => unguarded(guarded(text)) === text));
  expect(unguarded("'tis nothing")).toBe("'tis nothing");
});
