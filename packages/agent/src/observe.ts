import { makePath } from "@bulkhead/adapters/make-path";
import { type SeenCounts, seenCountsOf, seenLines } from "@bulkhead/adapters/targets/nftables/seen-counts";
import { seenTableName } from "@bulkhead/adapters/targets/nftables/seen";
import { Failure } from "@bulkhead/core/base/failure";
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { tableJson } from "./kernel.ts";
import { replaceFile } from "./kept.ts";
import type { Tell } from "./perform.ts";

export interface Observing {
  readonly data: string;
  readonly observer: string;
  readonly everyMs: number;
  readonly tell: Tell;
}

// 16 files of 8 MiB: a host never fills its disk with what it saw, and whoever collects has days for it.
const [fileBytesMax, filesMax] = [8 << 20, 16];

const everyMsMin = 500;

/** Writes what the kernel saw into DATA/flows, again and again; returns what ends it, after a last reading. */
export function observing({ data, observer, everyMs, tell }: Observing): () => Promise<void> {
  let before = readSeen(data);
  let from = new Date().toISOString();
  let complaint = "";
  let working = Promise.resolve();

  async function read(): Promise<void> {
    try {
      const json = await tableJson(seenTableName, "-n");
      const now = json === null ? null : seenCountsOf(json);
      if (now === null) return;
      const until = new Date().toISOString();
      append(join(data, "flows"), seenLines(before, now, { observer, from, until }), until);
      if (now.lost > (before?.epoch === now.epoch ? before.lost : 0)) tell({ event: "unrecorded", conversations: now.lost, at: until });
      replaceFile(join(data, "seen.json"), JSON.stringify(now));
      [before, from, complaint] = [now, until, ""];
    } catch (error) {
      // What cannot be written now is written later: the counters are never reset.
      const reason = error instanceof Failure ? error.message : `${join(data, "flows")} cannot be written (${(error as NodeJS.ErrnoException).code})`;
      if (reason !== complaint) tell({ event: "not-observed", reason });
      complaint = reason;
    }
  }
  const again = (): void => void (working = working.then(read));
  const timer = setInterval(again, Math.max(everyMsMin, everyMs));
  return async () => {
    clearInterval(timer);
    again();
    await working;
  };
}

function readSeen(data: string): SeenCounts | null {
  try {
    const read = JSON.parse(readFileSync(join(data, "seen.json"), "utf8")) as SeenCounts;
    return typeof read.epoch === "string" && typeof read.counts === "object" ? read : null;
  } catch {
    return null;
  }
}

/** Appends to the newest file, begins another when it is full, and removes the oldest. */
function append(folder: string, text: string, at: string): void {
  if (text === "") return;
  makePath(folder);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort();
  const newest = files.at(-1);
  const isFull = newest === undefined || statSync(join(folder, newest)).size + text.length > fileBytesMax;
  const name = isFull ? `${at.replace(/[:.]/g, "-")}.jsonl` : newest;
  appendFileSync(join(folder, name), text, { mode: 0o600 });
  for (const old of isFull ? files.slice(0, Math.max(0, files.length + 1 - filesMax)) : []) rmSync(join(folder, old), { force: true });
}
