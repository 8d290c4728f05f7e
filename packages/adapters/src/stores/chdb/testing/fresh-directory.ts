import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { holderOf } from "../../lock.ts";
import { placeOf } from "../place.ts";

/** A data directory of a test, which goes when its store process has gone. */
export interface DataDirectory {
  readonly path: string;
  /** The store process, or null when there is none. */
  pid(): number | null;
  /** Waits until there is no store process. */
  ended(): Promise<void>;
  remove(): Promise<void>;
}

export function dataDirectory(name = "bulkhead-store-"): DataDirectory {
  const path = mkdtempSync(join(tmpdir(), name));
  const pid = (): number | null => holderOf(placeOf(path).lock)?.pid ?? null;
  const ended = async (): Promise<void> => {
    const held = pid();
    while (held !== null && isAlive(held)) await sleep(10);
  };
  return {
    path,
    pid,
    ended,
    async remove() {
      await ended();
      rmSync(placeOf(path).socket, { force: true });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
