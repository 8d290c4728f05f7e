import { byCodePoint } from "@bulkhead/core/base/order";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file as it stands now. */
export interface Standing {
  readonly path: string;
  /** Which file it is, whatever it is called. */
  readonly inode: string;
  readonly size: number;
  readonly changedMs: number;
}

const filesMax = 100_000;
const depthMax = 20;

/** The plain files under these directories, hidden ones and links left out, sorted; what vanishes meanwhile is not among them. */
export async function filesUnder(directories: readonly string[]): Promise<{ readonly files: readonly Standing[]; readonly isCut: boolean }> {
  const paths: string[] = [];
  let waiting = directories;
  for (let depth = 0; depth < depthMax && waiting.length > 0 && paths.length < filesMax; depth += 1) {
    const entries = (await Promise.all(waiting.map(entriesOf))).flat();
    for (const entry of entries) if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
    waiting = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  }
  const files: Standing[] = [];
  for (const path of paths.sort(byCodePoint).slice(0, filesMax)) files.push(...(await standingOf(path)));
  return { files, isCut: paths.length >= filesMax };
}

async function entriesOf(path: string) {
  try {
    return (await readdir(path, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  } catch {
    return [];
  }
}

async function standingOf(path: string): Promise<readonly Standing[]> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(path);
    return [{ path, inode: `${dev}:${ino}`, size, changedMs: mtimeMs }];
  } catch {
    return [];
  }
}
