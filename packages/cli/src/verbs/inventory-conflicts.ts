import { buildCommand } from "@stricli/core";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "List where two sources state different values; exit 1 when there are any" },
  parameters: {
    flags: {
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead)" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const { loadInventory } = await import("@bulkhead/adapters/inventories/state");
    const { conflicts } = await loadInventory(heldDirectory(this, flags.data));
    if (flags.json === true) this.out(`${printable(JSON.stringify({ conflicts }))}\n`);
    else {
      for (const { workload, attribute, believed, other } of conflicts)
        this.out(`${printable(`${workload}  ${attribute}: ${believed.value} (${believed.source}, believed), ${other.value} (${other.source})`)}\n`);
      this.out(`${counted(conflicts.length, "conflict")}\n`);
    }
    this.exit(conflicts.length > 0 ? 1 : 0);
  },
});
