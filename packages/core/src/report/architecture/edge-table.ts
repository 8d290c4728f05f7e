import type { MapEdge } from "../../map/application-map.ts";
import type { Cell, Table } from "../document.ts";
import { timeText } from "../time-text.ts";
import type { NamedMap } from "./facts.ts";

const cells = {
  client: ({ from }, { nameOf }) => nameOf(from),
  server: ({ to }, { nameOf }) => nameOf(to),
  service: ({ service }) => service,
  connections: ({ connections }) => connections,
  bytes: ({ bytesToServer, bytesToClient }) => (bytesToServer === null && bytesToClient === null ? null : (bytesToServer ?? 0) + (bytesToClient ?? 0)),
  "first seen": ({ first }) => timeText(first),
  "last seen": ({ last }) => timeText(last),
  "seen by": ({ observers }) => observers.join(", "),
  records: (edge, { records }) => records(edge),
} as const satisfies Readonly<Record<string, (edge: MapEdge, map: NamedMap) => Cell>>;

/** A column that every table of dependencies can have, or one of its own. */
type EdgeColumn = keyof typeof cells | { readonly name: string; readonly of: (edge: MapEdge) => Cell };

export interface EdgeRows extends Pick<Table, "id" | "title"> {
  readonly edges: readonly MapEdge[];
  readonly columns?: readonly EdgeColumn[];
  readonly empty?: string;
}

export const edgeColumns = ["client", "server", "service", "connections", "bytes", "first seen", "last seen", "records"] as const;

/** A row for each dependency. */
export function edgeTable(map: NamedMap, { id, title, edges, columns = edgeColumns, empty = "None was seen." }: EdgeRows): Table {
  return {
    kind: "table",
    id,
    title,
    empty,
    columns: columns.map((column) => (typeof column === "string" ? column : column.name)),
    rows: edges.map((edge) => columns.map((column) => (typeof column === "string" ? cells[column](edge, map) : column.of(edge)))),
  };
}
