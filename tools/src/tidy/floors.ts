import { type Finding, type SourceText } from "./finding.ts";
import { importsOf } from "./imports.ts";

/**
 * The floors: a file imports from its own folder and from lower floors, never sideways, never up.
 * Changing this table is the review. Longest prefix wins.
 */
export const floors: Readonly<Record<string, number>> = {
  "packages/core/src/base": 0,
  "packages/core/src/model": 1,
  "packages/core/src/outside.ts": 2,
  "packages/core/src/language": 2,
  "packages/core/src/inventory": 2,
  "packages/core/src/telemetry": 2,
  "packages/core/src/decide": 3,
  "packages/core/src/ledger": 3,
  "packages/core/src/map": 3,
  "packages/core/src/simulate": 4,
  "packages/core/src/recommend": 4,
  "packages/core/src/reach": 4,
  "packages/core/src/compile": 4,
  "packages/core/src/rollout": 5,
  "packages/core/src/drift": 5,
  "packages/core/src/posture": 5,
  "packages/core/src/report": 6,
  "packages/core/src/wire": 6,
  "packages/adapters/src": 7,
  "packages/agent/src": 8,
  "packages/lab/src": 8,
  "packages/server/src": 8,
  "packages/cli/src": 9,
};

interface Room {
  readonly folder: string;
  readonly floor: number;
}

function roomOf(path: string): Room | null {
  const folder = Object.keys(floors)
    .filter((prefix) => path === prefix || path.startsWith(`${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
  return folder === undefined ? null : { folder, floor: floors[folder]! };
}

/** Imports that go up or sideways, and source files that no floor knows. Tests may look at everything. */
export function floorFindings(sources: readonly SourceText[]): readonly Finding[] {
  return sources
    .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path) && !isTest(path))
    .flatMap((source) => {
      const room = roomOf(source.path);
      if (room === null)
        return [{ path: source.path, line: 1, message: "no floor knows this folder; add it to the table in tools/src/tidy/floors.ts, which is the review" }];
      return importsOf(source).flatMap(({ target, line, specifier }) => {
        const other = target === null ? null : roomOf(target);
        if (other === null || other.folder === room.folder || other.floor < room.floor) return [];
        const way = other.floor === room.floor ? "sideways" : "up";
        return [
          {
            path: source.path,
            line,
            message: `imports ${way}: \`${specifier}\` is on floor ${other.floor}, this file on floor ${room.floor}; what you want belongs one floor down`,
          },
        ];
      });
    });
}

/** Files that only tests may import. */
export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.includes("/testing/") || path.endsWith("/contract.ts");
}

const pureNames = /\/(decode|parse|render)\.ts$/;
const platformWords = /\b(process|console|Buffer|require|globalThis)\s*[.(]/;

/** Platform names in files that must be able to run anywhere: core, and the pure halves of adapters. */
export function platformFindings(sources: readonly SourceText[]): readonly Finding[] {
  return sources
    .filter(({ path }) => !isTest(path) && (path.startsWith("packages/core/src/") || (path.startsWith("packages/adapters/src/") && pureNames.test(path))))
    .flatMap((source) => {
      const imported = importsOf(source)
        .filter(({ specifier }) => specifier.startsWith("node:"))
        .map(({ specifier, line }) => ({ path: source.path, line, message: `a pure file names the platform: \`${specifier}\`` }));
      const used = source.text.split("\n").flatMap((text, index) => {
        const word = text.trimStart().startsWith("*") || text.trimStart().startsWith("//") ? undefined : platformWords.exec(text)?.[1];
        return word === undefined ? [] : [{ path: source.path, line: index + 1, message: `a pure file names the platform: \`${word}\`` }];
      });
      return [...imported, ...used];
    });
}
