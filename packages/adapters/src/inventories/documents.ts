import type { Say } from "@bulkhead/core/inventory/problem";
import { parseAllDocuments } from "yaml";

// The YAML reader keeps every token: 16 MiB of them are minutes and gigabytes; beyond this, JSON or CSV.
const yamlMax = 4 * 1024 * 1024;
// Minutes of work for the YAML reader, too much for whoever walks the tree, and nothing that an inventory needs.
const depthMax = 200;

/** The value of a JSON text as the only document, or null when it is none; `say` is told why. */
export function jsonDocuments(text: string, say: Say): readonly unknown[] | null {
  if (isDeep(text) && isDeep(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'))) {
    say({ reason: "too-deep", message: `JSON that nests deeper than ${depthMax} is not read` });
    return null;
  }
  try {
    return [JSON.parse(text)];
  } catch (error) {
    say({ reason: "no-json", message: `this is no JSON: ${error instanceof Error ? error.message : ""}` });
    return null;
  }
}

/** The documents of a YAML text, or null when it is not read; `say` is told why. */
export function yamlDocuments(text: string, say: Say): readonly unknown[] | null {
  const refuse = (reason: string, message: string): null => {
    say({ reason, message });
    return null;
  };
  if (isDeep(text) || /(-[ \t]+){200}/.test(text)) return refuse("too-deep", `YAML that nests deeper than ${depthMax} is not read`);
  if (text.length > yamlMax) return refuse("too-large", `YAML over ${yamlMax} characters is not read; give it as JSON (\`kubectl get -o json\`) or CSV`);
  try {
    const documents = [...parseAllDocuments(text, { version: "1.2", schema: "core", merge: false, logLevel: "silent" })];
    const error = documents.flatMap((one) => one.errors)[0];
    if (error !== undefined) return refuse("no-yaml", `this is no YAML: ${error.message.split("\n")[0] ?? ""}`);
    // An alias can stand for a billion values, so none is followed.
    return documents.map((one): unknown => one.toJS({ maxAliasCount: 0 })).filter((one) => one !== null);
  } catch (error) {
    return refuse("no-yaml", `this YAML is not read: ${error instanceof Error ? error.message : ""}; write values out instead of anchors and aliases`);
  }
}

/** Whether a text looks like YAML and not like a table. */
export function looksYaml(head: string): boolean {
  return /^(---\s|%YAML)/.test(head) || (/^(#|- |[A-Za-z][\w-]*:(\s|$))/.test(head) && /^\s*(- )?[A-Za-z][\w-]*:(\s|$)/m.test(head));
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length && depth <= depthMax; at += 1) {
    const char = text[at];
    if (char === "[" || char === "{") depth += 1;
    else if ((char === "]" || char === "}") && depth > 0) depth -= 1;
  }
  return depth > depthMax;
}
