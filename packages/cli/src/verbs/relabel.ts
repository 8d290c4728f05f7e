import type { Instant } from "@bulkhead/core/base/instant";
import { buildCommand } from "@stricli/core";
import { inventoryFlag } from "../place-flags.ts";
import type { Context } from "../context.ts";
import type { People } from "../difference-inputs.ts";
import { instantIn, now } from "../instant-flag.ts";

interface Flags {
  readonly policy: string;
  readonly gainAddress?: readonly string[];
  readonly loseAddress?: readonly string[];
  readonly at?: Instant;
  readonly since?: Instant;
  readonly inventory?: string;
  readonly data?: string;
  readonly by?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly noNewAccess?: boolean;
}

export const command = buildCommand<Flags, string[], Context>({
  docs: {
    brief: "What opens and what closes if a workload had other labels or addresses; nothing is changed",
    fullDescription:
      "A label edit is a policy change: this says exactly which. KEY= takes a label away. Exit 0: nothing that a flag forbids. 1: --no-new-access is not kept, or the policy has errors. 2: something could not be told.",
  },
  parameters: {
    flags: {
      policy: { kind: "parsed", parse: String, placeholder: "directory", brief: "A directory with policy files" },
      gainAddress: {
        kind: "parsed",
        parse: String,
        optional: true,
        variadic: true,
        brief: "An address that it would hold, too, from then on; it may be given several times",
      },
      loseAddress: {
        kind: "parsed",
        parse: String,
        optional: true,
        variadic: true,
        brief: "An address that it would hold no longer; it may be given several times",
      },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "From when on: 2026-11-25T12:00:00Z, or a day (now)" },
      since: { kind: "parsed", parse: instantIn, optional: true, brief: "Only recorded flows that began at this time or later" },
      inventory: inventoryFlag,
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead), with its recorded flows" },
      by: { kind: "parsed", parse: String, optional: true, brief: "Label keys of the groups: app,env,role" },
      markdown: { kind: "boolean", optional: true, brief: "For the reviewer of a pull request" },
      json: { kind: "boolean", optional: true, brief: "The whole difference as one JSON object" },
      noNewAccess: { kind: "boolean", optional: true, brief: "Exit 1 if anything is allowed that was not" },
    },
    positional: {
      kind: "array",
      parameter: { brief: "The workload's id, and then its labels as KEY=VALUE", parse: String, placeholder: "id key=value" },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...words) {
    const [{ policySetIn }, { changedPerson }, { peopleFor }, { reportOf }, { printReport }] = await Promise.all([
      import("../policy-input.ts"),
      import("../changed-person.ts"),
      import("../difference-inputs.ts"),
      import("../difference-report-of.ts"),
      import("../difference-print.ts"),
    ]);
    const set = await policySetIn(this, flags.policy, flags.json === true);
    if (set === null) return;
    const [at, [id = "", ...terms]] = [flags.at ?? now(), words];
    const people = await peopleFor(this, flags, null);
    const after = changedPerson(people.after, { id, terms, gain: flags.gainAddress ?? [], lose: flags.loseAddress ?? [], at, schema: set.labels });
    const report = await reportOf({
      before: set,
      after: set,
      people: { ...people, after },
      at,
      since: flags.since ?? null,
      directory: flags.policy,
      checks: { isNewForbidden: flags.noNewAccess === true, notGranted: null, isPublicForbidden: false },
    });
    await askAboutLabels(this, id, terms, people);
    // The change is nowhere yet, so no other verb can be asked about it.
    await printReport(this, { ...report, typed: null }, flags);
  },
});

/** Whoever types a value that nobody has may mean another one; that it is new is no reason to refuse it. */
async function askAboutLabels(context: Context, id: string, terms: readonly string[], { before }: People): Promise<void> {
  const { sayStrange, strangeLabels } = await import("../whom-asked.ts");
  const labels = Object.fromEntries(
    terms.map((term) => [term.slice(0, term.indexOf("=")), term.slice(term.indexOf("=") + 1)]).filter(([, value]) => value !== ""),
  );
  sayStrange(context, id, strangeLabels(labels, before.workloads));
}
