import { instantOf, midnightOf, type Instant } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import type { Lease } from "@bulkhead/core/model/workload";
import { rowOf } from "../../sources/csv/row.ts";

export interface InventoryReading {
  readonly sightings: readonly Sighting[];
  /** What could not be read, one sentence each with its line. */
  readonly problems: readonly string[];
}

// Columns that are no labels; every other column is one.
const leaseColumns: ReadonlySet<string> = new Set(["id", "address", "from", "until"]);
const attributeColumns: ReadonlySet<string> = new Set("class owner os criticality hva fisma fisma-system identity identity-tier point".split(" "));
const problemsMax = 1000;

/** Reads a CSV of assets with a header line: rows with one id are one workload, each row a lease; an empty cell states nothing. */
export function parseInventoryCsv(text: string): InventoryReading {
  const problems: string[] = [];
  const say = (sentence: string): void => void (problems.length < problemsMax && problems.push(sentence));
  const [head = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = (rowOf(head, ",") ?? []).map((name) => name.trim());
  if (!names.includes("id")) return { sightings: [], problems: ["line 1: the header names no column `id`"] };
  const found = new Map<string, Growing>();
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const values = rowOf(line, ",");
    if (values === null || values.length !== names.length)
      say(`line ${at + 2}: ${values?.length ?? "unclosed quotes, so no"} columns, the header names ${names.length}`);
    else addRow(found, { names, values, where: `line ${at + 2}`, say });
  }
  return { sightings: [...found].map(([id, one]) => ({ id, labels: one.labels, attributes: one.attributes, leases: one.leases })), problems };
}

interface Growing {
  readonly labels: Record<string, string>;
  readonly attributes: Record<string, string>;
  readonly leases: Lease[];
}

interface Row {
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly where: string;
  readonly say: (sentence: string) => void;
}

function addRow(found: Map<string, Growing>, { names, values, where, say }: Row): void {
  const cell = (name: string): string => valueOf(values[names.indexOf(name)]);
  const id = cell("id");
  if (id === "") return say(`${where} has no \`id\``);
  if (ipOf(id) !== undefined) return say(`${where} is called \`${id}\`, which reads as an address; give it a name`);
  const known = found.get(id) ?? {
    labels: Object.create(null) as Record<string, string>,
    attributes: Object.create(null) as Record<string, string>,
    leases: [],
  };
  found.set(id, known);
  for (const [at, name] of names.entries()) {
    const value = valueOf(values[at]);
    if (name === "" || value === "" || leaseColumns.has(name)) continue;
    const side = attributeColumns.has(name) ? known.attributes : known.labels;
    // Within one source the first row that states a value counts.
    side[name.replace(/^label\./, "")] ??= value;
  }
  const lease = leaseOf(cell, where, say);
  if (lease !== null) known.leases.push(lease);
}

// Our own CSV puts an apostrophe before what a spreadsheet would run as a formula.
const valueOf = (cell: string | undefined): string => (cell ?? "").trim().replace(/^'(?=['=+\-@])/, "");

function leaseOf(cell: (name: string) => string, where: string, say: (sentence: string) => void): Lease | null {
  if (cell("address") === "") return null;
  const ip = ipOf(cell("address"));
  const [from, until] = [borderOf(cell("from")), borderOf(cell("until"))];
  if (ip === undefined) say(`${where}: \`${cell("address")}\` is no address`);
  else if (from === undefined || until === undefined) say(`${where}: \`from\` and \`until\` are times such as 2026-11-25T12:00:00Z, or empty`);
  else if (from !== null && until !== null && from >= until) say(`${where}: the lease of ${cell("address")} ends before it begins`);
  else return { ip, from, until };
  return null;
}

const borderOf = (text: string): Instant | null | undefined => (text === "" ? null : (instantOf(text) ?? midnightOf(text)));
