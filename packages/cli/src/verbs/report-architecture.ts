import type { Instant } from "@bulkhead/core/base/instant";
import { buildCommand } from "@stricli/core";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { instantIn, now } from "../instant-flag.ts";
import { bulkheadVersion } from "../bulkhead-version.ts";

interface Flags {
  readonly out: string;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly at?: Instant;
  readonly front?: string;
  readonly calendar?: string;
  readonly pdf: boolean;
  readonly json?: boolean;
  readonly data?: string;
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Deliverable 1: the network and application architecture map, with every gap named",
    fullDescription:
      "Writes index.html (offline, readable without a script), report.json, report.pdf (tagged), tables/*.csv and record.json, from which `bulkhead replay` computes the same bytes again. What it was computed from is kept in the data directory.",
  },
  parameters: {
    flags: {
      out: { kind: "parsed", parse: String, placeholder: "directory", brief: "Where to write; files of an earlier report are replaced" },
      since: { kind: "parsed", parse: instantIn, optional: true, brief: "Only conversations that began at this time or later" },
      until: { kind: "parsed", parse: instantIn, optional: true, brief: "Only conversations that began before this time" },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "The time that the report bears; now when nothing else is said" },
      front: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "file",
        brief: "JSON with what only people know: agency, system, scope statement, …",
      },
      calendar: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "file",
        brief: "Declared events instead of those of `bulkhead calendar`, for the estimate of what is still to come",
      },
      pdf: { kind: "boolean", default: true, withNegated: true, brief: "Also write report.pdf" },
      json: { kind: "boolean", optional: true, brief: "Print the decision record" },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead)" },
    },
  },
  async func(this: Context, { out, since = null, until = null, at, front, calendar, pdf, json, data }) {
    const directory = heldDirectory(this, data);
    const [{ architectureInputs, linesOf }, { architectureReport }, { formsOf, writeAll }, { outputDigests, recordText }, { pin }, { frontIn }] =
      await Promise.all([
        import("../architecture-inputs.ts"),
        import("@bulkhead/core/report/architecture/architecture"),
        import("../written-report.ts"),
        import("../decision-record.ts"),
        import("@bulkhead/adapters/records/pinned-inputs"),
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
    const files = await formsOf(architectureReport(inputs), { pdfAt: pdf ? inputs.generatedAt : null });
    const record = recordText({
      record: 1,
      kind: "report architecture",
      bulkhead: bulkheadVersion,
      inputs: await pin(directory, linesOf(inputs)),
      outputs: outputDigests(files),
    });
    await writeAll(out, [...files, ["record.json", record] as const]);
    if (json === true) this.out(record);
    else
      this.out(
        `${printable(out)}/index.html: ${counted(files.size, "file")} and record.json; \`bulkhead replay ${printable(out)}/record.json\` computes them again\n`,
      );
    if (inputs.flows.length > 0) return;
    this.say("no conversation was ingested for this time: `bulkhead ingest PATH…` reads captures and flow logs\n");
    this.exit(2);
  },
});
