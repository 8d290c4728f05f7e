/** What every verb is given: streams, the data directory, colours. The shell around a pure core. */
import type { CommandContext } from "@stricli/core";
import { makePath } from "@bulkhead/adapters/make-path";
import { Failure } from "@bulkhead/core/base/failure";
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

/** Exit codes: 0 yes, 1 no, 2 could not tell. */
export type Exit = 0 | 1 | 2;

export interface Context extends CommandContext {
  readonly out: (text: string) => void;
  /** Prints on standard output and waits until its reader has caught up. */
  readonly outSlowly: (text: string) => Promise<void>;
  readonly say: (text: string) => void;
  readonly stdin: NodeJS.ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly colours: boolean;
  readonly isTerminal: boolean;
  /** Sets the exit code of this run. */
  readonly exit: (code: Exit) => void;
}

/** The data directory: `--data`, else BULKHEAD_DATA, else `./.bulkhead`. */
export function dataDirectory(context: Context, flag: string | undefined): string {
  return resolve(flag ?? context.env["BULKHEAD_DATA"] ?? ".bulkhead");
}

/** The data directory of a verb that keeps something in it, made where it is missing. */
export function madeDirectory(context: Context, flag: string | undefined): string {
  const directory = dataDirectory(context, flag);
  try {
    makePath(directory);
    return directory;
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code ?? error);
    throw new Failure(`the data directory ${directory} cannot be written (${code})`, "name another one with --data or BULKHEAD_DATA");
  }
}

/** The data directory of a verb that only reads: what is not there is said, and not made. */
export function heldDirectory(context: Context, flag: string | undefined): string {
  const directory = dataDirectory(context, flag);
  if (existsSync(directory)) return directory;
  throw new Failure(
    `the data directory ${shortest(directory)} does not exist`,
    "`bulkhead ingest PATH…` or `bulkhead inventory import FILE` makes one; --data names another",
  );
}

/** A path as a person here would write it. */
function shortest(path: string): string {
  const near = relative(process.cwd(), path) || ".";
  return near.startsWith("..") ? path : near;
}

/** Text from outside made safe for a terminal: control characters and bidirectional overrides are shown, never sent. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
