import { unguarded } from "@bulkhead/core/base/formula";
import { instantOf, midnightOf, type Instant } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import { mergedLeases } from "@bulkhead/core/inventory/merged-leases";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import { nearest } from "@bulkhead/core/language/hints";
import type { Lease } from "@bulkhead/core/model/workload";
import { csvRows } from "../../sources/csv/rows.ts";
import { attributeNames } from "../attribute-names.ts";
import { type InventoryReading, refused } from "../reading.ts";
import { delimiterOf } from "../table.ts";

// Columns that are no labels; every other column is one.
const leaseColumns: ReadonlySet<string> = new Set(["id", "address", "from", "until"]);
const attributeColumns: ReadonlySet<string> = new Set([...attributeNames, "identity", "identity-tier", "point"]);
// Ten times the largest estates that we know of; a file with more would fill the memory before anything is kept.
const rowsMax = 2_000_000;

/** Reads a CSV of assets with a header line: rows with one id are one workload, each row a lease; an empty cell states nothing. */
export function parseInventoryCsv(text: string, say: Say): InventoryReading {
  const found = new Map<string, Growing>();
  let columns: Columns | null = null;
  let rows = 0;
  for (const row of csvRows(text, delimiterOf(text))) {
    const where = `line ${row.line}`;
    rows += 1;
    if (rows > rowsMax) return refused(say, "too-many-rows", `${where}: more than ${rowsMax} rows are not read; leave out leases that nobody asks about`);
    if (row.kind === "fault") say({ reason: row.reason, message: `${where}: ${row.message}` });
    else if (columns === null) {
      columns = columnsOf(row.values);
      if (!columns.at.has("id")) return refused(say, "no-id-column", `${where}: the header names no column \`id\``);
      const twice = columns.names.find((name, index) => name !== "" && columns?.at.get(name) !== index);
      for (const message of misspelt(columns.names)) say({ reason: "misspelt-column", message: `${where}: ${message}` });
      if (twice !== undefined) say({ reason: "column-twice", message: `${where}: the header names ${quoted(twice)} twice; the first one counts` });
    } else if (row.values.length !== columns.names.length)
      say({ reason: "columns", message: `${where}: ${row.values.length} columns, the header names ${columns.names.length}` });
    else addRow(found, columns, { values: row.values, where, say });
  }
  if (columns === null) return refused(say, "empty", "no line with a header is in it");
  const sightings = [...found].flatMap(([id, { labels, attributes, leases, otherwise }]): readonly Sighting[] => [
    { id, labels, attributes, leases: mergedLeases(leases) },
    ...otherwise.values(),
  ]);
  return { sightings, points: [], quarantined: [] };
}

interface Columns {
  readonly names: readonly string[];
  /** The first column of each name. */
  readonly at: ReadonlyMap<string, number>;
  /** The columns of labels and attributes. */
  readonly stating: readonly { readonly at: number; readonly side: "labels" | "attributes"; readonly key: string }[];
}

function columnsOf(values: readonly string[]): Columns {
  // What begins with `#` is for whoever reads the table.
  const names = values.map((name) => unguarded(name.trim())).map((name) => (name.startsWith("#") ? "" : name));
  const stating = names.flatMap((name, at) => {
    if (name === "" || leaseColumns.has(name) || names.indexOf(name) !== at) return [];
    return [{ at, side: attributeColumns.has(name) ? ("attributes" as const) : ("labels" as const), key: name.replace(/^label\./, "") }];
  });
  return { names, stating, at: new Map(names.map((name, index) => [name, index] as const).reverse()) };
}

// What people call the column of addresses, beside the words that only look like it.
const addressWords: ReadonlySet<string> = new Set("ip ipaddr ip-addr ip_addr ip-address ip_address ipaddress ipv4 ipv4-address addresses addr".split(" "));

