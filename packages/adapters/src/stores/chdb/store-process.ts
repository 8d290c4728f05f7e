// The one process that owns the archive of a data directory: `node store-process.js DIRECTORY GRACE_MS`. Started by the first
// client, it ends when the last one has left.
import { Failure } from "@bulkhead/core/base/failure";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { lineTo } from "./client.ts";
import { Engine } from "./engine.ts";
import { takeLock } from "../lock.ts";
import { placeOf, type Place, leave } from "./place.ts";
import { serve } from "./serve.ts";

// Who was started by nobody, or whose starter died, ends as well.
const firstClientMs = 10_000;
const lockMs = 5000;

const [directory = "", grace = "2000"] = process.argv.slice(2);
process.umask(0o077);
try {
  await live(placeOf(directory), Number(grace));
} catch (error) {
  process.stderr.write(error instanceof Failure ? `${error.message}\n${error.next}` : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof Failure ? 3 : 1);
}

async function live(place: Place, graceMs: number): Promise<void> {
  await lockOrRefuse(place);
  rmSync(place.socket, { force: true });
  const engine = await Engine.open(place.directory).catch((error: unknown) => {
    leave(place);
    throw error;
  });
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clearTimeout(ending);
    clients.add(socket);
    socket.on("close", () => {
      clients.delete(socket);
      if (clients.size === 0) endAfter(graceMs);
    });
    void serve(socket, engine);
  });
  let ending: NodeJS.Timeout | undefined;
  const endAfter = (ms: number): void => {
    clearTimeout(ending);
    ending = setTimeout(() => void end(), ms);
  };
  let isEnding = false;
  const end = async (): Promise<void> => {
    // One that knocks while we end leaves again, and the engine is closed once.
    if (isEnding) return;
    isEnding = true;
    server.close();
    await engine.close();
    leave(place);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void end());
  server.listen(place.socket, () => chmodSync(place.socket, 0o600));
  endAfter(firstClientMs);
}

async function lockOrRefuse(place: Place): Promise<void> {
  const deadline = Date.now() + lockMs;
  for (;;) {
    const holder = takeLock(place.lock);
    if (holder === null) return;
    const line = await lineTo(place.socket);
    line?.socket.destroy();
    // One that listens is at work; one that does not is about to listen, or ends.
    if (line !== null || Date.now() > deadline)
      throw new Failure(
        `the archive in ${place.directory} is held by process ${holder.pid} since ${holder.since}`,
        "wait until it has ended; if it hangs, end that process: what was acknowledged is kept",
      );
    await sleep(20);
  }
}
