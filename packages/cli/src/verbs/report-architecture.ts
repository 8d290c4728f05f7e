import { buildCommand } from "@stricli/core";
import { bulkheadVersion } from "../bulkhead-version.ts";
import { type Context, heldDirectory } from "../context.ts";
import { now } from "../instant-flag.ts";
import { type ReportFlags, reportFlags } from "../report-flags.ts";

interface Flags extends ReportFlags {
  readonly calendar?: string;
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Deliverable 1: the network and application architecture map, with every gap named",
    fullDescription:
      "Writes index.html (offline, readable without a script), report.json, report.pdf (tagged), tables/*.csv and record.json, from which `bulkhead replay` computes the same bytes again. What it was computed from is kept in the data directory.",
  },
  parameters: {
    flags: {
      ...reportFlags,
      calendar: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "file",
        brief: "Declared cycles and releases, for the estimate of what is still to come",
      },
    },
  },
  async func(this: Context, { out, since = null, until = null, at, front, calendar, pdf, json, data }) {
    const directory = heldDirectory(this, data);
    const [{ architectureInputs }, { architectureReport }, { writeReport }, { frontIn }] = await Promise.all([
      import("../architecture-inputs.ts"),
      import("@bulkhead/core/report/architecture/architecture"),
      import("../made-report.ts"),
      import("../front-matter.ts"),
    ]);
    const inputs = await architectureInputs(directory, {
      version: bulkheadVersion,
      generatedAt: at ?? now(),
      front: front === undefined ? {} : await frontIn(front),
      since,
      until,
      calendar: calendar ?? null,
    });
    const made = { kind: "report architecture", document: architectureReport(inputs), generatedAt: inputs.generatedAt } as const;
    if (!(await writeReport(this, made, { directory, inputs, out, pdf, json })) || inputs.flows.length > 0) return;
    this.say("no conversation was ingested for this time: `bulkhead ingest PATH…` reads captures and flow logs\n");
    this.exit(2);
  },
});
