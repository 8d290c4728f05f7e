import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, textOf, trackedFiles } from "./repository.ts";
import { deadFindings } from "./tidy/dead.ts";
import { dependencyFindings, allowed, lockFindings } from "./tidy/dependencies.ts";
import { documentFindings } from "./tidy/documents.ts";
import { type Finding } from "./tidy/finding.ts";
import { floorFindings, platformFindings } from "./tidy/floors.ts";
import { nameFindings, wordFindings } from "./tidy/names.ts";

// Packages whose `engines` exclude Node 20 and that were run on it all the same (date, what was run).
const triedOn20: readonly string[] = [];

// Executable specifications: suites hold the archive's engine, and what is rendered from a rule set, against them, so only tests reach them.
const specifications: readonly string[] = ["packages/adapters/src/stores/memory/archive.ts", "packages/core/src/compile/interpret.ts"];

/** Everything that tidy finds in this checkout. */
export function findings(): readonly Finding[] {
  const paths = trackedFiles();
  const texts = (shape: RegExp) => paths.filter((path) => shape.test(path)).map((path) => ({ path, text: textOf(path) }));
  const sources = texts(/\.(ts|mjs|js)$/);
  const doors = paths.filter(
    (path) =>
      path === "packages/cli/src/bulkhead.ts" ||
      /^(tools\/src\/[^/]+\.ts|bench\/.*\.mjs|tools\/.*\.mjs|examples\/.*\.mjs|packages\/[^/]+\/src\/door\.ts|packages\/.*\/[a-z-]+-(process|worker)\.ts)$/.test(
        path,
      ),
  );
  return [
    ...floorFindings(sources),
    ...platformFindings(sources),
    ...deadFindings(sources, [...doors, ...specifications]),
    ...nameFindings(paths),
    ...wordFindings(texts(/\.(ts|mjs|js|md|json|yaml|yml|sh|case)$|^\.ci\/|^\.[a-z]+rc/)),
    ...documentFindings(texts(/\.md$/), (path) => existsSync(join(root, path))),
    ...dependencyFindings(
      Object.fromEntries(
        Object.keys(allowed)
          .filter((folder) => paths.includes(`${folder}/package.json`))
          .map((folder) => [folder, JSON.parse(textOf(`${folder}/package.json`)) as object]),
      ),
    ),
    ...lockFindings(JSON.parse(textOf("package-lock.json")) as Parameters<typeof lockFindings>[0], triedOn20),
  ];
}

const all = findings();
for (const { path, line, message } of all) console.log(`${path}:${line} ${message}`);
console.log(all.length === 0 ? `tidy: ${trackedFiles().length} files, nothing to say` : `tidy: ${all.length} findings`);
process.exitCode = all.length === 0 ? 0 : 1;
