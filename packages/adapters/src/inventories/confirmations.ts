import { Failure } from "@bulkhead/core/base/failure";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../digest.ts";
import { makePath } from "../make-path.ts";

/** That an owner confirmed what the map says of an application. */
export interface Confirmation {
  readonly app: string;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly comment: string | null;
  /** SHA-256 of what was seen, as `viewText` writes it. */
  readonly digest: string;
  readonly workloads: readonly string[];
  readonly dependencies: readonly string[];
}

/** A confirmation as it is kept: each carries the digest of the line before, so that a line that is changed or taken out shows. */
export interface KeptConfirmation extends Confirmation {
  readonly before: string;
}

const fileIn = (dataDirectory: string): string => join(dataDirectory, "confirmations.jsonl");
const nothingBefore = digestOf("");

/** Adds a line to the file and waits until it would survive a power cut. Nothing that was confirmed is ever changed. */
export async function confirm(dataDirectory: string, confirmation: Confirmation): Promise<void> {
  const path = fileIn(dataDirectory);
  const unkept = (error: Error): never => {
    throw new Failure(`the confirmation cannot be kept in ${path}: ${error.message}`, "mend the cause and confirm again");
  };
  try {
    makePath(dataDirectory);
  } catch (error) {
    unkept(error as Error);
  }
  const lines = await linesIn(path);
  const line = JSON.stringify({ ...confirmation, before: lines.length === 0 ? nothingBefore : digestOf(lines.at(-1)!) });
  const file = await open(path, "a", 0o600).catch(unkept);
  try {
    await file.appendFile(`${line}\n`);
    await file.sync();
  } catch (error) {
    unkept(error as Error);
  } finally {
    await file.close();
  }
}

/** Everything that was confirmed, in order. Fails when a line was changed, taken out or cut. */
export async function confirmationsIn(dataDirectory: string): Promise<readonly KeptConfirmation[]> {
  const path = fileIn(dataDirectory);
  const lines = await linesIn(path);
  return lines.map((line, index) => {
    const kept = confirmationOf(line);
    const before = index === 0 ? nothingBefore : digestOf(lines[index - 1]!);
    if (kept !== null && kept.before === before) return kept;
    throw new Failure(
      `line ${index + 1} of ${path} ${kept === null ? "is no confirmation" : "does not follow the line before it: one of them was changed or taken out"}`,
      "bring the file back from a backup, or move it away and have the applications confirmed again",
    );
  });
}

async function linesIn(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw new Failure(`the confirmations in ${path} cannot be read: ${error.message}`, "look at the rights of the data directory");
  });
  return text.split("\n").filter((line) => line !== "");
}

function confirmationOf(line: string): KeptConfirmation | null {
  try {
    const one = JSON.parse(line) as KeptConfirmation;
    const isWhole =
      [one.app, one.by, one.at, one.digest, one.before].every((value) => typeof value === "string") &&
      Array.isArray(one.dependencies) &&
      Array.isArray(one.workloads);
    return isWhole ? one : null;
  } catch {
    return null;
  }
}
