import type { Diagnostic } from "../base/diagnostic.ts";
import { arrange, hasComments } from "./arrange.ts";
import type { PolicyFile } from "./policy-file.ts";
import { newReading } from "./reading.ts";
import { plainOf, sameTree } from "./tree.ts";
import { readYaml, yamlOf, type YamlText } from "./yaml-text.ts";

/** The canonical text of a file, comments kept; null when it cannot be read as YAML, with the reason. It always says the same as before. */
export function formatPolicy(file: PolicyFile): { readonly text: string | null; readonly diagnostics: readonly Diagnostic[] } {
  const reading = newReading();
  const yaml = readYaml(reading, file);
  if (yaml === null || reading.diagnostics.length > 0) return { text: null, diagnostics: reading.diagnostics };
  return { text: stableText(file.path, yaml), diagnostics: [] };
}

const mostRounds = 4;

/** Formats until nothing changes. A text that never settles, or that would say something else, stays as it was written. */
function stableText(path: string, first: YamlText): string {
  let before = first.text;
  let yaml: YamlText | null = first;
  for (let round = 0; round < mostRounds && yaml !== null; round += 1) {
    const text: string = canonical(path, yaml);
    if (text === before) return text;
    before = text;
    yaml = readText(path, text);
    if (yaml !== null && !sameTree(first.tree, yaml.tree)) return first.text;
  }
  return first.text;
}

function readText(path: string, text: string): YamlText | null {
  const reading = newReading();
  const yaml = yamlOf(reading, path, text);
  return reading.diagnostics.length === 0 ? yaml : null;
}

function canonical(path: string, { text, document, tree }: YamlText): string {
  if (/\.json$/i.test(path)) return hasComments(document) ? text : `${JSON.stringify(plainOf(tree), null, 2)}\n`;
  if (document.contents === null) return text.trim() === "" ? "" : `${text.trim()}\n`;
  arrange(document);
  return `${document.toString({ lineWidth: 0, indent: 2, minContentWidth: 0 }).trimEnd()}\n`;
}
