import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parts } from "./machine.ts";
import { root } from "./repository.ts";

/** `npm test`: builds, runs every check and test, names what the machine lacks, and ends with one line that counts. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function step(name: string, words: readonly string[]): boolean {
  const begun = Date.now();
  const [program = "", ...rest] = words;
  const { status } = spawnSync(program, rest, { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "✓" : "✗"} ${name} (${((Date.now() - begun) / 1000).toFixed(0)} s)`);
  return status === 0;
}

function vitest(counts: Counts): void {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-test-"));
  const report = join(folder, "report.json");
  const ended = step("tests", ["npx", "vitest", "run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`]);
  try {
    const told = JSON.parse(readFileSync(report, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numFailedTestSuites: number;
    };
    counts.passed += told.numPassedTests;
    counts.skipped += told.numPendingTests;
    // A file that cannot even be loaded has no tests that fail.
    counts.failed += Math.max(told.numFailedTests, ended ? 0 : 1);
  } catch {
    counts.failed += 1;
    console.log("vitest left no report: it did not run to its end");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
const count = (isGood: boolean): void => void (isGood ? (counts.passed += 1) : (counts.failed += 1));
count(step("check", ["npm", "run", "--silent", "check"]));
vitest(counts);
count(step("documents", ["node", "tools/dist/documents.js"]));
for (const { name, purpose, install, here } of parts()) {
  if (here) continue;
  counts.skipped += 1;
  console.log(`- not here: ${name} (${purpose}); \`${install}\` brings it`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
