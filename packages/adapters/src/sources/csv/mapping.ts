import { Failure } from "@bulkhead/core/base/failure";
import { readFileSync, statSync } from "node:fs";
import { parse } from "yaml";
import { type CsvMapping, mappedFields } from "./decode.ts";

// Ours are under 2 KiB; the YAML reader takes minutes for a large text of nothing but brackets.
const mappingBytesMax = 32 * 1024;

/** Reads a mapping file (YAML or JSON); docs/reference/csv-mapping.md says what stands in it. */
export function readMapping(path: string): CsvMapping {
  const refuse = (why: string): never => {
    throw new Failure(`the mapping ${path} ${why}`, "docs/reference/csv-mapping.md shows a mapping that works");
  };
  let written: unknown;
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mappingBytesMax) return refuse(`is larger than ${mappingBytesMax} bytes`);
  try {
    written = parse(readFileSync(path, "utf8"), { maxAliasCount: 0 });
  } catch (error) {
    return refuse(`cannot be read: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`);
  }
  if (typeof written !== "object" || written === null || Array.isArray(written)) return refuse("is no mapping of keys to values");
  const { columns, delimiter = ",", time = "rfc3339", protocol = null, direction = "stated", ...unknown } = written as Record<string, unknown>;
  const strange = Object.keys(unknown)[0];
  if (strange !== undefined) return refuse(`has a key \`${strange}\` that means nothing`);
  if (typeof columns !== "object" || columns === null) return refuse("has no `columns`");
  for (const [name, column] of Object.entries(columns)) {
    if (!(mappedFields as readonly string[]).includes(name)) return refuse(`maps \`${name}\`, which is none of ${mappedFields.join(", ")}`);
    if (typeof column !== "string" || column === "") return refuse(`gives no column name for \`${name}\``);
  }
  if (!("client" in columns) || !("server" in columns)) return refuse("does not say which columns are client and server");
  if (typeof delimiter !== "string" || delimiter.length !== 1) return refuse("has a delimiter that is not one character");
  if (time !== "rfc3339" && time !== "unix" && time !== "unix-ms" && time !== "unix-us")
    return refuse("has a `time` that is none of rfc3339, unix, unix-ms, unix-us");
  if (direction !== "stated" && direction !== "unknown") return refuse("has a `direction` that is neither stated nor unknown");
  if (protocol !== null && typeof protocol !== "string") return refuse("has a `protocol` that is no text");
  return { columns: columns as CsvMapping["columns"], delimiter, time, protocol, direction };
}
