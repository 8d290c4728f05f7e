import { type ChildProcess, spawn } from "node:child_process";

// A second is what a flushed table may stay open. Reading 25 elements back takes nft about a millisecond (2026-11), so a rule set of
// 200,000 is read every 8 s; what opens or closes all of a host touches rules, and those `nft monitor` tells at once.
const [everyMs, everyMaxMs, elementsPerMs] = [500, 8_000, 25];
const monitorRestMs = 30_000;

export interface Watch {
  /** Rejects when looking shows a bug of ours. */
  readonly failed: Promise<never>;
  readonly stop: () => void;
}

/** Looks again and again, and at once when the kernel says that somebody changed rules. `look` says how many elements there are. */
export function watchOf(look: () => Promise<number>): Watch {
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isAsked = false;
  let isOver = false;
  let reject: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, no) => (reject = no));

  const lookNow = (): void => {
    isAsked = isLooking;
    if (isLooking || isOver) return;
    isLooking = true;
    clearTimeout(timer);
    look().then((elements) => {
      isLooking = false;
      if (isAsked) lookNow();
      else if (!isOver) timer = setTimeout(lookNow, Math.min(everyMaxMs, Math.max(everyMs, elements / elementsPerMs)));
    }, reject);
  };
  const monitor = monitored(lookNow);
  lookNow();
  return {
    failed,
    stop() {
      isOver = true;
      clearTimeout(timer);
      monitor();
    },
  };
}

/** Calls back when rules of any table change, as long as this machine can tell; returns what ends it. Looking at intervals finds the same, later. */
function monitored(changed: () => void): () => void {
  let child: ChildProcess | undefined;
  let again: NodeJS.Timeout | undefined;
  const start = (): void => {
    // It ends with us even when we are killed (setpriv), and says what it sees without waiting for a full buffer (stdbuf).
    const words = ["--pdeathsig", "KILL", "stdbuf", "-oL", "nft", "monitor", "rules"];
    const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
    child = spawn("setpriv", words, { env, stdio: ["ignore", "pipe", "ignore"] });
    child.stdout?.on("data", changed);
    child.on("error", () => {});
    child.on("close", () => (again = setTimeout(start, monitorRestMs)));
  };
  start();
  return () => {
    child?.removeAllListeners("close").kill("SIGKILL");
    clearTimeout(again);
  };
}
