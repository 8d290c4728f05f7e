import type { Instant } from "@bulkhead/core/base/instant";
import type { Rule } from "@bulkhead/core/model/policy-set";
import { buildCommand } from "@stricli/core";
import { inventoryFlag } from "../place-flags.ts";
import type { Context } from "../context.ts";
import type { People } from "../difference-inputs.ts";
import { instantIn, now } from "../instant-flag.ts";

interface Flags {
  readonly since?: Instant;
  readonly at?: Instant;
  readonly inventory?: string;
  readonly inventoryBefore?: string;
  readonly data?: string;
  readonly by?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly noNewAccess?: boolean;
  readonly notGranted?: string;
  readonly noPublicAccess?: boolean;
}

export const command = buildCommand<Flags, [string, string], Context>({
  docs: {
    brief: "The exact difference of two policies: who gains access, who loses it, and what it touches",
    fullDescription:
      "Compares every class of ends, every service, every time from now on and everything that can be known of a conversation; nothing is sampled, and text, names and order make no difference. Without an inventory, one workload of every kind that the policies tell apart is compared. Exit 0: nothing that a flag forbids. 1: something that a flag forbids, or a policy has errors. 2: something could not be told.",
  },
  parameters: {
    flags: {
      since: { kind: "parsed", parse: instantIn, optional: true, brief: "Only recorded flows that began at this time or later" },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "From when on: 2026-11-25T12:00:00Z, or a day (now)" },
      inventory: inventoryFlag,
      inventoryBefore: { kind: "parsed", parse: String, optional: true, brief: "The same as it was before: growth by rules and by workloads are told apart" },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead), with its recorded flows" },
      by: { kind: "parsed", parse: String, optional: true, brief: "Label keys of the groups: app,env,role" },
      markdown: { kind: "boolean", optional: true, brief: "For the reviewer of a pull request" },
      json: { kind: "boolean", optional: true, brief: "The whole difference as one JSON object" },
      noNewAccess: { kind: "boolean", optional: true, brief: "Exit 1 if anything is allowed that was not" },
      notGranted: { kind: "parsed", parse: String, optional: true, brief: "A policy file with `forbid` rules: exit 1 if the new policy allows any of it" },
      noPublicAccess: { kind: "boolean", optional: true, brief: "Exit 1 if the new policy lets a public address open any workload" },
    },
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "old", brief: "A directory with the policy as it was", parse: String },
        { placeholder: "new", brief: "A directory with the policy as it would be", parse: String },
      ],
    },
  },
  async func(this: Context, flags, oldDirectory, newDirectory) {
    const { policySetIn } = await import("../policy-input.ts");
    const before = await policySetIn(this, oldDirectory, flags.json === true);
    const after = before === null ? null : await policySetIn(this, newDirectory, flags.json === true);
    if (before === null || after === null) return;
    const forbids = flags.notGranted === undefined ? null : await forbidsIn(this, newDirectory, flags.notGranted);
    if (flags.notGranted !== undefined && forbids === null) return;
    const [{ peopleFor }, { reportOf }, { printReport }] = await Promise.all([
      import("../difference-inputs.ts"),
      import("../difference-report-of.ts"),
      import("../difference-print.ts"),
    ]);
    const people: People = await peopleFor(this, flags, [before, after]);
    const report = await reportOf({
      before,
      after,
      people,
      at: flags.at ?? now(),
      since: flags.since ?? null,
      directory: newDirectory,
      checks: checksAsked(flags, forbids),
    });
    await printReport(this, report, flags);
  },
});

/** What the flags forbid: new access, and what the new policy would have to deny. */
function checksAsked({ noNewAccess, notGranted, noPublicAccess }: Flags, forbids: readonly Rule[] | null) {
  return {
    isNewForbidden: noNewAccess === true,
    notGranted: forbids === null ? null : { flag: `--not-granted ${notGranted}`, forbids },
    isPublicForbidden: noPublicAccess === true,
  };
}

async function forbidsIn(context: Context, directory: string, path: string): Promise<readonly Rule[] | null> {
  const { notGrantedIn } = await import("../not-granted-file.ts");
  return notGrantedIn(context, directory, path);
}
