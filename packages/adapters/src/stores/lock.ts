import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Who holds a lock. */
export interface Holder {
  readonly pid: number;
  readonly since: string;
  /** When the process began, in the kernel's words: a number that is used again is another process. */
  readonly began: string | null;
}

/** Takes the lock at this path for this process, or says who holds it. A lock of a process that is gone is taken over. */
export function takeLock(path: string): Holder | null {
  for (let round = 0; round < 3; round += 1) {
    const holder = holderOf(path);
    if (holder !== null && isAlive(holder)) return holder;
    if (holder !== null) removeStale(path, holder);
    if (writeLock(path)) return null;
  }
  return holderOf(path) ?? { pid: 0, since: "now", began: null };
}

/** Removes the lock of a process that is gone. Of two that do so in the same instant the second puts back what the first has written. */
function removeStale(path: string, stale: Holder): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const found = JSON.parse(readFileSync(aside, "utf8")) as Holder;
    if (found.pid !== stale.pid || found.since !== stale.since) linkSync(aside, path);
  } catch {
    // Somebody else was faster; the engine, which locks its own directory as well, is the last guard.
  }
  rmSync(aside, { force: true });
}

function writeLock(path: string): boolean {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, JSON.stringify({ pid: process.pid, since: new Date().toISOString(), began: beganOf(process.pid) } satisfies Holder), { mode: 0o600 });
  try {
    // A link appears with its content: nobody reads a lock that is half written.
    linkSync(beside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Who the lock names; a lock that says nothing is nobody's. */
export function holderOf(path: string): Holder | null {
  try {
    const found = JSON.parse(readFileSync(path, "utf8")) as Holder;
    return Number.isSafeInteger(found.pid) && found.pid > 0 ? found : null;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") rmSync(path, { force: true });
    return null;
  }
}

/** Whether the process that took the lock is still there. */
export function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
  return began === null || beganOf(pid) === began;
}

function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A killed process that nobody has buried yet holds nothing.
    return fields[0] === "Z" ? "gone" : (fields[19] ?? null);
  } catch {
    return null;
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);
