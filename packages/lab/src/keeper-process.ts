// Keeps one lab standing in the background: builds it, answers on a Unix socket, and removes it when asked, when its time is over, or when it is killed.
import { Failure } from "@bulkhead/core/base/failure";
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { environment } from "./command.ts";
import { type Lab, standingLab } from "./lab.ts";
import { type Place, placeOf } from "./place.ts";
import type { Answers, LabState, Reply, Request } from "./request.ts";
import { readTopology, type Topology } from "./topology.ts";

export interface KeeperWords {
  readonly data: string;
  readonly topologyFile: string;
  readonly minutes: number;
  readonly bulkhead: readonly string[];
}

const { data, topologyFile, minutes, bulkhead } = JSON.parse(process.argv[2] ?? "{}") as KeeperWords;
const place = placeOf(data);
const text = readFileSync(topologyFile, "utf8");
const topology = readTopology(text, topologyFile);
const until = new Date(Date.now() + minutes * 60_000).toISOString();
const sweeper = sweeping(place, topology);
let lab: Lab | null = null;

/** A shell that waits for our end of its pipe to close, however we end, and then removes exactly our namespaces. */
function sweeping({ prefix, socket }: Place, { hosts }: Topology): ReturnType<typeof spawn> {
  const names = ["router", ...hosts.map(({ id }) => id)].map((id) => prefix + id);
  const remove = names.map((name) => `kill -9 $(ip netns pids ${name}); ip netns del ${name}`).join("; ");
  return spawn("sh", ["-c", `cat >/dev/null; { ${remove}; rm -f "$0"; } 2>/dev/null`, socket], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: environment(),
  });
}

async function end(code: number): Promise<never> {
  rmSync(place.socket, { force: true });
  await lab?.remove().catch(() => undefined);
  sweeper.stdin?.end();
  process.exit(code);
}

async function answerTo(request: Request, standing: Lab): Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case "state":
      return { topology: text, topologyFile, policy: standing.policy(), until, pid: process.pid } satisfies LabState;
    case "enforce":
      return standing.enforce(request.policy);
    case "unenforce":
      return standing.unenforce();
    case "measure":
      return standing.measure(request.attempts, request.doors);
    case "down":
      return null;
  }
}

// One at a time: a measurement while the policy changes would measure nothing.
let working: Promise<void> = Promise.resolve();

function serve(line: Socket, standing: Lab): void {
  line.on("error", () => undefined);
  createInterface({ input: line }).once("line", (written) => {
    working = working.then(async () => {
      const request = JSON.parse(written) as Request;
      const reply: Reply<keyof Answers> = await answerTo(request, standing).then(
        (answer) => ({ kind: "done", answer }),
        (error: unknown) => ({
          kind: "failed",
          message: error instanceof Error ? error.message : String(error),
          next: error instanceof Failure ? error.next : "this is a bug of ours; `bulkhead lab down` removes the lab",
        }),
      );
      if (request.kind === "down") await lab?.remove();
      line.end(`${JSON.stringify(reply)}\n`, () => {
        if (request.kind === "down") void end(0);
      });
    });
  });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(0));
setTimeout(() => void end(0), minutes * 60_000);
try {
  const standing = await standingLab(topology, place, bulkhead);
  lab = standing;
  rmSync(place.socket, { force: true });
  createServer((line) => serve(line, standing)).listen(place.socket);
} catch (error) {
  process.stderr.write(error instanceof Failure ? `${error.message}\n${error.next}\n` : `${String(error)}\n`);
  await end(2);
}
