/** declared/ reads what people and files say depends on what: manifests, compose files, lists of services; and keeps it beside what was seen. */
import type { DeclaredDependency } from "@bulkhead/core/inventory/declared";
import type { Say } from "@bulkhead/core/inventory/problem";
import { jsonDocuments, looksYaml, yamlDocuments } from "../inventories/documents.ts";
import { compose } from "./compose/parse.ts";
import { parseServiceList } from "./csv/parse.ts";
import { kubernetesDeclared } from "./kubernetes/parse.ts";
import type { DeclaredFormat } from "./reading.ts";

export const declaredFormats: readonly DeclaredFormat[] = [kubernetesDeclared, compose];

/** One of several files that are read together: a Service in one is named in another. */
export interface DeclaredText {
  readonly path: string;
  readonly text: string;
  readonly say: Say;
}

/** What files declare together. Never throws; each file's `say` is told what could not be read of it. */
export function parseDeclared(files: readonly DeclaredText[]): readonly DeclaredDependency[] {
  const found: DeclaredDependency[] = [];
  const documents: { readonly document: unknown; readonly say: Say }[] = [];
  for (const { text, say } of files) {
    const start = text.replace(/^\uFEFF/, "").trimStart();
    const head = start.slice(0, 65_536);
    if (head.includes("\u0000")) say({ reason: "binary", message: "this is a binary file" });
    else if (/^[[{]/.test(head)) documents.push(...(jsonDocuments(start, say) ?? []).map((document) => ({ document, say })));
    else if (looksYaml(head)) documents.push(...(yamlDocuments(start, say) ?? []).map((document) => ({ document, say })));
    else {
      const listed = parseServiceList(start, say);
      if (listed === null) say({ reason: "no-format", message: "this is no manifest, no compose file, and no CSV with columns `client` and `server`" });
      else found.push(...listed);
    }
  }
  for (const { name, recognises, read } of declaredFormats) {
    const own = documents.filter(({ document }) => declaredFormats.find((format) => format.recognises(document))?.name === name && recognises(document));
    if (own.length > 0)
      found.push(
        ...read(
          own.map(({ document }) => document),
          own[0]!.say,
        ),
      );
  }
  for (const { say } of documents.filter(({ document }) => !declaredFormats.some((format) => format.recognises(document))))
    say({ reason: "no-format", message: "this document is neither a manifest of Kubernetes nor a compose file" });
  return found;
}
