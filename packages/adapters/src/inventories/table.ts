import { unguarded } from "@bulkhead/core/base/formula";
import type { Say } from "@bulkhead/core/inventory/problem";
import { csvRows } from "../sources/csv/rows.ts";

/** A CSV text with a header. */
export interface Table {
  /** The plain names of its columns. */
  readonly columns: ReadonlySet<string>;
  /** The columns as they are written. */
  readonly header: readonly string[];
  /** Each row once; faults were told. */
  rows(): Generator<TableRow>;
}

export interface TableRow {
  /** `line 7`. */
  readonly where: string;
  /** The trimmed cell of the first column whose plain name is one of these and that is not empty; else the empty text. */
  cell(...names: readonly string[]): string;
  /** The columns as they are written with their cells, empty ones left out. */
  readonly cells: readonly (readonly [string, string])[];
}

/** A column's name as exporters agree on it: lower case, letters and digits only. `Primary IP Address` and `primary_ip_address` are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

// As many as the CSV of assets may have.
const rowsMax = 2_000_000;

/** The table of a text, or null when it has no header line. PowerShell's `#TYPE` line is left out; the delimiter is the one that the header has most. */
export function tableOf(text: string, say: Say): Table | null {
  const start = text.replace(/^\uFEFF/, "");
  const skipped = /^#TYPE [^\n]*\n/.exec(start)?.[0].length ?? 0;
  const body = start.slice(skipped);
  const delimiter = delimiterOf(body);
  const first = csvRows(body.slice(0, 1 << 20), delimiter).next();
  if (first.done === true || first.value.kind === "fault") return null;
  const header = first.value.values.map((name) => unguarded(name.trim()));
  const places = new Map(header.map((name, index) => [plainName(name), index] as const).reverse());
  const linesBefore = skipped > 0 ? 1 : 0;
  return { header, columns: new Set(places.keys()), rows: () => rowsOf({ body, delimiter, header, places, linesBefore, say }) };
}

interface Reading {
  readonly body: string;
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  readonly linesBefore: number;
  readonly say: Say;
}

function* rowsOf({ body, delimiter, header, places, linesBefore, say }: Reading): Generator<TableRow> {
  let rows = 0;
  for (const row of csvRows(body, delimiter)) {
    const where = `line ${row.line + linesBefore}`;
    rows += 1;
    if (rows === 1) continue;
    if (rows > rowsMax) return say({ reason: "too-many-rows", message: `${where}: more than ${rowsMax} rows are not read; split the file` });
    if (row.kind === "fault") say({ reason: row.reason, message: `${where}: ${row.message}` });
    else if (row.values.length !== header.length)
      say({ reason: "columns", message: `${where}: ${row.values.length} columns, the header names ${header.length}` });
    else yield tableRow(row.values, { header, places, where });
  }
}

function tableRow(values: readonly string[], { header, places, where }: Pick<Reading, "header" | "places"> & { readonly where: string }): TableRow {
  const cellAt = (index: number): string => unguarded((values[index] ?? "").trim());
  return {
    where,
    cell(...names) {
      for (const name of names) {
        const value = cellAt(places.get(name) ?? -1);
        if (value !== "") return value;
      }
      return "";
    },
    get cells() {
      return header.flatMap((name, index) => (cellAt(index) === "" ? [] : [[name, cellAt(index)] as const]));
    },
  };
}

/** The delimiter of a table: comma, semicolon or tab, whichever its header has most. Spreadsheets write that of their country. */
export function delimiterOf(text: string): string {
  const end = text.indexOf("\n");
  const head = (end < 0 ? text : text.slice(0, end)).slice(0, 1 << 16).replace(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((one) => ({ one, count: head.split(one).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).one;
}
