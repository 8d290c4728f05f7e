import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import type { Instant } from "@bulkhead/core/base/instant";
import { shellWord } from "@bulkhead/core/base/shell-word";
import { runPolicyTests } from "@bulkhead/core/decide/policy-tests";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Inventory } from "@bulkhead/core/model/workload";

export interface TestsAsked {
  readonly set: PolicySet;
  readonly at: Instant;
  readonly inventory: Inventory | null;
  /** The directory of the policy, and the flags that name inventory and time, as they were written. */
  readonly directory: string;
  readonly flags: readonly string[];
}

/** What the tests of a policy say; the help of a failed one can be typed as it stands, and asks about the same workloads and time. */
export function failedTests({ set, at, inventory, directory, flags }: TestsAsked): readonly Diagnostic[] {
  const typed = (help: string): string =>
    help
      .replace(" DIR ", () => ` ${shellWord(directory.replace(/(?<=.)\/+$/, ""))} `)
      .replace(/`(?= says why)/, () => flags.map((word) => ` ${shellWord(word)}`).join("") + "`");
  return runPolicyTests(set, { at, inventory }).map((one) => ({ ...one, help: one.help === null ? null : typed(one.help) }));
}
