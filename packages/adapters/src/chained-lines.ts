import { Failure } from "@bulkhead/core/base/failure";
import { rmSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { digestOf } from "./digest.ts";
import { makePath } from "./make-path.ts";
import { takeLock } from "./stores/lock.ts";

/** A line as it is kept: each carries the digest of the line before, so that a line that is changed or taken out shows. */
export interface Chained {
  readonly before: string;
}

/** A file to which lines are only added. */
export interface ChainedFile {
  readonly path: string;
  /** What a line says, with its article: `a confirmation`. */
  readonly what: string;
  /** What to do where a line is damaged. */
  readonly mend: string;
}

const nothingBefore = digestOf("");

// Whoever adds a line is done in a moment.
const [turnMs, turnsMost] = [20, 500];

/** Adds lines to the file and waits until they would survive a power cut. Nothing that was kept is ever changed: what an addition left unfinished was not, and is cut off. */
export async function addLines(file: ChainedFile, added: readonly object[]): Promise<void> {
  const lock = `${file.path}.lock`;
  await inTurn(file, lock);
  try {
    const { lines: before, size } = await linesIn(file);
    let last = before.at(-1);
    const lines = added.map((one) => (last = JSON.stringify({ ...one, before: last === undefined ? nothingBefore : digestOf(last) })));
    const opened = await open(file.path, "a", 0o600);
    try {
      await opened.truncate(size);
      await opened.appendFile(lines.map((line) => `${line}\n`).join(""));
      await opened.sync();
    } catch (error) {
      // On a full disk, part of it may stand; what cannot be cut off either is unfinished to whoever reads next.
      await opened.truncate(size).catch(() => undefined);
      throw error;
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw error instanceof Failure ? error : unkept(file, error as Error);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Waits for the lock: of two who add at once, the second follows the line of the first. */
async function inTurn(file: ChainedFile, lock: string): Promise<void> {
  try {
    makePath(dirname(file.path));
    for (let turn = 0; takeLock(lock) !== null; turn += 1) {
      if (turn === turnsMost) throw new Error("another program has been adding to it for ten seconds");
      await new Promise((resolve) => setTimeout(resolve, turnMs));
    }
  } catch (error) {
    throw unkept(file, error as Error);
  }
}

const unkept = ({ path, what }: ChainedFile, { message }: Error): Failure =>
  new Failure(`${what} cannot be kept in ${path}: ${message}`, "mend the cause and try again");

/** Everything that was kept, in order; an unfinished end is said on stderr. Fails when a line was changed, taken out or cut, or when `isWhole` does not know it. */
export async function chainedLines<Line extends object>(file: ChainedFile, isWhole: (line: Line) => boolean): Promise<readonly (Line & Chained)[]> {
  const { lines, unfinished } = await linesIn(file);
  if (unfinished > 0)
    process.stderr.write(
      `${unfinished === 1 ? "the last byte" : `the last ${unfinished} bytes`} of ${file.path} are ${file.what} that was never finished: it does not count, and the next one takes its place\n`,
    );
  return lines.map((line, index) => {
    const kept = read(line, isWhole);
    const before = index === 0 ? nothingBefore : digestOf(lines[index - 1]!);
    if (kept !== null && kept.before === before) return kept;
    throw new Failure(
      `line ${index + 1} of ${file.path} ${kept === null ? `is not ${file.what}` : "does not follow the line before it: one of them was changed or taken out"}`,
      file.mend,
    );
  });
}

// A line is a megabyte at most, and every one of them was said by a person; more would not fit into a text.
const bytesMax = 256 << 20;

interface Kept {
  readonly lines: readonly string[];
  /** Up to the last whole line, in bytes, and how many stand behind it. */
  readonly size: number;
  readonly unfinished: number;
}

/** The lines that end; what stands behind the last end was never acknowledged to anybody. */
async function linesIn({ path, what, mend }: ChainedFile): Promise<Kept> {
  const found = await stat(path).catch(() => ({ size: 0 }));
  if (found.size > bytesMax) throw new Failure(`${path} is larger than ${bytesMax >> 20} MiB, so not what was kept here`, mend);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw new Failure(`${path} with ${what} in each line cannot be read: ${error.message}`, "look at the rights of the data directory");
  });
  const size = bytes.lastIndexOf("\n") + 1;
  const lines = bytes.toString("utf8", 0, size).split("\n");
  return { lines: lines.filter((line) => line !== ""), size, unfinished: bytes.length - size };
}

function read<Line extends object>(line: string, isWhole: (line: Line) => boolean): (Line & Chained) | null {
  try {
    const one = JSON.parse(line) as Line & Chained;
    return typeof one.before === "string" && isWhole(one) ? one : null;
  } catch {
    return null;
  }
}
