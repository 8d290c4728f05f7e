import { readInventoryFile } from "@bulkhead/core/inventory/inventory-file";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import { parseAllDocuments } from "yaml";
import { type InventoryReading, parseInventoryCsv } from "../csv/parse.ts";
import { isManifest, parseManifests } from "../kubernetes/parse.ts";

// The YAML reader keeps every token; beyond this, JSON or CSV.
const yamlMax = 16 * 1024 * 1024;
const attributes = ["class", "owner", "os", "criticality", "hva", "fisma", "fisma-system"] as const;

/** Reads an inventory whatever its form: JSON or YAML of assets, Kubernetes manifests, else CSV with a header line. Never throws. */
export function parseInventory(text: string): InventoryReading {
  if (text.slice(0, 65_536).includes("\u0000")) return refused("this is a binary file; an inventory is CSV, JSON or YAML");
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (/^[[{]/.test(start)) return jsonReading(start);
  const looksYaml = /^(---|%YAML|#|- |[A-Za-z][\w-]*:(\s|$))/.test(start) && /^\s*(- )?[A-Za-z][\w-]*:(\s|$)/m.test(start);
  return looksYaml ? yamlReading(start) : parseInventoryCsv(text);
}

const refused = (sentence: string): InventoryReading => ({ sightings: [], problems: [sentence] });

function jsonReading(text: string): InventoryReading {
  try {
    return documentsReading([JSON.parse(text)]);
  } catch (error) {
    return refused(`this is no JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

function yamlReading(text: string): InventoryReading {
  if (text.length > yamlMax) return refused(`YAML over ${yamlMax} characters is not read; give it as JSON or CSV`);
  try {
    const documents = [...parseAllDocuments(text, { version: "1.2", schema: "core", merge: false, logLevel: "silent" })];
    const error = documents.flatMap((one) => one.errors)[0];
    if (error !== undefined) return refused(`this is no YAML: ${error.message.split("\n")[0] ?? ""}`);
    // An alias can stand for a billion values, so none is followed.
    return documentsReading(documents.map((one): unknown => one.toJS({ maxAliasCount: 0 })).filter((one) => one !== null));
  } catch (error) {
    return refused(`this YAML is not read: ${error instanceof Error ? error.message : ""}; write values out instead of anchors and aliases`);
  }
}

function documentsReading(documents: readonly unknown[]): InventoryReading {
  if (documents.some(isManifest)) return { sightings: parseManifests(documents), problems: [] };
  const readings = documents.map(assetsReading);
  return { sightings: readings.flatMap((one) => one.sightings), problems: readings.flatMap((one) => one.problems) };
}

function assetsReading(written: unknown): InventoryReading {
  const listed = Array.isArray(written) ? { workloads: written as unknown[] } : written;
  if (typeof listed !== "object" || listed === null || !("workloads" in listed)) return refused("no list `workloads`, and no Kubernetes object");
  const { inventory, problems } = readInventoryFile(JSON.stringify(listed) ?? "null");
  const beside = new Map<unknown, Record<string, unknown>>();
  for (const one of workloadsIn(listed)) if (!beside.has(one["id"])) beside.set(one["id"], one);
  const sightings = inventory.workloads.map(({ id, labels, leases, identity, point }): Sighting => {
    const stated = beside.get(id) ?? {};
    const told = Object.assign(Object.create(null) as Record<string, string>, point ? { point: "true" } : {});
    for (const key of attributes) if (["string", "number", "boolean"].includes(typeof stated[key])) told[key] = String(stated[key]);
    if (identity !== null) Object.assign(told, { identity: identity.name, "identity-tier": String(identity.tier) });
    return { id, labels, attributes: told, leases };
  });
  return { sightings, problems };
}

function workloadsIn(written: unknown): readonly Record<string, unknown>[] {
  const list = typeof written === "object" && written !== null && "workloads" in written ? written.workloads : [];
  return Array.isArray(list) ? list.filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null) : [];
}
