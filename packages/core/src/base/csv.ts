import { guarded } from "./formula.ts";

/** A cell of RFC 4180 that no spreadsheet runs. */
export const csvCell = (text: string): string => cellOf(text, /[",\r\n]/);

/** Rows that people edit and import again: lines end as editors end them, and an apostrophe, which may guard, stands in quotes. */
export const editableCsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map((text) => cellOf(text, /[",\r\n']/)).join(",")}\n`).join("");

function cellOf(text: string, quoted: RegExp): string {
  const harmless = guarded(text);
  return quoted.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
