/** mapped/ reads any other CSV, when somebody says which of its columns is what. */
import { instantOf, midnightOf } from "@bulkhead/core/base/instant";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import { nearest } from "@bulkhead/core/language/hints";
import { attributeNames } from "../attribute-names.ts";
import { gathering, type Mention } from "../gathered.ts";
import { addressesIn } from "../powershell.ts";
import { type InventoryReading, nothingRead, type ReadingInput, refused } from "../reading.ts";
import { plainName, type TableRow, tableOf } from "../table.ts";

/** Which column of a table is what: names of our own CSV, with the table's own names for them. */
export type ColumnMapping = ReadonlyMap<string, string>;

const fixed: readonly string[] = ["id", "address", "from", "until", ...attributeNames, "identity", "identity-tier"];

/** The mapping that a value of YAML or JSON states, or what is wrong with it: `{ columns: { id: …, address: …, owner: …, label.app: … } }`. */
export function mappingOf(written: unknown): ColumnMapping | { readonly wrong: string } {
  const columns = typeof written === "object" && written !== null && "columns" in written ? written.columns : undefined;
  if (typeof columns !== "object" || columns === null || Array.isArray(columns)) return { wrong: "has no `columns`" };
  for (const [name, column] of Object.entries(columns)) {
    const meant = nearest(name, fixed);
    if (!fixed.includes(name) && !/^label\../.test(name))
      return { wrong: `maps ${quoted(name)}, which is none of ${fixed.join(", ")} and no label.KEY${meant === null ? "" : `; did you mean \`${meant}\`?`}` };
    if (typeof column !== "string" || column.trim() === "") return { wrong: `gives no column name for ${quoted(name)}` };
  }
  return "id" in columns ? new Map(Object.entries(columns as Readonly<Record<string, string>>)) : { wrong: "does not say which column is the `id`" };
}

/** Reads a table as a mapping says; a cell of addresses may hold several. */
export function parseMapped(text: string, mapping: ColumnMapping, { say }: ReadingInput): InventoryReading {
  const table = tableOf(text, say);
  if (table === null) return refused(say, "empty", "no line with a header is in it");
  const missing = [...mapping.values()].find((column) => !table.columns.has(plainName(column)));
  if (missing !== undefined) {
    const meant = nearest(missing, table.header);
    return refused(say, "no-column", `the header has no column ${quoted(missing)}${meant === null ? "" : `; did you mean ${quoted(meant)}?`}`);
  }
  const gathered = gathering(say);
  for (const row of table.rows()) {
    const mention = mentionIn(row, mapping, say);
    if (mention !== null) gathered.add(mention);
  }
  return { ...nothingRead, sightings: gathered.sightings() };
}

function mentionIn(row: TableRow, mapping: ColumnMapping, say: Say): Mention | null {
  const labels = Object.create(null) as Record<string, string>;
  const attributes = Object.create(null) as Record<string, string>;
  const cell = (name: string): string => {
    const column = mapping.get(name);
    return column === undefined ? "" : row.cell(plainName(column));
  };
  for (const name of mapping.keys())
    if (name.startsWith("label.")) labels[name.slice("label.".length)] = cell(name);
    else if (!["id", "address", "from", "until"].includes(name)) attributes[name] = cell(name);
  const [from, until] = ["from", "until"].map((name) => (cell(name) === "" ? null : (instantOf(cell(name)) ?? midnightOf(cell(name)))));
  if (from === undefined || until === undefined) {
    say({ reason: "bad-time", message: `${row.where}: \`from\` and \`until\` are times such as 2026-11-25T12:00:00Z, or empty` });
    return { id: cell("id"), where: row.where, labels, attributes };
  }
  return { id: cell("id"), where: row.where, labels, attributes, addresses: addressesIn(cell("address")), from, until };
}
