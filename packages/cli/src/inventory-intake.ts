import { pemReading } from "@bulkhead/adapters/inventories/certificates/read";
import { captureReading } from "@bulkhead/adapters/inventories/capture/read";
import { type InventoryReading, together } from "@bulkhead/adapters/inventories/reading";
import { parseInventory } from "@bulkhead/adapters/inventories/open";
import { type ColumnMapping, mappingOf } from "@bulkhead/adapters/inventories/mapped/parse";
import { yamlDocuments } from "@bulkhead/adapters/inventories/documents";
import { Failure } from "@bulkhead/core/base/failure";
import type { Instant } from "@bulkhead/core/base/instant";
import type { Problem } from "@bulkhead/core/inventory/problem";
import { stat } from "node:fs/promises";
import { boundedText } from "./bounded-text.ts";
import { inventoryFilesIn } from "./inventory-files.ts";

// A CMDB of a million leases is about 100 MB.
const bytesMax = 256 * 1024 * 1024;
// Ours are under 2 KiB; the YAML reader takes minutes for a large text of nothing but brackets.
const mappingBytesMax = 32 * 1024;

interface IntakeOptions {
  /** When the files were written; null asks each file. */
  readonly at: Instant | null;
  readonly mapping: ColumnMapping | null;
  readonly take: (path: string, problem: Problem) => void;
}

/** What these files and the files in these directories say together. */
export async function inventoryIn(paths: readonly string[], { at, mapping, take }: IntakeOptions): Promise<Required<InventoryReading>> {
  const readings: InventoryReading[] = [];
  for (const path of await inventoryFilesIn(paths)) {
    const say = (problem: Problem): void => take(path, problem);
    const heard = await captureReading(path, say);
    if (heard !== null) {
      readings.push(heard);
      continue;
    }
    const text = await boundedText(path, { bytesMax, next: "split it and give all parts at once" });
    const written = at ?? (await writtenAt(path));
    const options = { at: written, ...(mapping === null ? {} : { mapping }) };
    readings.push(pemReading(text, { say, at: written }) ?? parseInventory(text, say, options));
  }
  return together(readings);
}

/** Which column is what, as a mapping file says; docs/reference/inventory.md shows one. */
export async function inventoryMapping(path: string): Promise<ColumnMapping> {
  const refuse = (why: string): never => {
    throw new Failure(`the mapping ${path} ${why}`, "docs/reference/inventory.md shows a mapping that works");
  };
  const text = await boundedText(path, { bytesMax: mappingBytesMax, next: "a mapping is a list of columns; this is something else" });
  let why = "cannot be read";
  const [written] = yamlDocuments(text, ({ message }) => void (why = `cannot be read: ${message}`)) ?? refuse(why);
  const mapping = mappingOf(written);
  return "wrong" in mapping ? refuse(mapping.wrong) : mapping;
}

/** When a file was last written; now for what is no file, and never later than now. */
async function writtenAt(path: string): Promise<Instant> {
  const found = await stat(path);
  return Math.min(Date.now(), found.isFile() ? Math.floor(found.mtimeMs) : Infinity) * 1000;
}
