import type { Diagnostic } from "../base/diagnostic.ts";
import { type Asking, runPolicyTests } from "../decide/policy-tests.ts";
import type { PolicySet, PolicyTest } from "../model/policy-set.ts";

/** What a change does to the tests of a policy. */
export interface TestsChanged {
  readonly before: number;
  readonly after: number;
  /** Tests that only one of the policies holds, wherever they are written. */
  readonly added: readonly PolicyTest[];
  readonly removed: readonly PolicyTest[];
  /** Tests of the old policy that the new one fails, at their place in the old one. */
  readonly turned: readonly Diagnostic[];
}

/** Compares the tests of two policies by what they ask, and asks the old ones of the new policy. */
export function testsChanged(before: PolicySet, after: PolicySet, asking: Asking): TestsChanged {
  const [old, young] = [before, after].map(({ tests }) => new Map(tests.map((one) => [keyOf(one), one])));
  // A test that failed before says nothing about the change.
  const failed = new Set(runPolicyTests(before, asking).map(placeOf));
  return {
    before: before.tests.length,
    after: after.tests.length,
    added: [...young!].filter(([key]) => !old!.has(key)).map(([, one]) => one),
    removed: [...old!].filter(([key]) => !young!.has(key)).map(([, one]) => one),
    turned: runPolicyTests({ ...after, tests: before.tests }, asking).filter((one) => !failed.has(placeOf(one))),
  };
}

const keyOf = ({ from, to, services, expect, by }: PolicyTest): string => JSON.stringify([from, to, services, expect, by]);
const placeOf = ({ at }: Diagnostic): string => `${at.file}:${at.line}:${at.column}`;
