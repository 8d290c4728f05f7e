import { csvCell } from "../base/csv.ts";
import type { Cell, Table } from "./document.ts";

/** A table as RFC 4180; an empty cell is "nobody could tell". Nothing in it is run by a spreadsheet. */
export function tableCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  return csvCell(cell);
}
