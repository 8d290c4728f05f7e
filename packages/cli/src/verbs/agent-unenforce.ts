import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";

export const command = buildCommand<{ readonly data: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "Remove the rules of this host, and write down that it was done (root)" },
  parameters: {
    flags: {
      data: { kind: "parsed", parse: String, brief: "The data directory of the agent" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    if (process.getuid?.() !== 0) throw new Failure("only root may remove rules from the kernel", "run it as root");
    const { unenforce } = await import("@bulkhead/agent/unenforce");
    const at = new Date().toISOString();
    await unenforce(flags.data, at);
    this.out(
      flags.json === true
        ? `${JSON.stringify({ event: "unenforced", at })}\n`
        : "this host enforces nothing any more; it is written down in the data directory\n",
    );
  },
});
