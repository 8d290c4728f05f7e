import { buildCommand } from "@stricli/core";
import { instantText } from "@bulkhead/core/base/instant";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "List where values contradict each other, and addresses that several workloads claim at once; exit 1 when there are any" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const [{ loadInventory }, { contestedAddresses }, { contestedText }] = await Promise.all([
      import("@bulkhead/adapters/inventories/state"),
      import("@bulkhead/core/inventory/contested"),
      import("../contested-text.ts"),
    ]);
    const { conflicts, workloads } = await loadInventory(heldDirectory(this, flags.data));
    const contested = contestedAddresses(workloads);
    if (flags.json === true) {
      const timed = contested.map((one) => ({ ...one, from: timeText(one.from), until: timeText(one.until) }));
      await this.outSlowly(`${printable(JSON.stringify({ conflicts, contested: timed }))}\n`);
    } else {
      for (const { workload, attribute, believed, other } of conflicts)
        this.out(`${printable(`${workload}  ${attribute}: ${believed.value} (${believed.source}, believed), ${other.value} (${other.source})`)}\n`);
      for (const one of contested) this.out(`${printable(contestedText(one))}\n`);
      this.out(`${counted(conflicts.length + contested.length, "conflict")}\n`);
    }
    this.exit(conflicts.length + contested.length > 0 ? 1 : 0);
  },
});

const timeText = (at: number | null): string | null => (at === null ? null : instantText(at));
