import { csvCell } from "@bulkhead/core/base/csv";
import { instantText } from "@bulkhead/core/base/instant";
import type { HeldConnection } from "./held-connection.ts";

const columns: readonly (keyof HeldConnection)[] = [
  ...(["first", "last", "client", "clientPort", "server", "serverPort", "protocol", "icmpType"] as const),
  ...(["packetsToServer", "bytesToServer", "packetsToClient", "bytesToClient", "direction", "answered", "verdict", "rule", "reason"] as const),
  ...(["sampling", "observer", "source", "file", "record", "clientLabels", "serverLabels", "note", "clientWorkloads", "serverWorkloads"] as const),
];

export const csvHead = `${columns.join(",")}\r\n`;

/** A connection as one line of RFC 4180; an empty cell is "this source cannot tell". */
export function connectionCsv(connection: HeldConnection): string {
  return `${columns.map((column) => cell(column, connection[column])).join(",")}\r\n`;
}

function cell(column: keyof HeldConnection, value: HeldConnection[keyof HeldConnection]): string {
  if (value === null) return "";
  if (typeof value === "number") return column === "first" || column === "last" ? instantText(value) : String(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return csvCell(value);
  if (Array.isArray(value)) return csvCell(value.join(" "));
  return Object.keys(value).length === 0 ? "" : csvCell(JSON.stringify(value));
}
