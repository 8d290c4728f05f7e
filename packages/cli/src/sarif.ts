import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import { sortedOnce } from "@bulkhead/core/base/order";
import { catalogue } from "@bulkhead/core/language/codes";
import { anomalyTitles } from "@bulkhead/core/simulate/anomaly";
import { pathToFileURL } from "node:url";
import { isAbsolute } from "node:path";
import { bulkheadVersion } from "./bulkhead-version.ts";

/** Diagnostics as SARIF 2.1.0, which forges show beside the lines of a change. Paths are those of the directory as it was written. */
export function diagnosticsSarif(diagnostics: readonly Diagnostic[], directory: string): string {
  const codes = sortedOnce(diagnostics.map(({ code }) => code));
  const rules = codes.map((id) => ({ id, shortDescription: { text: titleOf(id) } }));
  const results = diagnostics.map(({ code, severity, at, message, help }) => ({
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: help === null ? message : `${message}\n${help}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(directory, at.file) },
          region: { startLine: at.line, startColumn: at.column, endColumn: at.column + at.length },
        },
      },
    ],
  }));
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "bulkhead", version: bulkheadVersion, rules } }, columnKind: "utf16CodeUnits", results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const titles: ReadonlyMap<string, string> = new Map([
  ...Object.entries(anomalyTitles),
  ...Object.entries(catalogue).map(([code, { title }]) => [code, title] as const),
]);
const titleOf = (code: string): string => titles.get(code) ?? code;

/** A relative reference with forward slashes, so that a forge finds the file in its checkout; a URL where the directory is absolute. */
function uriOf(directory: string, file: string): string {
  const path = `${directory.replace(/\/+$/, "").replace(/^\.\//, "")}/${file}`;
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.replace(/^\.\//, "").split("/").map(encodeURIComponent).join("/");
}
