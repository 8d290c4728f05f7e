import { makePath } from "@bulkhead/adapters/make-path";
import { Failure } from "@bulkhead/core/base/failure";
import type { Instant } from "@bulkhead/core/base/instant";
import type { Document } from "@bulkhead/core/report/document";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface Forms {
  /** The time that a PDF bears; null is no PDF. */
  readonly pdfAt: Instant | null;
}

/** The forms of a document by the name of their file: page, JSON, a CSV for each table, PDF. Equal documents give equal bytes. */
export async function formsOf(document: Document, { pdfAt }: Forms): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const [{ documentHtml }, { documentJson }, { tableCsv }, { tablesOf }] = await Promise.all([
    import("@bulkhead/core/report/document-html"),
    import("@bulkhead/core/report/document-json"),
    import("@bulkhead/core/report/document-csv"),
    import("@bulkhead/core/report/document"),
  ]);
  return new Map<string, string | Uint8Array>([
    ["index.html", documentHtml(document)],
    ["report.json", documentJson(document)],
    ...tablesOf(document).map((table) => [`tables/${table.id}.csv`, tableCsv(table)] as const),
    ...(pdfAt === null ? [] : [["report.pdf", await pdfIn(document, pdfAt)] as const]),
  ]);
}

async function pdfIn(document: Document, at: Instant): Promise<Uint8Array> {
  const [{ documentTypst }, { pdfOf }] = await Promise.all([import("@bulkhead/core/report/document-typst"), import("@bulkhead/adapters/documents/pdf")]);
  return pdfOf(documentTypst(document), at);
}

/** Writes files below a directory. */
export async function writeAll(directory: string, files: Iterable<readonly [name: string, content: string | Uint8Array]>): Promise<void> {
  for (const [name, content] of files) {
    const path = join(directory, name);
    try {
      makePath(dirname(path), 0o777);
      await writeFile(path, content);
    } catch (error) {
      throw new Failure(`${path} cannot be written: ${(error as Error).message}`, "name a directory with --out that you may write");
    }
  }
}
