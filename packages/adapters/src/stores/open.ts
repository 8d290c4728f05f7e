/** stores/ keeps what was seen: the flow archive behind one interface, one folder for each engine, and the contract that all of them pass. */
import type { FlowArchive } from "@bulkhead/core/outside";

/** The archive of a data directory; it is created where there is none. Close it: its process stays as long as somebody holds it. */
export async function openArchive(dataDirectory: string): Promise<FlowArchive> {
  const { chdbArchive } = await import("./chdb/archive.ts");
  return chdbArchive(dataDirectory);
}
