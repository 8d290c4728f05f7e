import { instantOf } from "@bulkhead/core/base/instant";
import { at, listAt, textAt } from "./tree.ts";

/** The instant that `ConvertTo-Json` or `ToString("o")` wrote: `/Date(1795608000000)/` of Windows PowerShell, ISO 8601 with a zone of PowerShell 7; else undefined. */
export function instantIn(value: unknown): number | undefined {
  const text = typeof value === "string" ? value : ((textAt(value, "DateTime") !== undefined ? textAt(value, "value") : undefined) ?? "");
  const ms = /^\/Date\((-?\d{1,15})\)\/$/.exec(text)?.[1];
  return ms === undefined ? instantOf(text) : Number(ms) * 1000;
}

/** The addresses in a value that was an address, a list of them, or texts joined by spaces, commas, semicolons or bars. */
export function addressesIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.split(/[\s,;|{}]+/).filter((text) => text !== "");
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  // Windows PowerShell writes all properties of an IPAddress; a list with `Count` is wrapped.
  return addressesIn(textAt(value, "IPAddressToString") ?? (at(value, "value") === undefined ? "" : listAt(value, "value")));
}
