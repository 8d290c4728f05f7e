/** stores/ keeps what was seen: the flow archive behind one interface, one folder for each engine, and the contract that all of them pass. */
import type { FlowArchive } from "@bulkhead/core/outside";

/** The archive of a data directory, with all that feeds have spooled; it is created where there is none. Close it: its process stays as long as somebody holds it. */
export async function openArchive(dataDirectory: string): Promise<FlowArchive> {
  const [{ chdbArchive }, { takeIn }] = await Promise.all([import("./chdb/archive.ts"), import("../feeds/take-in.ts")]);
  const archive = await chdbArchive(dataDirectory);
  try {
    await takeIn(dataDirectory, archive);
  } catch (error) {
    await archive.close();
    throw error;
  }
  return archive;
}
