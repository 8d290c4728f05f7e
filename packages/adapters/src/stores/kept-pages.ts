import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../digest.ts";
import { makePath } from "../make-path.ts";
import { isAlive } from "./lock.ts";

/** What simulations of one question keep in a data directory: a text for each name, whole or not at all. */
export interface PagesOfQuestion {
  read(name: string): string | null;
  write(name: string, text: string): void;
  /** How many were found and how many were kept since it was opened. */
  counts(): { readonly found: number; readonly kept: number };
}

// Of every policy that somebody tries one is kept; a month of a large estate is some 50 MB.
const questionsMost = 8;
const bytesMost = 1 << 30;
// Two years of days, and those that were read anew since.
const pagesMost = 1600;
// A day of some hundred thousand statements; nothing larger is read into memory.
const pageMost = 256 << 20;
const digestLength = 64;

/**
 * Opens the pages of a question and removes what is too much: the questions that were asked longest ago, and the oldest pages of this one.
 * `say` is told in a sentence what was damaged and thrown away, or could not be kept.
 */
export function keptPages(dataDirectory: string, { question, say }: { readonly question: string; readonly say: (sentence: string) => void }): PagesOfQuestion {
  const above = join(dataDirectory, "simulated");
  const own = digestOf(question);
  const directory = join(above, own);
  let [found, kept, room] = [0, 0, 0];
  const cannotKeep = (error: unknown): void => {
    room = -1;
    say(`what is judged cannot be kept in ${directory} (${codeOf(error)}): another run begins anew`);
  };
  try {
    makePath(above);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    utimesSync(directory, new Date(), new Date());
    room = bytesMost - removeOld(above, own);
  } catch (error) {
    cannotKeep(error);
    return { read: () => null, write: () => undefined, counts: () => ({ found, kept }) };
  }
  return {
    read(name) {
      const path = join(directory, digestOf(name));
      const text = textIn(path, say);
      if (text !== null) found += 1;
      return text;
    },
    write(name, text) {
      const path = join(directory, digestOf(name));
      room -= text.length;
      if (room < 0 || text.length > pageMost) return;
      try {
        writeFileSync(`${path}.${process.pid}`, digestOf(text) + text, { mode: 0o600 });
        renameSync(`${path}.${process.pid}`, path);
        kept += 1;
      } catch (error) {
        cannotKeep(error);
        rmSync(`${path}.${process.pid}`, { force: true });
      }
    },
    counts: () => ({ found, kept }),
  };
}

/** The text of a page; one whose digest says that it is not what was written is thrown away. */
function textIn(path: string, say: (sentence: string) => void): string | null {
  let content: string;
  try {
    content = statSync(path).size > 2 * pageMost ? "" : readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    content = "";
  }
  const text = content.slice(digestLength);
  if (content.length > digestLength && content.slice(0, digestLength) === digestOf(text)) return text;
  say(`${path} is damaged and was thrown away: its day is judged anew`);
  rmSync(path, { recursive: true, force: true });
  return null;
}

/** Removes what is too much or was never finished, and says how many bytes are left. */
function removeOld(above: string, own: string): number {
  const questions = newestFirst(above).filter(({ name }) => name !== own);
  let bytes = sizeOf(join(above, own), pagesMost);
  for (const [at, { name }] of questions.entries()) {
    const path = join(above, name);
    const size = at < questionsMost - 1 ? sizeOf(path, pagesMost) : Infinity;
    if (bytes + size > bytesMost / 2) rmSync(path, { recursive: true, force: true });
    else bytes += size;
  }
  return bytes;
}

/** The bytes of a question's pages, after the oldest of too many were removed. */
function sizeOf(directory: string, most: number): number {
  const pages = newestFirst(directory).filter(({ name }) => {
    const [, writer] = name.split(".");
    const isLeft = writer !== undefined && !isAlive({ pid: Number(writer) || 0, since: "", began: null });
    if (isLeft) rmSync(join(directory, name), { recursive: true, force: true });
    return !isLeft;
  });
  for (const { name } of pages.slice(most)) rmSync(join(directory, name), { recursive: true, force: true });
  return pages.slice(0, most).reduce((sum, { size }) => sum + size, 0);
}

function newestFirst(directory: string): readonly { readonly name: string; readonly at: number; readonly size: number }[] {
  const entries = readdirSync(directory).flatMap((name) => {
    // Another run may have removed it.
    const found = statSync(join(directory, name), { throwIfNoEntry: false });
    return found === undefined ? [] : [{ name, at: found.mtimeMs, size: found.size }];
  });
  return entries.sort((a, b) => b.at - a.at);
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);
