import { digestOf } from "@bulkhead/adapters/digest";
import { makePath } from "@bulkhead/adapters/make-path";
import { Failure } from "@bulkhead/core/base/failure";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ruleset } from "@bulkhead/core/compile/ruleset";
import type { Sealed } from "./step.ts";

/** A rule set with the digest of its canonical text. */
export function sealed(ruleset: Ruleset): Sealed {
  return { ruleset, digest: digestOf(JSON.stringify(ruleset)) };
}

/** Names of a generation begin with this: long enough that two rule sets never share it. */
export const prefixOf = ({ digest }: Pick<Sealed, "digest">): string => `g${digest.slice(0, 12)}_`;

const fileName = "in-force.json";

/** The rule set that was last confirmed, or null. One that does not have its digest is damaged, and is refused in words. */
export function readKept(directory: string): Sealed | null {
  let text: string;
  try {
    text = readFileSync(join(directory, fileName), "utf8");
  } catch {
    return null;
  }
  try {
    const { ruleset, digest } = JSON.parse(text) as Sealed;
    const again = sealed(ruleset);
    if (again.digest === digest && ruleset.version === 1) return again;
  } catch {
    // Told below: whatever is wrong with the file, what to do about it is the same.
  }
  throw new Failure(
    `${join(directory, fileName)} is damaged: its digest does not fit`,
    "the kernel keeps what it enforces; delete the file and offer the policy again",
  );
}

/** Writes the rule set so that a power cut leaves the old or the new one, whole. */
export function keep(directory: string, one: Sealed): void {
  replaceFile(join(directory, fileName), JSON.stringify(one));
}

/** Forgets the rule set, and writes down that somebody took it out of force. */
export function forget(directory: string, at: string): void {
  rmSync(join(directory, fileName), { force: true });
  replaceFile(join(directory, "unenforced.json"), JSON.stringify({ at }));
}

/** Whether the rule set was taken out of force on purpose, and none has come since. */
export const isForgotten = (directory: string): boolean => !existsSync(join(directory, fileName)) && unenforcedAt(directory) !== null;

/** When somebody took the rules out of force, or null. */
export function unenforcedAt(directory: string): string | null {
  try {
    const { at } = JSON.parse(readFileSync(join(directory, "unenforced.json"), "utf8")) as { readonly at?: unknown };
    return typeof at === "string" ? at : null;
  } catch {
    return null;
  }
}

/** Writes a file so that a power cut leaves the old or the new one, whole. */
export function replaceFile(path: string, text: string): void {
  try {
    const fresh = `${path}.new`;
    const file = openSync(fresh, "w", 0o600);
    writeFileSync(file, text);
    fsyncSync(file);
    closeSync(file);
    renameSync(fresh, path);
    const directory = openSync(join(path, ".."), "r");
    fsyncSync(directory);
    closeSync(directory);
  } catch (error) {
    throw new Failure(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`, "give the data directory space, and to whoever runs the agent");
  }
}

/** Makes the data directory, readable for its owner alone. */
export function makeDirectory(directory: string): void {
  try {
    makePath(directory);
  } catch (error) {
    throw new Failure(`${directory} cannot be made a directory (${(error as NodeJS.ErrnoException).code})`, "name another --data directory");
  }
}
