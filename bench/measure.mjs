// What every benchmark measures with.
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { formatOf } from "@bulkhead/adapters/sources/open";
import { readPaths } from "@bulkhead/adapters/sources/read-file";

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Seconds by the clock of what waits for nothing. */
export function timed(work) {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

/** Seconds by the clock, and of processor time, ours and our children's: on a busy machine only the second means much. */
export async function costOf(act) {
  const [began, used] = [performance.now(), processorSeconds("self")];
  await act();
  return { wall: (performance.now() - began) / 1000, cpu: processorSeconds("self") - used };
}

// proc(5): fields 14 to 17 of stat are the times of a program and of the children it has waited for, in hundredths of a second.
export function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

export const loadAverage = () => `load average ${loadavg()[0].toFixed(2)}`;
export const peakMemory = () => `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`;

/** Reads a file to connections, as `ingest` does; another number than expected is no measurement. */
export async function readConnections(path, format, expected) {
  let connections = 0;
  for await (const read of readPaths([path], { format: formatOf(format), stdin: process.stdin, signal: new AbortController().signal }))
    if (read.kind === "decoded") for (const one of read.decoded) connections += one.kind === "connection" ? 1 : 0;
  if (connections !== expected) throw new Error(`read ${connections} of ${expected} connections`);
}
