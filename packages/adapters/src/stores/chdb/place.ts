import { Failure } from "@bulkhead/core/base/failure";
import { createHash } from "node:crypto";
import { linkSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Where the archive of a data directory lives. */
export interface Place {
  readonly directory: string;
  readonly socket: string;
  readonly lock: string;
  /** What the store process said last, when it could not start. */
  readonly lastWords: string;
}

// Linux holds 107 bytes in a socket's address, macOS 103.
const socketPathMax = 100;

/** Creates the archive's directory where it is missing. */
export function placeOf(dataDirectory: string): Place {
  try {
    mkdirSync(join(dataDirectory, "archive"), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Failure(`the data directory ${dataDirectory} cannot be written (${codeOf(error)})`, "name another one with --data or BULKHEAD_DATA");
  }
  const directory = realpathSync(join(dataDirectory, "archive"));
  const near = join(directory, "socket");
  const socket = Buffer.byteLength(near) <= socketPathMax ? near : join(shortDirectory(), createHash("sha256").update(directory).digest("hex").slice(0, 24));
  return { directory, socket, lock: join(directory, "lock"), lastWords: join(directory, "last-words") };
}

/** A directory of this user alone in the system's temporary directory, for data directories with long names. */
function shortDirectory(): string {
  const user = process.getuid?.() ?? 0;
  const path = join(tmpdir(), `bulkhead-${user}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== user || (found.mode & 0o077) !== 0)
    throw new Failure(`${path} is not a directory of yours alone`, "remove it, or use a data directory with a shorter name");
  return path;
}

/** Who holds the archive. */
export interface Holder {
  readonly pid: number;
  readonly since: string;
  /** When the process began, in the kernel's words: a number that is used again is another process. */
  readonly began: string | null;
}

/** Takes the lock for this process, or says who holds it. A lock of a process that is gone is taken over. */
export function takeLock(place: Place): Holder | null {
  for (let round = 0; round < 3; round += 1) {
    const holder = holderOf(place);
    if (holder !== null && isAlive(holder)) return holder;
    if (holder !== null) removeStale(place.lock, holder);
    if (writeLock(place.lock)) return null;
  }
  return holderOf(place) ?? { pid: 0, since: "now", began: null };
}

/** Removes the lock of a process that is gone. Of two that do so in the same instant the second puts back what the first has written. */
function removeStale(path: string, stale: Holder): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const found = JSON.parse(readFileSync(aside, "utf8")) as Holder;
    if (found.pid !== stale.pid || found.since !== stale.since) linkSync(aside, path);
  } catch {
    // Somebody else was faster; the engine, which locks its own directory as well, is the last guard.
  }
  rmSync(aside, { force: true });
}

function writeLock(path: string): boolean {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, JSON.stringify({ pid: process.pid, since: new Date().toISOString(), began: beganOf(process.pid) } satisfies Holder), { mode: 0o600 });
  try {
    // A link appears with its content: nobody reads a lock that is half written.
    linkSync(beside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Who the lock names; a lock that says nothing is nobody's. */
export function holderOf(place: Place): Holder | null {
  try {
    const found = JSON.parse(readFileSync(place.lock, "utf8")) as Holder;
    return Number.isSafeInteger(found.pid) && found.pid > 0 ? found : null;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") rmSync(place.lock, { force: true });
    return null;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
  return began === null || beganOf(pid) === began;
}

function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A killed process that nobody has buried yet holds nothing.
    return fields[0] === "Z" ? "gone" : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Gives the lock back. */
export function leave(place: Place): void {
  if (holderOf(place)?.pid !== process.pid) return;
  rmSync(place.socket, { force: true });
  rmSync(place.lock, { force: true });
  if (dirname(place.socket) === place.directory) return;
  try {
    rmdirSync(dirname(place.socket));
  } catch {
    // The sockets of other archives are in it.
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);
