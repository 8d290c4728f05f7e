import { Failure } from "@bulkhead/core/base/failure";
import { lstatSync, mkdirSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { digestOf } from "../../digest.ts";
import { makePath } from "../../make-path.ts";
import { holderOf } from "../lock.ts";

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
    makePath(join(dataDirectory, "archive"));
  } catch (error) {
    throw new Failure(`the data directory ${dataDirectory} cannot be written (${codeOf(error)})`, "name another one with --data or BULKHEAD_DATA");
  }
  const directory = realpathSync(join(dataDirectory, "archive"));
  const near = join(directory, "socket");
  const socket = Buffer.byteLength(near) <= socketPathMax ? near : join(shortDirectory(), digestOf(directory).slice(0, 24));
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

/** Gives the lock back. */
export function leave(place: Place): void {
  if (holderOf(place.lock)?.pid !== process.pid) return;
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
