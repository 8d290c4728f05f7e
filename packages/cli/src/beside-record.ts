import { digestOf } from "@bulkhead/adapters/digest";
import { Failure } from "@bulkhead/core/base/failure";
import { byCodePoint } from "@bulkhead/core/base/order";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type DecisionRecord, recordIn } from "./decision-record.ts";

/** A file that is not what it was. */
export interface ChangedFile {
  readonly path: string;
  readonly change: "has changed" | "is gone" | "is new";
}

/** What became of files, by their digests. */
export function changedFiles({ was, now }: Readonly<Record<"was" | "now", ReadonlyMap<string, string>>>): readonly ChangedFile[] {
  return [...new Set([...was.keys(), ...now.keys()])].sort(byCodePoint).flatMap((path): readonly ChangedFile[] => {
    if (was.get(path) === now.get(path)) return [];
    return [{ path, change: !now.has(path) ? "is gone" : !was.has(path) ? "is new" : "has changed" }];
  });
}

/** What of the files beside a record is not as the record says. */
export async function changedBeside(path: string, { outputs }: DecisionRecord): Promise<readonly ChangedFile[]> {
  const directory = dirname(path);
  const names = (await namesIn(directory)).filter((name) => name !== basename(path));
  const now = new Map<string, string>();
  for (const name of names) now.set(name, Object.hasOwn(outputs, name) ? await digestAt(join(directory, name)) : "");
  return changedFiles({ was: new Map(Object.entries(outputs)), now });
}

/** What lies in a directory of an earlier report: what that report wrote, and what it did not, which nobody may replace. */
export async function earlierIn(directory: string): Promise<Readonly<Record<"written" | "foreign", readonly string[]>>> {
  const names = await namesIn(directory);
  const path = join(directory, "record.json");
  const record = names.includes("record.json") ? await recordIn(path).catch(() => null) : null;
  const isWritten = (name: string): boolean => record !== null && (name === "record.json" || Object.hasOwn(record.outputs, name));
  return { written: names.filter(isWritten), foreign: names.filter((name) => !isWritten(name)) };
}

/** Removes files of an earlier report. */
export async function removeAll(directory: string, names: readonly string[]): Promise<void> {
  for (const path of names.map((name) => join(directory, name))) {
    try {
      await rm(path);
    } catch (error) {
      throw new Failure(`${path} cannot be removed: ${(error as Error).message}`, "name a directory that does not exist yet");
    }
  }
}

// Where a report has its tables; whatever else is a directory is none of its.
const tables = "tables";

/** The names of what lies in a directory and in its tables; none where there is no such directory. */
async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const named = entries.map(async (entry) => {
      if (!entry.isDirectory()) return [entry.name];
      return entry.name === tables ? (await readdir(join(directory, tables))).map((name) => `${tables}/${name}`) : [`${entry.name}/`];
    });
    return (await Promise.all(named)).flat().sort(byCodePoint);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw new Failure(`${directory} cannot be read: ${message}`, "name a directory that you may read");
  }
}

// Ten times what any report was seen to need; what is larger is not the file that was written.
const bytesMax = 1 << 28;

/** The digest of a file; "" of what is no file, or longer than any that was written. */
async function digestAt(path: string): Promise<string> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= bytesMax ? digestOf(await readFile(path)) : "";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new Failure(`${path} cannot be read: ${(error as Error).message}`, "name a record beside files that you may read");
  }
}
