import { csvRows } from "./rows.ts";

/** The values of one CSV line (RFC 4180: quotes doubled inside quotes), or null when its quotes are wrong. */
export function rowOf(line: string, delimiter: string): readonly string[] | null {
  if (!line.includes('"')) return line.split(delimiter);
  const [first] = csvRows(line, delimiter);
  return first?.kind === "row" ? first.values : null;
}
