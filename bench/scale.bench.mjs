// What a large estate costs in memory and time, in a program of its own: its peak is nobody else's.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { loadAverage } from "./measure.mjs";

/** Prints the estate, the seconds until its first answer and of every question, and the peak of memory. */
export async function run({ say }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("./large-estate.mjs", import.meta.url))], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  say(`${stdout.trimEnd()}\n  ${loadAverage()}`);
}
