import { Failure } from "@bulkhead/core/base/failure";
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { namespacesOf, removeNetwork } from "./network.ts";
import { type Place, placeOf } from "./place.ts";
import type { Answers, LabState, Reply, Request } from "./request.ts";
import { readTopology, type Topology } from "./topology.ts";

const startMs = 60_000;
const removeMs = 15_000;
const answerBytesMax = 64 << 20;
// Node 20 does not run TypeScript: tests, too, start what is built.
const program = fileURLToPath(new URL("../dist/keeper-process.js", import.meta.url));

export interface Start {
  readonly topologyFile: string;
  readonly minutes: number;
  /** The words that start `bulkhead` here. */
  readonly bulkhead: readonly string[];
}

/** Asks the lab of a data directory; null when none is up. */
export async function ask<R extends Request>(data: string, request: R): Promise<Answers[R["kind"]] | null> {
  const text = await answered(placeOf(data), `${JSON.stringify(request)}\n`);
  if (text === null) return null;
  if (text === "") throw new Failure("the lab has ended before it answered", "`bulkhead lab down`, then `bulkhead lab up`");
  const reply = JSON.parse(text) as Reply<R["kind"]>;
  if (reply.kind === "failed") throw new Failure(reply.message, reply.next);
  return reply.answer;
}

/** The same, of a lab that has to be there. */
export async function askUp<R extends Request>(data: string, request: R): Promise<Answers[R["kind"]]> {
  const state = await ask(data, { kind: "state" });
  if (state === null) throw new Failure("no lab is up here", "start one with `bulkhead lab up`, or name its --data directory");
  return (await ask(data, request)) as Answers[R["kind"]];
}

/** What stands there, read once more. */
export async function stateOf(data: string): Promise<LabState & { readonly described: Topology }> {
  const state = await askUp(data, { kind: "state" });
  return { ...state, described: readTopology(state.topology, state.topologyFile) };
}

function answered(place: Place, question: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const line = createConnection(place.socket);
    let text = "";
    line.on("connect", () => line.write(question));
    line.on("data", (bytes) => {
      text += bytes.toString("utf8");
      if (text.length > answerBytesMax) line.destroy(new Error("the answer is too long"));
    });
    line.on("end", () => resolve(text));
    line.on("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" || error.code === "ECONNREFUSED" ? resolve(null) : reject(error)));
  });
}

/** Starts the lab in the background, and waits until all its servers listen. */
export async function startLab(data: string, start: Start): Promise<void> {
  const place = placeOf(data);
  rmSync(place.socket, { force: true });
  const words = openSync(place.lastWords, "w", 0o600);
  const child = spawn(process.execPath, [program, JSON.stringify({ ...start, data })], { detached: true, stdio: ["ignore", words, words] });
  closeSync(words);
  let hasEnded = false;
  child.on("exit", () => (hasEnded = true));
  child.unref();
  for (const began = Date.now(); Date.now() - began < startMs; await sleep(50)) {
    if ((await ask(data, { kind: "state" })) !== null) return;
    if (hasEnded) break;
  }
  if (!hasEnded) process.kill(child.pid!, "SIGTERM");
  const [said = "", next] = readFileSync(place.lastWords, "utf8").trim().slice(0, 2000).split("\n");
  throw new Failure(`the lab did not come up: ${said || `not within ${startMs / 1000} seconds`}`, next ?? "`bulkhead lab down` removes what is left of it");
}

/** Removes the lab of a data directory, also one whose keeper was killed. Returns how many namespaces went. */
export async function removeLab(data: string): Promise<number> {
  const place = placeOf(data);
  const count = namespacesOf(place.prefix).length;
  await ask(data, { kind: "down" }).catch(() => null);
  for (const began = Date.now(); Date.now() - began < removeMs && !removeNetwork(place.prefix);) await sleep(100);
  const left = namespacesOf(place.prefix);
  if (left.length > 0) throw new Failure(`these namespaces could not be removed: ${left.join(", ")}`, "remove them with `ip netns del NAME`");
  rmSync(place.directory, { recursive: true, force: true });
  rmSync(place.socket, { force: true });
  return count;
}
