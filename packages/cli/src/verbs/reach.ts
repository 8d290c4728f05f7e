import type { Instant } from "@bulkhead/core/base/instant";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataFlag, inventoryFlag } from "../place-flags.ts";
import type { Context } from "../context.ts";
import { instantIn, now } from "../instant-flag.ts";
import type { Revision } from "../reach-inputs.ts";

interface Flags {
  readonly from?: string;
  readonly to?: string;
  readonly at?: Instant;
  readonly draft?: readonly string[];
  readonly cut?: boolean;
  readonly path?: string;
  readonly wire?: boolean;
  readonly throughAddresses?: boolean;
  readonly recheck?: boolean;
  readonly inventory?: string;
  readonly data?: string;
  readonly by?: string;
  readonly html?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Who can reach whom in how many steps, what falls with one host, and where to cut",
    fullDescription:
      "Follows what a policy allows from workload to workload. A side is a workload id, an address, internet, outside, workloads, anyone, or KEY=VALUE,KEY=VALUE, where zone and network are keys, too. Exit 0: no way, or nobody was asked about. 1: there is a way, or a policy has errors. 2: could not tell.",
  },
  parameters: {
    flags: {
      from: { kind: "parsed", parse: String, optional: true, brief: "From whom: app=shop,role=web, internet, web-1 (anyone)" },
      to: { kind: "parsed", parse: String, optional: true, brief: "To whom: hva=yes, zone=prod, ledger-1 (every workload)" },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "When: 2026-11-25T12:00:00Z, or a day (now)" },
      draft: {
        kind: "parsed",
        parse: String,
        optional: true,
        variadic: true,
        brief: "A directory with the policy as it would be, beside the first one; with --path, several",
      },
      cut: { kind: "boolean", optional: true, brief: "The fewest steps, rules and workloads that part --from and --to" },
      path: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "A file with the steps that an intruder took, one question a line: which would have been stopped?",
      },
      wire: { kind: "boolean", optional: true, brief: "What passes today, with the stages and live points, instead of what the policy allows" },
      throughAddresses: { kind: "boolean", optional: true, brief: "Addresses that no workload holds are steps between, too" },
      recheck: { kind: "boolean", optional: true, brief: "Ask the second engine about every pair, not about a sample" },
      inventory: inventoryFlag,
      data: dataFlag,
      by: { kind: "parsed", parse: String, optional: true, brief: "Label keys of the groups: app,env,role" },
      html: { kind: "parsed", parse: String, optional: true, placeholder: "file", brief: "Write a page with pictures of all this; it works offline" },
      json: { kind: "boolean", optional: true, brief: "Everything as one JSON object" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const { policySetIn } = await import("../policy-input.ts");
    const revisions: Revision[] = [];
    for (const one of [directory, ...(flags.draft ?? [])]) {
      const set = await policySetIn(this, one, flags.json === true);
      if (set === null) return;
      revisions.push({ directory: one.replace(/(?<=.)\/+$/, ""), set });
    }
    const { peopleFor } = await import("../difference-inputs.ts");
    const people = await peopleFor(
      this,
      flags,
      revisions.map(({ set }) => set),
    );
    const asked = { revisions, people, basis: flags.wire === true ? ("wire" as const) : ("policy" as const) };
    if (flags.path !== undefined) {
      const other = (["from", "to", "cut", "html", "throughAddresses", "recheck"] as const).find((flag) => flags[flag] !== undefined);
      if (other !== undefined) throw new Failure(`--path judges a way that was gone, and --${kebab(other)} asks for ways that could be`, "ask for one of them");
      const { printJudged } = await import("../reach-path-print.ts");
      await printJudged(this, { ...asked, path: flags.path, at: flags.at ?? null }, flags);
      return;
    }
    const { printReach } = await import("../reach-print.ts");
    await printReach(this, { ...asked, at: flags.at ?? now() }, flags);
  },
});

const kebab = (flag: string): string => flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
