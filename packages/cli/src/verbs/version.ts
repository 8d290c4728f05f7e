/** verbs/ holds one file a verb: flags and words in, one call into core or adapters, text out. */
import { buildCommand } from "@stricli/core";
import { bulkheadVersion } from "../bulkhead-version.ts";
import type { Context } from "../context.ts";

export const command = buildCommand<{ readonly json?: boolean }, [], Context>({
  docs: { brief: "Print the version" },
  parameters: { flags: { json: { kind: "boolean", optional: true, brief: "JSON for machines" } } },
  func(this: Context, flags) {
    this.out(flags.json === true ? `${JSON.stringify({ version: bulkheadVersion })}\n` : `bulkhead ${bulkheadVersion}\n`);
  },
});
