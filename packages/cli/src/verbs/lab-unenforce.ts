import { buildCommand } from "@stricli/core";
import { dataFlag, jsonFlag } from "../lab-input.ts";
import { type Context, dataDirectory } from "../context.ts";
import { counted } from "../counted.ts";

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "Take the policy out of force on every host of the practice network (root)" },
  parameters: { flags: { data: dataFlag, json: jsonFlag } },
  async func(this: Context, flags) {
    const { askUp } = await import("@bulkhead/lab/keeper");
    const taken = await askUp(dataDirectory(this, flags.data), { kind: "unenforce" });
    this.out(
      flags.json === true
        ? `${JSON.stringify({ hosts: taken.map(({ host }) => host) })}\n`
        : `\`agent unenforce\` ran on ${counted(taken.length, "host")}: nothing is enforced any more, every packet passes\n`,
    );
  },
});
