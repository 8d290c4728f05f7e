import { join } from "node:path";
import { addLines, type Chained, type ChainedFile, chainedLines } from "../chained-lines.ts";

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

const fileIn = (dataDirectory: string): ChainedFile => ({
  path: join(dataDirectory, "confirmations.jsonl"),
  what: "a confirmation",
  mend: "bring the file back from a backup, or move it away and have the applications confirmed again",
});

/** Keeps a confirmation for good. */
export const confirm = (dataDirectory: string, confirmation: Confirmation): Promise<void> => addLines(fileIn(dataDirectory), [confirmation]);

/** Everything that was confirmed, in order. */
export const confirmationsIn = (dataDirectory: string): Promise<readonly (Confirmation & Chained)[]> => chainedLines(fileIn(dataDirectory), isWhole);

const isWhole = (one: Confirmation): boolean =>
  [one.app, one.by, one.at, one.digest].every((value) => typeof value === "string") && Array.isArray(one.dependencies) && Array.isArray(one.workloads);
