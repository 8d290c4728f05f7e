import { makePath } from "@bulkhead/adapters/make-path";
import { Failure } from "@bulkhead/core/base/failure";
import { formatPolicy } from "@bulkhead/core/language/format";
import { lstat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes new files in the form of `fmt`, all or none: when one is already there, nothing is written and `present` names it. */
export async function writeFirstFiles(
  directory: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<{ readonly written: readonly string[]; readonly present: readonly string[] }> {
  const there = await Promise.all(files.map(async ({ path }) => ((await lstat(join(directory, path)).catch(() => null)) === null ? [] : [path])));
  const present = there.flat();
  if (present.length > 0) return { written: [], present };
  try {
    makePath(directory, 0o777);
    // `wx`: what somebody wrote between the look and the write is not overwritten either.
    for (const { path, text } of files) await writeFile(join(directory, path), canonical(path, text), { flag: "wx" });
  } catch (error) {
    throw new Failure(`${directory} could not be written: ${error instanceof Error ? error.message : String(error)}`, "name a directory that you may write");
  }
  return { written: files.map(({ path }) => path), present: [] };
}

const canonical = (path: string, text: string): string => formatPolicy({ path, bytes: new TextEncoder().encode(text) }).text ?? text;
