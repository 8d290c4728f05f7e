import { buildCommand } from "@stricli/core";
import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import { type Context, printable } from "../context.ts";

interface Flags {
  readonly check?: boolean;
  readonly json?: boolean;
}

interface Outcome {
  readonly changed: readonly { readonly path: string; readonly text: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Write policy files in the canonical form",
    fullDescription:
      "Comments stay, the meaning never changes, and a file is replaced in one step. Exit 1: a file cannot be read, or with --check would change.",
  },
  parameters: {
    flags: {
      check: { kind: "boolean", optional: true, brief: "Change nothing; say which files would change" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const [{ policyFilesIn }, { formatPolicy }, { replaceFile }, { Failure }, { join }] = await Promise.all([
      import("@bulkhead/adapters/policies/directory"),
      import("@bulkhead/core/language/format"),
      import("@bulkhead/adapters/policies/replace-file"),
      import("@bulkhead/core/base/failure"),
      import("node:path"),
    ]);
    const files = await policyFilesIn(directory);
    const formatted = files.map((file) => ({ ...file, ...formatPolicy(file) }));
    const changed = formatted.flatMap(({ path, bytes, text }) => (text === null || text === new TextDecoder().decode(bytes) ? [] : [{ path, text }]));
    for (const { path, text } of flags.check === true ? [] : changed)
      await replaceFile(join(directory, path), text).catch((error: Error) => {
        throw new Failure(`${join(directory, path)} cannot be replaced: ${error.message}`, "it still holds its old text; mend the cause and run again");
      });
    const diagnostics = formatted.flatMap((file) => file.diagnostics);
    await tell(this, flags, { directory, files, outcome: { changed, diagnostics } });
    if (diagnostics.length > 0 || (flags.check === true && changed.length > 0)) this.exit(1);
  },
});

interface Run {
  readonly directory: string;
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly outcome: Outcome;
}

async function tell(context: Context, flags: Flags, { directory, files, outcome: { changed, diagnostics } }: Run): Promise<void> {
  const { diagnosticsJson, diagnosticsText } = await import("../diagnostics-text.ts");
  if (flags.json === true) {
    const paths = changed.map(({ path }) => path);
    context.out(`${JSON.stringify({ changed: paths, ...(JSON.parse(diagnosticsJson(diagnostics)) as object) })}\n`);
    return;
  }
  for (const { path } of changed) context.out(`${flags.check === true ? "would change" : "changed"} ${printable(`${directory}/${path}`)}\n`);
  const textOf = (path: string): string => new TextDecoder().decode(files.find((file) => file.path === path)?.bytes);
  if (diagnostics.length > 0) context.out(diagnosticsText(diagnostics, { textOf, directory, colours: context.colours }));
  context.say(`${files.length} policy ${files.length === 1 ? "file" : "files"}, ${changed.length} ${flags.check === true ? "to change" : "changed"}\n`);
}
