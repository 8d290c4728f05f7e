import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import { shellWord } from "@bulkhead/core/base/shell-word";
import { buildCommand } from "@stricli/core";
import { type Context, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { instantIn, now } from "../instant-flag.ts";

const endedShown = 10;

interface Flags {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly schema?: boolean;
  readonly inventory?: string;
  readonly at?: Instant;
}

export const command = buildCommand<Flags, [string?], Context>({
  docs: {
    brief: "Say every mistake in a directory of policy",
    fullDescription:
      "Reads every .yaml, .yml and .json file of a directory and its folders, and runs the tests in them where nothing is wrong. Exit 0: no error (warnings may be). 1: errors. 2: the directory cannot be read.",
  },
  parameters: {
    flags: {
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      sarif: { kind: "boolean", optional: true, brief: "SARIF 2.1.0, for forges" },
      inventory: { kind: "parsed", parse: String, optional: true, brief: "A JSON file with workloads: tests are asked about those that match, too" },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "When tests ask: 2026-11-25T12:00:00Z, or a day (now)" },
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
    const read = readPolicySet(files);
    const failed = await testsOf(this, { ...flags, directory, read });
    const diagnostics = [...read.diagnostics, ...failed];
    const bytes = new Map(files.map((file) => [file.path, file.bytes]));
    const textOf = (path: string): string => new TextDecoder().decode(bytes.get(path));
    if (flags.sarif === true) {
      const { diagnosticsSarif } = await import("../sarif.ts");
      this.out(diagnosticsSarif(diagnostics, directory));
    } else if (flags.json === true) this.out(diagnosticsJson(diagnostics));
    else if (diagnostics.length > 0) this.out(diagnosticsText(diagnostics, { textOf, directory: directory.replace(/\/+$/, ""), colours: this.colours }));
    else {
      this.out(`${counted(files.length, "policy file")}: no mistake\n`);
      if (flags.inventory === undefined)
        this.say(`labels are not compared with an inventory here; \`bulkhead lint ${printable(shellWord(directory))}\` does it\n`);
    }
    sayEnded(this, read.set, { directory, at: flags.at ?? now() });
    if (read.unchecked > 0)
      this.say(
        `${counted(read.unchecked, "name was", "names were")} not checked: what ${read.unchecked === 1 ? "it refers" : "they refer"} to may stand in what could not be read; mend that, and check again\n`,
      );
    if (diagnostics.some(({ severity }) => severity === "error")) this.exit(1);
  },
});

/** An exception that is over opens nothing any more; that is no mistake, and nobody should have to find it out. */
function sayEnded(context: Context, { exceptions, policies }: PolicySet, { directory, at }: { readonly directory: string; readonly at: Instant }): void {
  const ended = [...exceptions, ...policies.flatMap((policy) => policy.exceptions)].filter(({ end }) => end !== null && end <= at);
  for (const { name, written, at: place } of ended.slice(0, endedShown))
    context.say(
      `${printable(`${directory.replace(/\/+$/, "")}/${place.file}:${place.line}: ${name} ended (until ${written.until}); it opens nothing, take it out`)}\n`,
    );
  if (ended.length > endedShown) context.say(`and ${counted(ended.length - endedShown, "more exception")} that ended\n`);
}

interface TestsOf extends Flags {
  readonly directory: string;
  readonly read: { readonly set: PolicySet; readonly diagnostics: readonly Diagnostic[] };
}

/** What the tests of the policy say; nothing while there are errors, for a test would only repeat them. */
async function testsOf(context: Context, { inventory, at, directory, read }: TestsOf): Promise<readonly Diagnostic[]> {
  const known = inventory === undefined ? null : await import("../policy-input.ts").then(({ inventoryIn }) => inventoryIn(context, inventory));
  if (read.set.tests.length === 0 || read.diagnostics.some(({ severity }) => severity === "error")) return [];
  const { failedTests } = await import("../failed-tests.ts");
  const flags = [...(inventory === undefined ? [] : ["--inventory", inventory]), ...(at === undefined ? [] : ["--at", instantText(at)])];
  return failedTests({ set: read.set, at: at ?? now(), inventory: known, directory, flags });
}
