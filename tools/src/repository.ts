/** tools/ keeps the repository true: architecture as a test, documents that run, and what the machine lacks, in words. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout that this tool was built in. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Every file that git tracks or would track, as paths from the root, sorted. Deleted ones are left out. */
export function trackedFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  return listed
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(root, path)))
    .sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
