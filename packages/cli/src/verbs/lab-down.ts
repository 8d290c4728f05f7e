import { buildCommand } from "@stricli/core";
import { dataFlag, jsonFlag } from "../lab-input.ts";
import { type Context, dataDirectory } from "../context.ts";

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "Remove the practice network, also what a killed one left behind (root)" },
  parameters: { flags: { data: dataFlag, json: jsonFlag } },
  async func(this: Context, flags) {
    const [{ missing }, { removeLab }] = await Promise.all([import("@bulkhead/lab/command"), import("@bulkhead/lab/keeper")]);
    const absent = missing();
    if (absent !== null) throw absent;
    const removed = await removeLab(dataDirectory(this, flags.data));
    this.out(
      flags.json === true
        ? `${JSON.stringify({ removed })}\n`
        : removed === 0
          ? "there was no lab\n"
          : `the lab is gone: ${removed} namespaces removed, with everything that ran in them\n`,
    );
  },
});
