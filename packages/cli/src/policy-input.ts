import { policyFilesIn } from "@bulkhead/adapters/policies/directory";
import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import { Failure } from "@bulkhead/core/base/failure";
import { readInventoryFile } from "@bulkhead/core/inventory/inventory-file";
import { readPolicySet } from "@bulkhead/core/language/read";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Inventory } from "@bulkhead/core/model/workload";
import { stat } from "node:fs/promises";
import { boundedText } from "./bounded-text.ts";
import { type Context, printable } from "./context.ts";
import { diagnosticsJson, diagnosticsText } from "./diagnostics-text.ts";
import { diagnosticsSarif } from "./sarif.ts";

/** A policy without errors, and diagnostics about it as `check` prints them. */
export interface PolicyInput {
  readonly set: PolicySet;
  readonly print: (diagnostics: readonly Diagnostic[]) => void;
}

/** How diagnostics are printed: for people, or for machines. */
export type DiagnosticsForm = "text" | "json" | "sarif";

/** The policy of a directory; or null after its mistakes were printed as `check` prints them, and the exit code set to 1. */
export async function policyIn(context: Context, directory: string, form: DiagnosticsForm): Promise<PolicyInput | null> {
  const files = await policyFilesIn(directory);
  if (files.length === 0)
    throw new Failure(`${directory} holds no policy: no file ends in .yaml, .yml or .json`, "run `bulkhead init` for first files, or name another directory");
  const { set, diagnostics } = readPolicySet(files);
  const bytes = new Map(files.map((file) => [file.path, file.bytes]));
  const textOf = (path: string): string => new TextDecoder().decode(bytes.get(path));
  const print = (some: readonly Diagnostic[]): void => {
    const bare = directory.replace(/\/+$/, "");
    if (form === "text") context.out(diagnosticsText(some, { textOf, directory: bare, colours: context.colours }));
    else context.out(form === "json" ? diagnosticsJson(some) : diagnosticsSarif(some, directory));
  };
  if (!diagnostics.some(({ severity }) => severity === "error")) return { set, print };
  print(diagnostics);
  context.exit(1);
  return null;
}

/** The policy set of a directory; or null after its mistakes were printed as `check` prints them, and the exit code set to 1. */
export async function policySetIn(context: Context, directory: string, isJson: boolean): Promise<PolicySet | null> {
  return (await policyIn(context, directory, isJson ? "json" : "text"))?.set ?? null;
}

// Longer texts are longer than JavaScript's strings.
const inventoryBytesMax = 1 << 28;

/** The inventory of a JSON file; what could not be read in it is said on standard error. */
export async function inventoryIn(context: Context, path: string): Promise<Inventory> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new Failure(`there is no inventory ${path}`, "name a JSON file with `workloads`; docs/reference/inventory.md shows one");
  const { inventory, problems } = readInventoryFile(await boundedText(path, { bytesMax: inventoryBytesMax, next: "split it by realm" }));
  for (const problem of problems.slice(0, 20)) context.say(`bulkhead: ${printable(path)}: ${printable(problem.message)}\n`);
  if (problems.length > 20) context.say(`bulkhead: ${printable(path)}: and ${problems.length - 20} more\n`);
  if (problems.length > 0 && inventory.workloads.length === 0)
    throw new Failure(`nothing in ${path} could be read as an inventory`, "docs/reference/inventory.md shows one");
  return inventory;
}
