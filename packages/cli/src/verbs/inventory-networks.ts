import { columns } from "@bulkhead/core/base/columns";
import type { BelievedNetwork } from "@bulkhead/core/inventory/believe";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "List the networks, routes and border devices that the imported sources name; exit 1 when there are none" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const { loadInventory } = await import("@bulkhead/adapters/inventories/state");
    const { networks } = await loadInventory(heldDirectory(this, flags.data));
    if (flags.json === true) await this.outSlowly(`${printable(JSON.stringify({ networks }))}\n`);
    else await this.outSlowly(table(networks));
    this.exit(networks.length > 0 ? 0 : 1);
  },
});

const attributesText = ({ attributes }: BelievedNetwork): string =>
  Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");

function table(networks: readonly BelievedNetwork[]): string {
  const rows = networks.map((one) => [one.kind, one.prefix ?? "-", one.name, one.source, attributesText(one)].map(printable));
  return `${[...columns(rows, { widest: 40 }), counted(networks.length, "network")].join("\n")}\n`;
}
