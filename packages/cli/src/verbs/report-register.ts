import { buildCommand } from "@stricli/core";
import { existsSync } from "node:fs";
import { bulkheadVersion } from "../bulkhead-version.ts";
import { inventoryFlag } from "../place-flags.ts";
import { type Context, dataDirectory, heldDirectory, madeDirectory } from "../context.ts";
import { now } from "../instant-flag.ts";
import { type ReportFlags, reportFlags } from "../report-flags.ts";

interface Flags extends ReportFlags {
  readonly inventory?: string;
  readonly sincePolicy?: string;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Deliverable 2: the register of zones and of what may cross them, held against what was recorded",
    fullDescription:
      "Writes index.html (offline, readable without a script), report.json, report.pdf (tagged), tables/*.csv and record.json, from which `bulkhead replay` computes the same bytes again. What it was computed from, the policy files among it, is kept in the data directory. Exit 1: the policy has errors. 2: nothing was recorded, or the second engine disagrees.",
  },
  parameters: {
    flags: {
      ...reportFlags,
      at: { ...reportFlags.at, brief: "The time that the report bears, and at which the policy is asked; now when nothing else is said" },
      inventory: inventoryFlag,
      sincePolicy: { kind: "parsed", parse: String, optional: true, placeholder: "directory", brief: "The policy as it was: what changed since then" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, { out, since = null, until = null, at, front, pdf, json, ...flags }, policyDirectory) {
    const { policySetIn } = await import("../policy-input.ts");
    const set = await policySetIn(this, policyDirectory, json === true);
    const before = set === null || flags.sincePolicy === undefined ? null : await policySetIn(this, flags.sincePolicy, json === true);
    if (set === null || (flags.sincePolicy !== undefined && before === null)) return;
    const [{ peopleFor }, { policyTexts, registerInputs, registerKept }, { registerReport }, { writeReport }, { frontIn }] = await Promise.all([
      import("../difference-inputs.ts"),
      import("../register-inputs.ts"),
      import("@bulkhead/core/report/register/register"),
      import("../made-report.ts"),
      import("../front-matter.ts"),
    ]);
    const people = await peopleFor(this, flags, [set]);
    // What was named has to be there; what nobody named is made when there is something to keep.
    const isHeld = flags.data !== undefined || existsSync(dataDirectory(this, flags.data));
    const kept = await registerKept({
      version: bulkheadVersion,
      generatedAt: at ?? now(),
      front: front === undefined ? {} : await frontIn(front),
      since,
      until,
      people,
      directory: isHeld && flags.inventory === undefined ? heldDirectory(this, flags.data) : null,
      policy: await policyTexts(policyDirectory),
      before: flags.sincePolicy === undefined ? null : await policyTexts(flags.sincePolicy),
    });
    const made = { kind: "report register", ...registerReport(registerInputs(kept)), generatedAt: kept.generatedAt } as const;
    const directory = (isHeld ? heldDirectory : madeDirectory)(this, flags.data);
    if (!(await writeReport(this, made, { directory, inputs: kept, out, pdf, json }))) return;
    if (made.disagreements > 0) {
      this.say("the second engine disagrees with verdicts in this report: this is a fault of ours, and none of them can be trusted; section 2 says how many\n");
      this.exit(2);
    } else if (kept.flows.length === 0) {
      this.say(flags.inventory === undefined ? noFlows : "with --inventory no recorded flow is looked at: leave it out to hold the policy against them\n");
      this.exit(2);
    }
  },
});

const noFlows = "no conversation was ingested for this time: `bulkhead ingest PATH…` reads captures and flow logs\n";
