import { readInventoryFile } from "@bulkhead/core/inventory/inventory-file";
import { ipText } from "@bulkhead/core/base/ip";
import type { Inventory } from "@bulkhead/core/model/workload";
import type { Topology } from "./topology.ts";

/** The inventory of a topology: every host with labels is a workload with a live point. */
export function inventoryText({ hosts }: Topology): string {
  const workloads = hosts.flatMap(({ id, labels, addresses }) => (labels === null ? [] : [{ id, labels, addresses: addresses.map(ipText), point: true }]));
  return `${JSON.stringify({ workloads }, null, 2)}\n`;
}

/** The same, as the meaning reads it. */
export const inventoryOf = (topology: Topology): Inventory => readInventoryFile(inventoryText(topology)).inventory;
