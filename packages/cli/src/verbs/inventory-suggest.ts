import { buildCommand } from "@stricli/core";
import { Failure } from "@bulkhead/core/base/failure";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { printableCsv } from "../printable-csv.ts";
import { nothingSuggested, suggestionLines } from "../suggestion-text.ts";

interface Flags {
  readonly by: readonly string[];
  readonly data?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "Suggest labels that are missing or look wrong, and machines listed twice, with reasons; changes nothing; exit 1 when there are any" },
  parameters: {
    flags: {
      by: { kind: "parsed", parse: labelKeys, default: "app,env,role", brief: "Label keys to look at" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      csv: { kind: "boolean", optional: true, brief: "CSV to edit and to import with --first" },
    },
  },
  async func(this: Context, flags) {
    const [{ seenIn }, { labelReport }, { suggestionsCsv }] = await Promise.all([
      import("../seen.ts"),
      import("@bulkhead/core/map/labels/suggestions"),
      import("@bulkhead/core/map/labels/suggestions-csv"),
    ]);
    const seen = await seenIn(heldDirectory(this, flags.data));
    const report = labelReport({ ...seen, keys: flags.by });
    if (report.workloads === 0) throw new Failure("no workload is known here", "`bulkhead inventory import FILE` reads a list of them");
    const found = report.missing.length + report.doubtful.length + report.misspelt.length + report.duplicates.length;
    if (flags.json === true) await this.outSlowly(`${printable(JSON.stringify(report))}\n`);
    else if (flags.csv === true) await this.outSlowly(printableCsv(suggestionsCsv(report)));
    else {
      for (const line of suggestionLines(report)) await this.outSlowly(`${printable(line)}\n`);
      this.say(
        found > 0
          ? "next: `bulkhead inventory suggest --csv > labels.csv`, delete what is wrong, then `bulkhead inventory import labels.csv --source labels --first`\n"
          : `${printable(nothingSuggested(report, seen))}\n`,
      );
    }
    this.exit(found > 0 ? 1 : 0);
  },
});

function labelKeys(text: string): readonly string[] {
  const keys = text.split(",").map((key) => key.trim());
  if (keys.some((key) => key === "")) throw new SyntaxError(`\`${text}\` is no list of label keys such as app,env,role`);
  return keys;
}
