import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, dataDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

interface Flags {
  readonly source?: string;
  readonly rejects?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

// Manifests of a cluster are some megabytes.
const bytesMax = 64 * 1024 * 1024;

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "Keep what these files declare to depend on what; importing a source again replaces what it declared" },
  parameters: {
    flags: {
      source: { kind: "parsed", parse: String, optional: true, brief: "Who declares it (else the file's name)" },
      rejects: { kind: "boolean", optional: true, brief: "List everything that could not be read, on standard error" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: {
      kind: "array",
      parameter: { brief: "Manifests of Kubernetes, compose files, CSV of services; or a directory of such files", parse: String, placeholder: "file" },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...paths) {
    const [{ parseDeclared }, { saveDeclared }, { boundedText }, { ProblemTally }, { basename }, { inventoryFilesIn }] = await Promise.all([
      import("@bulkhead/adapters/declared/open"),
      import("@bulkhead/adapters/declared/state"),
      import("../bounded-text.ts"),
      import("../problem-tally.ts"),
      import("node:path"),
      import("../inventory-files.ts"),
    ]);
    const source = flags.source ?? basename(paths[0]!);
    if (source.trim() === "") throw new Failure("a source needs a name", "give --source NAME");
    const tally = new ProblemTally(this, flags.rejects === true);
    const files = [];
    for (const path of await inventoryFilesIn(paths)) {
      const text = await boundedText(path, { bytesMax, next: "split it and give all parts at once" });
      files.push({ path, text, say: (problem: Parameters<typeof tally.take>[1]) => tally.take(path, problem) });
    }
    const dependencies = parseDeclared(files);
    tally.say();
    if (dependencies.length === 0)
      throw new Failure(
        "no dependency was read, so nothing was changed",
        "give manifests, compose files, or CSV with columns `client`, `server`, `service` (docs/reference/declared.md)",
      );
    await saveDeclared(dataDirectory(this, flags.data), { source, at: Date.now() * 1000, dependencies });
    if (flags.json === true)
      this.out(`${printable(JSON.stringify({ source, dependencies: dependencies.length, problems: tally.count, reasons: tally.byReason() }))}\n`);
    else
      this.out(
        `${printable(`${counted(dependencies.length, "declared dependency", "declared dependencies")} from ${source}`)}${tally.count > 0 ? `, ${counted(tally.count, "problem")}` : ""}\n`,
      );
  },
});
