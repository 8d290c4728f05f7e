import { spawnSync } from "node:child_process";
import { root } from "./repository.ts";

/** `npm run check`: everything that needs no running product. Goes on after a failure, so that one run says all. */
const steps: readonly (readonly [string, readonly string[]])[] = [
  ["types", ["npx", "tsc", "-b"]],
  ["types of tests", ["npx", "tsc", "-p", "tsconfig.tests.json"]],
  ["format", ["npx", "prettier", "--check", "--log-level", "warn", "."]],
  ["lint", ["npx", "oxlint", "--quiet"]],
  ["tidy", ["node", "tools/dist/tidy.js"]],
];

let isGreen = true;
for (const [name, [program = "", ...rest]] of steps) {
  const begun = Date.now();
  const { status, stdout, stderr } = spawnSync(program, rest, { cwd: root, encoding: "utf8" });
  console.log(`${status === 0 ? "✓" : "✗"} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  if (status === 0) continue;
  isGreen = false;
  console.log(`${stdout}${stderr}`.trimEnd());
}
process.exitCode = isGreen ? 0 : 1;
