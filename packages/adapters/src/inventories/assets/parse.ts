import { inventoryOf } from "@bulkhead/core/inventory/inventory-file";
import { mergedLeases } from "@bulkhead/core/inventory/merged-leases";
import type { Say } from "@bulkhead/core/inventory/problem";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import { attributeNames } from "../attribute-names.ts";
import type { DocumentFormat } from "../formats.ts";
import { type InventoryReading, together } from "../reading.ts";

/** Our own documents: `{ workloads, points, quarantined }` or a plain list of workloads. Everything that nothing else recognises is held for one. */
export const assets: DocumentFormat = {
  name: "assets",
  recognises: () => true,
  read: (documents, { say }) => together(documents.map((one) => assetsReading(one, say))),
};

function assetsReading(written: unknown, say: Say): InventoryReading {
  const listed = Array.isArray(written) ? { workloads: written as unknown[] } : written;
  const { workloads, points, quarantined } = inventoryOf(listed, say);
  const beside = new Map<unknown, Record<string, unknown>>();
  for (const one of workloadsIn(listed)) if (!beside.has(one["id"])) beside.set(one["id"], one);
  const sightings = workloads.map(({ id, labels, leases, identity, point }): Sighting => {
    const told = Object.assign(Object.create(null) as Record<string, string>, point ? { point: "true" } : {}, statedBy(beside.get(id) ?? {}));
    if (identity !== null) Object.assign(told, { identity: identity.name, "identity-tier": String(identity.tier) });
    return { id, labels, attributes: told, leases: mergedLeases(leases) };
  });
  return { sightings, points, quarantined };
}

/** The attributes beside the labels, or under `attributes` as `bulkhead inventory --json` prints them. */
function statedBy(workload: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const told: Record<string, string> = {};
  const inner = workload["attributes"];
  for (const side of [workload, typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {}])
    for (const key of attributeNames)
      if (Object.hasOwn(side, key) && ["string", "number", "boolean"].includes(typeof side[key]) && side[key] !== "") told[key] ??= String(side[key]);
  return told;
}

function workloadsIn(written: unknown): readonly Record<string, unknown>[] {
  const list = typeof written === "object" && written !== null && "workloads" in written ? written.workloads : [];
  return Array.isArray(list) ? list.filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null) : [];
}
