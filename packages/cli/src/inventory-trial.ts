import { inventoryWith, loadInventory } from "@bulkhead/adapters/inventories/state";
import type { SourceExport } from "@bulkhead/core/inventory/sighting";
import { peopleChanged } from "@bulkhead/core/simulate/people-changed";
import { existsSync } from "node:fs";
import { dataWords } from "./as-typed.ts";
import { type Context, dataDirectory } from "./context.ts";
import { now } from "./instant-flag.ts";
import { peopleText } from "./people-text.ts";

export interface TrialFlags {
  readonly data?: string;
  readonly json?: boolean;
  readonly policy?: string;
}

/** Says what an import would change about the workloads, and, under a policy, what would open and what would close. Keeps nothing. */
export async function tryInventory(
  context: Context,
  exported: SourceExport & { readonly isSnapshot?: boolean },
  { data, json, policy }: TrialFlags,
): Promise<void> {
  const directory = dataDirectory(context, data);
  const [before, after] = [await loadInventory(directory), await inventoryWith(directory, exported)];
  if (policy === undefined) {
    const changed = peopleChanged(before, after);
    const text = peopleText(changed);
    context.out(
      json === true ? `${JSON.stringify(changed)}\n` : `${text === "" ? "nothing that policy can see would be otherwise" : text}\nnothing was kept\n`,
    );
    return;
  }
  const [{ policySetIn }, { reportOf }, { printReport }] = await Promise.all([
    import("./policy-input.ts"),
    import("./difference-report-of.ts"),
    import("./difference-print.ts"),
  ]);
  const set = await policySetIn(context, policy, json === true);
  if (set === null) return;
  const report = await reportOf({
    before: set,
    after: set,
    people: { before, after, isReal: true, directory: existsSync(directory) ? directory : null, by: ["app", "env", "role"], words: dataWords(data) },
    at: now(),
    since: null,
    directory: policy,
    checks: { isNewForbidden: false, notGranted: null, isPublicForbidden: false },
  });
  // What is not kept can be asked about by no other verb.
  await printReport(context, { ...report, typed: null }, { json: json === true });
  if (json !== true) context.out("nothing was kept\n");
}