/** A column that is absent while another looks as if it were meant: it would pass for a label, and nobody would hold an address. */
function misspelt(names: readonly string[]): readonly string[] {
  return [...leaseColumns].flatMap((wanted) => {
    if (names.includes(wanted)) return [];
    const others = names.filter((name) => !leaseColumns.has(name) && !attributeColumns.has(name));
    const meant = (wanted === "address" ? others.find((name) => addressWords.has(name.toLowerCase())) : undefined) ?? nearest(wanted, others);
    return meant === undefined || meant === null ? [] : [`no column is called \`${wanted}\`; did you mean ${quoted(meant)}? It is read as a label`];
  });
}

interface Growing {
  /** What a later row states otherwise: kept apart, so that both values stay known. */
  readonly otherwise: Map<string, Sighting>;
  readonly labels: Record<string, string>;
  readonly attributes: Record<string, string>;
  readonly leases: Lease[];
}

interface Row {
  readonly values: readonly string[];
  readonly where: string;
  readonly say: Say;
}

function addRow(found: Map<string, Growing>, columns: Columns, { values, where, say }: Row): void {
  const cell = (name: string): string => valueOf(values[columns.at.get(name) ?? -1]);
  const id = cell("id");
  if (id === "") return say({ reason: "no-id", message: `${where} has no \`id\`` });
  if (ipOf(id) !== undefined) return say({ reason: "address-as-id", message: `${where} is called ${quoted(id)}, which reads as an address; give it a name` });
  const known: Growing = found.get(id) ?? {
    // No prototype: `constructor` is a label like any other.
    labels: Object.create(null) as Record<string, string>,
    attributes: Object.create(null) as Record<string, string>,
    leases: [],
    otherwise: new Map(),
  };
  found.set(id, known);
  for (const { at, side, key } of columns.stating) {
    const value = valueOf(values[at]);
    if (value === "") continue;
    // Within one source the first row that states a value counts.
    const first = (known[side][key] ??= value);
    if (first !== value)
      contradict(
        known,
        { id, side, key, value, message: `${where}: ${quoted(id)} has ${key} ${quoted(value)}, and above ${quoted(first)}, which counts` },
        say,
      );
  }
  const lease = leaseOf(cell, where, say);
  if (lease !== null) known.leases.push(lease);
}

interface Contradiction {
  readonly id: string;
  readonly side: "labels" | "attributes";
  readonly key: string;
  readonly value: string;
  readonly message: string;
}

function contradict({ otherwise }: Growing, { id, side, key, value, message }: Contradiction, say: Say): void {
  const name = `${side} ${key} ${value}`;
  if (otherwise.has(name)) return;
  otherwise.set(name, { id, labels: {}, attributes: {}, leases: [], [side]: { [key]: value } });
  say({ reason: "contradiction", message });
}

// Our own CSV puts an apostrophe before what a spreadsheet would run as a formula.
const valueOf = (cell: string | undefined): string => (cell === undefined ? "" : unguarded(cell.trim()));

function leaseOf(cell: (name: string) => string, where: string, say: Say): Lease | null {
  const address = cell("address");
  if (address === "") return null;
  const refuse = (reason: string, message: string): null => {
    say({ reason, message: `${where}: ${message}` });
    return null;
  };
  const ip = ipOf(address);
  if (ip === undefined) return refuse("bad-address", `${quoted(address)} is no address`);
  const [from, until] = [borderOf(cell("from")), borderOf(cell("until"))];
  if (from === undefined || until === undefined) return refuse("bad-time", "`from` and `until` are times such as 2026-11-25T12:00:00Z, or empty");
  if (from !== null && until !== null && from >= until) return refuse("empty-lease", `the lease of ${quoted(address)} ends before it begins`);
  return { ip, from, until };
}

// Leases of one export begin and end at the same few instants.
const bordersMax = 4096;
const borders = new Map<string, Instant | null | undefined>();

function borderOf(text: string): Instant | null | undefined {
  if (text === "") return null;
  if (borders.has(text)) return borders.get(text);
  const at = instantOf(text) ?? midnightOf(text);
  if (borders.size >= bordersMax) borders.clear();
  borders.set(text, at);
  return at;
}
