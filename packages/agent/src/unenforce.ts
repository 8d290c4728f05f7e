import { mkdirSync } from "node:fs";
import { removeTable, setLoose } from "./kernel.ts";
import { forget } from "./kept.ts";

/** Takes this host's rules out of force, gives conntrack its usual setting back, and writes down when. */
export async function unenforce(data: string, at: string): Promise<void> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  await removeTable(data);
  setLoose("1");
  forget(data, at);
}
