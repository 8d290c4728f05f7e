import { isTest } from "./floors.ts";
import { type Finding, type SourceText } from "./finding.ts";
import { importsOf } from "./imports.ts";

/** Source files that nothing reaches from the doors: the CLI, the tools, the benches, the examples. Tests do not keep a file alive. */
export function deadFindings(sources: readonly SourceText[], doors: readonly string[]): readonly Finding[] {
  const targets = new Map(
    sources.filter(({ path }) => !isTest(path)).map((source) => [source.path, importsOf(source).flatMap(({ target }) => (target === null ? [] : [target]))]),
  );
  const alive = new Set<string>();
  const waiting = doors.filter((door) => targets.has(door));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (alive.has(path)) continue;
    alive.add(path);
    waiting.push(...(targets.get(path) ?? []));
  }
  return [...targets.keys()]
    .filter((path) => /^(packages\/[^/]+|tools)\/src\//.test(path) && !alive.has(path))
    .map((path) => ({ path, line: 1, message: "nothing but tests imports this file; use it or delete it" }));
}
