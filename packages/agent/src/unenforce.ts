import { removeTables, setLoose } from "./kernel.ts";
import { forget, makeDirectory } from "./kept.ts";
import { forgetReadBack } from "./read-back.ts";

/** Takes this host's rules out of force, gives conntrack its usual setting back, and writes down when. */
export async function unenforce(data: string, at: string): Promise<void> {
  makeDirectory(data);
  // First the paper, then the kernel: an agent that is running must not take it for another hand's work.
  forget(data, at);
  forgetReadBack(data);
  await removeTables(data);
  setLoose("1");
}
