import { Failure } from "@bulkhead/core/base/failure";
import type { Document } from "@bulkhead/core/report/document";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The forms of a document by the name of their file: page, JSON, a CSV for each table. Equal documents give equal bytes. */
export async function formsOf(document: Document): Promise<ReadonlyMap<string, string>> {
  const [{ documentHtml }, { documentJson }, { tableCsv }, { tablesOf }] = await Promise.all([
    import("@bulkhead/core/report/document-html"),
    import("@bulkhead/core/report/document-json"),
    import("@bulkhead/core/report/document-csv"),
    import("@bulkhead/core/report/document"),
  ]);
  return new Map([
    ["index.html", documentHtml(document)],
    ["report.json", documentJson(document)],
    ...tablesOf(document).map((table) => [`tables/${table.id}.csv`, tableCsv(table)] as const),
  ]);
}

export const digestOf = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** Writes files below a directory. */
export async function writeAll(directory: string, files: Iterable<readonly [name: string, content: string | Uint8Array]>): Promise<void> {
  for (const [name, content] of files) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true })
      .then(() => writeFile(path, content))
      .catch((error: Error) => {
        throw new Failure(`${path} cannot be written: ${error.message}`, "name a directory with --out that you may write");
      });
  }
}
