import { inventoryOf } from "@bulkhead/core/inventory/inventory-file";
import { mergedLeases } from "@bulkhead/core/inventory/merged-leases";
import type { Say } from "@bulkhead/core/inventory/problem";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import { parseAllDocuments } from "yaml";
import { parseInventoryCsv } from "../csv/parse.ts";
import { isManifest, parseManifests } from "../kubernetes/parse.ts";
import { type InventoryReading, nothingRead, refused } from "../reading.ts";

// The YAML reader keeps every token: 16 MiB of them are minutes and gigabytes; beyond this, JSON or CSV.
const yamlMax = 4 * 1024 * 1024;
// Minutes of work for the YAML reader, and nothing that an inventory needs.
const depthMax = 200;
const attributes = ["class", "owner", "os", "criticality", "hva", "fisma", "fisma-system"] as const;

/** Reads an inventory whatever its form: JSON or YAML of assets, Kubernetes manifests, else CSV with a header line. Never throws; `say` is told what could not be read. */
export function parseInventory(text: string, say: Say): InventoryReading {
  if (text.slice(0, 65_536).includes("\u0000")) return refused(say, "binary", "this is a binary file; an inventory is CSV, JSON or YAML");
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (start === "") return refused(say, "empty", "it is empty");
  if (/^[[{]/.test(start)) return jsonReading(start, say);
  const head = start.slice(0, 65_536);
  const looksYaml = /^(---\s|%YAML)/.test(head) || (/^(#|- |[A-Za-z][\w-]*:(\s|$))/.test(head) && /^\s*(- )?[A-Za-z][\w-]*:(\s|$)/m.test(head));
  return looksYaml ? yamlReading(start, say) : parseInventoryCsv(text, say);
}

function jsonReading(text: string, say: Say): InventoryReading {
  try {
    return documentsReading([JSON.parse(text)], say);
  } catch (error) {
    return refused(say, "no-json", `this is no JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

function yamlReading(text: string, say: Say): InventoryReading {
  if (isDeep(text)) return refused(say, "too-deep", `YAML that nests deeper than ${depthMax} is not read`);
  if (text.length > yamlMax) return refused(say, "too-large", `YAML over ${yamlMax} characters is not read; give it as JSON (\`kubectl get -o json\`) or CSV`);
  try {
    const documents = [...parseAllDocuments(text, { version: "1.2", schema: "core", merge: false, logLevel: "silent" })];
    const error = documents.flatMap((one) => one.errors)[0];
    if (error !== undefined) return refused(say, "no-yaml", `this is no YAML: ${error.message.split("\n")[0] ?? ""}`);
    // An alias can stand for a billion values, so none is followed.
    const written = documents.map((one): unknown => one.toJS({ maxAliasCount: 0 })).filter((one) => one !== null);
    return documentsReading(written, say);
  } catch (error) {
    return refused(say, "no-yaml", `this YAML is not read: ${error instanceof Error ? error.message : ""}; write values out instead of anchors and aliases`);
  }
}

function isDeep(text: string): boolean {
  if (/(-[ \t]+){200}/.test(text)) return true;
  let depth = 0;
  for (let at = 0; at < text.length && depth <= depthMax; at += 1) {
    const char = text[at];
    if (char === "[" || char === "{") depth += 1;
    else if ((char === "]" || char === "}") && depth > 0) depth -= 1;
  }
  return depth > depthMax;
}

function documentsReading(documents: readonly unknown[], say: Say): InventoryReading {
  if (documents.some(isManifest)) return { ...nothingRead, sightings: parseManifests(documents) };
  const readings = documents.map((one) => assetsReading(one, say));
  return {
    sightings: readings.flatMap(({ sightings }) => sightings),
    points: readings.flatMap(({ points }) => points),
    quarantined: readings.flatMap(({ quarantined }) => quarantined),
  };
}

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
    for (const key of attributes)
      if (Object.hasOwn(side, key) && ["string", "number", "boolean"].includes(typeof side[key]) && side[key] !== "") told[key] ??= String(side[key]);
  return told;
}

function workloadsIn(written: unknown): readonly Record<string, unknown>[] {
  const list = typeof written === "object" && written !== null && "workloads" in written ? written.workloads : [];
  return Array.isArray(list) ? list.filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null) : [];
}
