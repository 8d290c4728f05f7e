import { makePath } from "@bulkhead/adapters/make-path";
import { Failure } from "@bulkhead/core/base/failure";
import { accessSync, constants, linkSync, readFileSync, readlinkSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory, replaceFile } from "./kept.ts";

const lockName = "agent.lock";
// Each turn somebody else was quicker; more than a few of them is nobody's luck.
const turnsMax = 5;

/** Makes the data directory ours alone; a second agent is refused in words. Returns what lets it go. */
export function claim(directory: string): () => void {
  makeDirectory(directory);
  const next = "stop that one first, or name another --data directory";
  return claimFile(join(directory, lockName), (holder) => new Failure(`an agent with process id ${holder} already holds ${directory}`, next));
}

/** Makes this host's rules ours alone: of two agents with directories of their own each would undo what the other does. */
export function claimHost(directory = "/run/bulkhead"): () => void {
  try {
    makePath(directory);
    accessSync(directory, constants.W_OK);
  } catch {
    // A machine whose /run nobody can write has no such lock; the one of the data directory is there all the same.
    return () => {};
  }
  const network = readlinkSync("/proc/self/ns/net").replace(/\D/g, "");
  const next = "stop that one first; one agent enforces on a host";
  return claimFile(
    join(directory, `network-${network}.lock`),
    (holder) => new Failure(`an agent with process id ${holder} already enforces on this host`, next),
  );
}

function claimFile(lock: string, refusal: (holder: number) => Failure): () => void {
  const mine = `${lock}.${process.pid}`;
  replaceFile(mine, JSON.stringify(identityOf(process.pid)));
  try {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      // Of two that link at the same instant one fails.
      if (isLinked(mine, lock)) return () => rmSync(lock, { force: true });
      const holder = holderOfFile(lock);
      if (holder !== null) throw refusal(holder);
      removeLeftBehind(lock);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  throw new Failure(`${lock} cannot be claimed: others claim it all the time`, "see to it that one agent is started, not many");
}

/** The process id of the agent that holds the directory, or null when none does. */
export const holderOf = (directory: string): number | null => holderOfFile(join(directory, lockName));

function holderOfFile(lock: string): number | null {
  const held = readHolder(lock);
  const pid = held?.pid;
  return pid !== undefined && JSON.stringify(held) === JSON.stringify(identityOf(pid)) ? pid : null;
}

interface Identity {
  readonly pid: number;
  /** Ticks of the kernel's clock from its start to that of the process: a number that another process has by now is no agent. */
  readonly started: string;
  readonly boot: string;
}

function identityOf(pid: number): Identity | null {
  const stat = textIn(`/proc/${pid}/stat`);
  // The name of the program stands in brackets, and may hold anything; after it come the state, and the start as the 20th field (proc(5)).
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  const [state = "X", started] = [fields[0], fields[19]];
  // Z: it has ended, and nobody has asked how.
  return started === undefined || "ZX".includes(state) ? null : { pid, started, boot: textIn("/proc/sys/kernel/random/boot_id")?.trim() ?? "" };
}

function readHolder(path: string): Identity | null {
  try {
    const { pid, started, boot } = JSON.parse(readFileSync(path, "utf8")) as Identity;
    return Number.isSafeInteger(pid) ? { pid, started, boot } : null;
  } catch {
    return null;
  }
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new Failure(`${to} cannot be written (${code})`, "name a --data directory on a file system of this machine");
  }
}

/** Takes away the lock of an agent that is no more; one that another agent has put there in the meantime goes back. */
function removeLeftBehind(lock: string): void {
  const aside = `${lock}.old.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const taken = readHolder(aside);
  if (taken !== null && JSON.stringify(taken) === JSON.stringify(identityOf(taken.pid))) isLinked(aside, lock);
  rmSync(aside, { force: true });
}
