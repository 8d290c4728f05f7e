import { spawnSync } from "node:child_process";
import { cli } from "./agent-process.ts";

/** How a run of `bulkhead` ended, and what it said. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// An estate's simulation as JSON.
const bytesMax = 1 << 28;

/** Runs what people run, to its end. */
export function ran(words: readonly string[], where: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Ran {
  const [program = "", ...rest] = cli(...words);
  return spawnSync(program, rest, { ...where, encoding: "utf8", maxBuffer: bytesMax });
}
