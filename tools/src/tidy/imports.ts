import { posix } from "node:path";
import { lineAt, type SourceText } from "./finding.ts";

/** One import of a file: the specifier, the line, and the path from the root when it stays inside the repository. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly target: string | null;
}

const shape = /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** The imports of a source, static and dynamic, in the order of the text. */
export function importsOf({ path, text }: SourceText): readonly Import[] {
  return [...text.matchAll(shape)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? "";
    return { specifier, line: lineAt(text, match.index + match[0].length), target: targetOf(path, specifier) };
  });
}

function targetOf(path: string, specifier: string): string | null {
  if (specifier.startsWith(".")) {
    const joined = posix.join(posix.dirname(path), specifier);
    return joined.replace(/^(packages\/[^/]+|tools)\/dist\/(.*)\.js$/, "$1/src/$2.ts");
  }
  const [, name, inside] = /^@bulkhead\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
  return name === undefined ? null : `packages/${name}/src/${inside}.ts`;
}
