import { shellWord } from "@bulkhead/core/base/shell-word";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { now } from "../instant-flag.ts";

interface Flags {
  readonly from?: "map";
  readonly data?: string;
  readonly json?: boolean;
}

const shownMax = 12;

export const command = buildCommand<Flags, [string?], Context>({
  docs: {
    brief: "Write the first policy files from what was seen",
    fullDescription:
      "Writes zones.yaml (labels and zones), conduits.yaml, common.yaml where infrastructure is shared, and one file for each application in each environment; every rule carries its evidence. What looks like a scan, was never answered, or has an end in no inventory is held out and listed, never allowed. Nothing is put into force, and no file is overwritten: exit 1 when one is there.",
  },
  parameters: {
    flags: {
      from: { kind: "enum", values: ["map"], optional: true, brief: "What to propose from: the map of everything ingested" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "Where to write; ./policy", parse: String, optional: true }] },
  },
  async func(this: Context, flags, directory = "policy") {
    const [{ seenIn }, { recommend }, { heldOutLines }, { crossingLines }, { writeFirstFiles }, { Failure }] = await Promise.all([
      import("../seen.ts"),
      import("@bulkhead/core/recommend/recommend"),
      import("@bulkhead/core/recommend/held-out-lines"),
      import("@bulkhead/core/recommend/crossing-lines"),
      import("../first-files.ts"),
      import("@bulkhead/core/base/failure"),
    ]);
    const { flows, workloads } = await seenIn(heldDirectory(this, flags.data));
    if (flows.length === 0)
      throw new Failure("nothing was seen yet, so there is nothing to propose from", "run `bulkhead ingest PATH` with captures or flow logs first");
    if (!workloads.some(({ labels }) => labels["app"] !== undefined && labels["env"] !== undefined))
      throw new Failure(
        "no workload has the labels `app` and `env`, so there is no segment to propose",
        "run `bulkhead inventory import FILE` with a list of who is who",
      );
    const proposal = recommend(flows, workloads, { at: now() });
    const { written, present } = await writeFirstFiles(directory, proposal.files);
    if (present.length > 0) {
      this.say(
        `bulkhead: ${printable(directory)} already has ${present.slice(0, 5).map(printable).join(", ")}; nothing was written\n  next: name a directory that does not exist yet, and compare\n`,
      );
      this.exit(1);
      return;
    }
    const held = heldOutLines(proposal.heldOut);
    const { zones } = proposal;
    const conduits = proposal.rules.filter(({ kind }) => kind === "conduit").length;
    const rules = proposal.rules.length - conduits;
    const likely = proposal.rules.filter((rule) => rule.likely !== null).length;
    if (flags.json === true) {
      const crossings = proposal.rules.flatMap(({ name, crosses, flows }) => (crosses === null ? [] : [{ rule: name, crosses, connections: flows }]));
      this.out(`${JSON.stringify({ directory, files: written, rules, likely, conduits, zones, crossings, heldOut: held })}\n`);
      return;
    }
    const lines = [
      `${counted(written.length, "file")} in ${printable(directory)}: ${counted(zones, "zone")}, ${counted(conduits, "conduit")}, ${counted(rules, "rule")} with their evidence`,
      ...written.map((path) => `  ${printable(path)}`),
      ...(likely > 0
        ? [`${likely} of the rules ${likely === 1 ? "is" : "are"} only likely: nobody saw what ${likely === 1 ? "it allows" : "they allow"}, and each says why`]
        : []),
      ...crossingLines(proposal.rules).map(printable),
      ...(held.length > 0 ? [`held out, not allowed by anything above:`, ...held.slice(0, shownMax).map((line) => `  ${printable(line)}`)] : []),
      ...(held.length > shownMax ? [`  and ${held.length - shownMax} more, as comments in the files`] : []),
    ];
    this.out(`${lines.join("\n")}\n`);
    const typed = printable(shellWord(directory));
    this.say(
      `next: read the files; \`bulkhead check ${typed}\` finds mistakes, \`bulkhead simulate ${typed}\` says what they would have denied\nnothing is enforced until a file beside them says so: stages: { segments: { POLICY: { in: enforce } }, zones: { ZONE: { boundary: enforce } } }\n`,
    );
  },
});
