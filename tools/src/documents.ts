import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root, textOf, trackedFiles } from "./repository.ts";
import { type Command, commandsOf } from "./shell-blocks.ts";

/**
 * The docs runner: every command in every `sh` block of every document runs, in order, in a fresh folder that holds a
 * copy of `examples/`. A command says `# exit 1` behind it when that is what it should do. Prints one line a document.
 */
const commandSecondsMax = 120;

// These are the two commands of the README and the work on the repository itself; `.ci/run` runs the first, `npm run check` the rest.
const elsewhere = /^(npm (install|start|test|run|ci)\b|git |\.ci\/run)/;

interface Outcome {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly elsewhere: number;
}

function outcomeOf(path: string): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-docs-"));
  try {
    cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
    const commands = commandsOf(textOf(path));
    const here = commands.filter(({ text }) => !elsewhere.test(text));
    const failed = here.flatMap((command) => complaintOf(path, command, folder));
    return { passed: here.length - failed.length, failed, elsewhere: commands.length - here.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function complaintOf(path: string, { text, line, exit }: Command, folder: string): readonly string[] {
  const env = {
    ...process.env,
    PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env["PATH"]}`,
    BULKHEAD_DATA: join(folder, ".bulkhead"),
    NO_COLOR: "1",
  };
  // `npx bulkhead` would look for the package in the fresh folder; the workspace's own command is on the path.
  const run = spawnSync("bash", ["-c", text.replace(/\bnpx bulkhead\b/g, "bulkhead")], {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: commandSecondsMax * 1000,
  });
  if (run.status === exit) return [];
  return [`${path}:${line} \`${text}\` ended with ${run.status ?? run.signal} in place of ${exit}: ${run.stderr.trim().split("\n").slice(-2).join(" / ")}`];
}

const wanted = process.argv.slice(2);
const documents = trackedFiles().filter((path) => path.endsWith(".md") && (wanted.length === 0 || wanted.includes(path)));
let [passed, failed] = [0, 0];
for (const path of documents) {
  const outcome = outcomeOf(path);
  passed += outcome.passed;
  failed += outcome.failed.length;
  for (const complaint of outcome.failed) console.log(complaint);
  if (outcome.passed + outcome.failed.length > 0)
    console.log(
      `${path}: ${outcome.passed} commands ran as written${outcome.elsewhere > 0 ? `, ${outcome.elsewhere} are run by .ci/run and npm run check` : ""}`,
    );
}
console.log(`documents: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
