import { Failure } from "@bulkhead/core/base/failure";
import { createHash } from "node:crypto";
import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
    // The engine locks its own directory as well, so that two that take over in the same instant cannot both go on.
    if (holder !== null) rmSync(place.lock, { force: true });
    if (writeLock(place.lock)) return null;
  }
  return holderOf(place) ?? { pid: 0, since: "now", began: null };
}

function writeLock(path: string): boolean {
  try {
    const descriptor = openSync(path, "wx", 0o600);
    writeSync(descriptor, JSON.stringify({ pid: process.pid, since: new Date().toISOString(), began: beganOf(process.pid) } satisfies Holder));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Who the lock names; a lock that says nothing (its writer was killed within it) is nobody's. */
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
  rmSync(place.socket, { force: true });
  rmSync(place.lock, { force: true });
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);
