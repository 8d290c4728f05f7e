import { removeTables, setLoose } from "./kernel.ts";
import { forget, makeDirectory } from "./kept.ts";
import { forgetReadBack } from "./read-back.ts";

/** Takes this host's rules out of force, gives conntrack its usual setting back, and writes down when. */
export async function unenforce(data: string, at: string): Promise<void> {
  makeDirectory(data);
  await removeTables(data);
  setLoose("1");
  forgetReadBack(data);
  forget(data, at);
}
