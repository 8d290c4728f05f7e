import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";

interface Flags {
  readonly json?: boolean;
  readonly schema?: boolean;
}

export const command = buildCommand<Flags, [string?], Context>({
  docs: {
    brief: "Say every mistake in a directory of policy",
    fullDescription:
      "Reads every .yaml, .yml and .json file of a directory and its folders. Exit 0: no error (warnings may be). 1: errors. 2: the directory cannot be read.",
  },
  parameters: {
    flags: {
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      schema: { kind: "boolean", optional: true, brief: "Print the JSON Schema of policy files for editors, and check nothing" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String, optional: true }] },
  },
  async func(this: Context, flags, directory) {
    if (flags.schema === true) {
      const { policySchemaText } = await import("@bulkhead/core/language/json-schema");
      this.out(policySchemaText());
      return;
    }
    const [{ policyFilesIn }, { readPolicySet }, { diagnosticsJson, diagnosticsText }, { Failure }] = await Promise.all([
      import("@bulkhead/adapters/policies/directory"),
      import("@bulkhead/core/language/read"),
      import("../diagnostics-text.ts"),
      import("@bulkhead/core/base/failure"),
    ]);
    if (directory === undefined) throw new Failure("no directory is named", "run `bulkhead check DIR` with the directory of your policy");
    const files = await policyFilesIn(directory);
    if (files.length === 0)
      throw new Failure(`${directory} holds no policy: no file ends in .yaml, .yml or .json`, "run `bulkhead init` for first files, or name another directory");
    const { diagnostics } = readPolicySet(files);
    const bytes = new Map(files.map((file) => [file.path, file.bytes]));
    const textOf = (path: string): string => new TextDecoder().decode(bytes.get(path));
    if (flags.json === true) this.out(diagnosticsJson(diagnostics));
    else if (diagnostics.length > 0) this.out(diagnosticsText(diagnostics, { textOf, directory: directory.replace(/\/+$/, ""), colours: this.colours }));
    else this.out(`${files.length} policy ${files.length === 1 ? "file" : "files"}: no mistake\n`);
    if (diagnostics.some(({ severity }) => severity === "error")) this.exit(1);
  },
});
