import { expect, test } from "vitest";
import { deadFindings } from "./dead.ts";
import { dependencyFindings, lockFindings, refusesNode20 } from "./dependencies.ts";
import { documentFindings } from "./documents.ts";
import { floorFindings, platformFindings } from "./floors.ts";
import { nameFindings, wordFindings } from "./names.ts";

const source = (path: string, text: string) => ({ path, text });

test("an import from a lower floor passes, one sideways or up is found with its line", () => {
  const down = source("packages/core/src/decide/decide.ts", `import { ipOf } from "../base/ip.ts";\n`);
  const sideways = source(
    "packages/core/src/language/read.ts",
    `import type { A } from "../base/ip.ts";\nimport { believe } from "../inventory/believe.ts";\n`,
  );
  const up = source("packages/core/src/model/rule.ts", `const late = await import("../decide/decide.ts");\n`);
  const across = source("packages/core/src/map/map.ts", `import { open } from "@bulkhead/adapters/stores/open";\n`);
  expect(floorFindings([down])).toEqual([]);
  expect(floorFindings([down, sideways, up, across]).map(({ path, line }) => `${path}:${line}`)).toEqual([
    "packages/core/src/language/read.ts:2",
    "packages/core/src/model/rule.ts:1",
    "packages/core/src/map/map.ts:1",
  ]);
});

test("a folder that no floor knows is found", () => {
  expect(floorFindings([source("packages/core/src/helpers/x.ts", "")])).toHaveLength(1);
});

test("a pure file must not name the platform", () => {
  const pure = source("packages/adapters/src/sources/csv/decode.ts", `import { readFileSync } from "node:fs";\nBuffer.from("");\n// console.log(\n`);
  const shell = source("packages/adapters/src/sources/csv/source.ts", `import { readFileSync } from "node:fs";\n`);
  expect(platformFindings([pure, shell]).map(({ line }) => line)).toEqual([1, 2]);
});

test("a file that only a test imports is dead", () => {
  const door = source("packages/cli/src/bulkhead.ts", `import "./used.ts";\n`);
  const used = source("packages/cli/src/used.ts", "");
  const unused = source("packages/cli/src/unused.ts", "");
  const itsTest = source("packages/cli/src/unused.test.ts", `import "./unused.ts";\n`);
  expect(deadFindings([door, used, unused, itsTest], [door.path]).map(({ path }) => path)).toEqual([unused.path]);
});

test("names that say nothing are found", () => {
  expect(nameFindings(["a/utils.ts", "a/index.ts", "a/CamelCase.ts", "a/rule-index.ts"]).map(({ path }) => path)).toEqual([
    "a/utils.ts",
    "a/index.ts",
    "a/CamelCase.ts",
  ]);
});

test("reminders, machine paths and switched-off tests are found", () => {
  const bad = [`// ${"TO" + "DO"} later`, `const at = "/${"wo" + "rk"}/main";`, `${"te" + "st"}.only("x", () => {});`];
  expect(wordFindings(bad.map((text, index) => source(`x${index}.test.ts`, text)))).toHaveLength(3);
});

test("a document has one title and its paths exist", () => {
  const exists = (path: string) => path === "docs/there.md";
  expect(documentFindings([source("docs/a.md", "# One\n[x](there.md)\n```sh\n# no title\n```\n")], exists)).toEqual([]);
  expect(documentFindings([source("docs/a.md", "# One\n# Two\n[x](gone.md) `packages/gone/x.ts`\n")], exists)).toHaveLength(3);
});

test("a dependency that is not on the list is found, and a lock with addresses", () => {
  expect(dependencyFindings({ "packages/core": { dependencies: { yaml: "1", lodash: "1" } } })).toHaveLength(1);
  expect(lockFindings({ packages: { "node_modules/a": { resolved: "https://example.invalid/a.tgz", engines: { node: ">=22" } } } }, [])).toHaveLength(2);
  expect([">=22.12", "^20.19.0 || >=22.12.0", "18 || 20 || >=22", "*"].map(refusesNode20)).toEqual([true, false, false, false]);
});
