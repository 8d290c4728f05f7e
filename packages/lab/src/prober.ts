import { Failure } from "@bulkhead/core/base/failure";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { environment } from "./command.ts";
import type { Asked, Attempt, Outcome, Said } from "./door-line.ts";
import { inNamespace } from "./network.ts";
import { inTurns } from "./in-turns.ts";

// Node 20 does not run TypeScript: tests, too, start what is built.
const program = fileURLToPath(new URL("../dist/prober-process.js", import.meta.url));

// How many attempts of one host are under way at once: each ping is a process.
const together = 8;

type Question = Asked extends infer One ? (One extends Asked ? Omit<One, "id"> : never) : never;

/** The long-lived prober of one host. */
export interface Prober {
  readonly open: (doors: readonly string[]) => Promise<void>;
  readonly close: (doors: readonly string[]) => Promise<void>;
  /** Tries in the order given, several at once; the outcomes in the same order. */
  readonly tryAll: (attempts: readonly { readonly attempt: Attempt; readonly word: string }[]) => Promise<readonly Outcome[]>;
  readonly heard: () => Promise<readonly string[]>;
  readonly end: () => void;
}

/** Starts the prober of a namespace. */
export function prober(namespace: string): Prober {
  const [enter = "", ...words] = [...inNamespace(namespace), process.execPath, program];
  const child = spawn(enter, words, { stdio: ["pipe", "pipe", "inherit"], env: environment() });
  const waiting = new Map<number, { readonly resolve: (said: Said) => void; readonly reject: (error: Failure) => void }>();
  let [next, isGone] = [0, false];
  const gone = (): void => {
    isGone = true;
    for (const { reject } of waiting.values()) reject(new Failure(`the prober of ${namespace} is gone`, "`bulkhead lab down`, then `bulkhead lab up`"));
    waiting.clear();
  };
  child.on("exit", gone).on("error", gone);
  child.stdin.on("error", gone);
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said = JSON.parse(line) as Said;
    const one = waiting.get(said.id);
    waiting.delete(said.id);
    if (said.problem === undefined) one?.resolve(said);
    else one?.reject(new Failure(`${namespace}: ${said.problem}`, "mend the topology"));
  });
  const ask = (question: Question): Promise<Said> =>
    new Promise((resolve, reject) => {
      const id = (next += 1);
      waiting.set(id, { resolve, reject });
      if (isGone) gone();
      else child.stdin.write(`${JSON.stringify({ ...question, id })}\n`);
    });
  return {
    open: async (doors) => void (await ask({ kind: "open", doors })),
    close: async (doors) => void (await ask({ kind: "close", doors })),
    tryAll: (attempts) => inTurns(attempts, together, async (one) => (await ask({ kind: "try", ...one })).outcome!),
    heard: async () => (await ask({ kind: "heard" })).words!,
    end: () => void child.stdin.end(),
  };
}
