import { csvFlows } from "@bulkhead/adapters/sources/csv/decode";
import { readMapping } from "@bulkhead/adapters/sources/csv/mapping";
import { formatNames, formatOf } from "@bulkhead/adapters/sources/open";
import { Failure } from "@bulkhead/core/base/failure";
import type { FlowFormat } from "@bulkhead/core/outside";

/** The format that `--format` and `--mapping` ask for, or null to recognise each file by its content. */
export async function readingFormat({ format, mapping }: { readonly format?: string; readonly mapping?: string }): Promise<FlowFormat | null> {
  if (mapping !== undefined) {
    if (format !== undefined && format !== "csv") throw new Failure(`a mapping is for csv, not for ${format}`, "leave out --format or --mapping");
    return csvFlows(readMapping(mapping));
  }
  if (format === undefined) return null;
  if (format === "csv")
    throw new Failure("a CSV file needs a mapping that says what its columns are", "add --mapping FILE; docs/reference/csv-mapping.md shows one");
  const found = formatOf(format);
  if (found === null) throw new Failure(`no format is called ${format}`, `there are ${formatNames.join(", ")}`);
  return found;
}
