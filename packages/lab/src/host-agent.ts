import { Failure } from "@bulkhead/core/base/failure";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { environment } from "./command.ts";
import { inNamespace } from "./network.ts";

/** Where the agent of one host runs, and what it reads. */
export interface AgentPlace {
  readonly namespace: string;
  /** The words that start `bulkhead`. */
  readonly bulkhead: readonly string[];
  readonly policy: string;
  readonly inventory: string;
  readonly point: string;
  readonly data: string;
}

/** What an agent answered to an offer. */
export type Answered = { readonly kind: "installed"; readonly digest: string } | { readonly kind: "refused"; readonly reason: string };

/** The agent of one host of the lab: the same program that runs on real hosts. */
export interface HostAgent {
  /** Starts it, or tells it to read everything again; gives its answer. */
  readonly enforce: () => Promise<Answered>;
  /** Ends it; the rules stay. */
  readonly stop: () => Promise<void>;
  /** Ends it and takes its rules out of force. */
  readonly unenforce: () => Promise<void>;
}

// On its own host an agent goes before others. Here all hosts share one machine: agents that came first would starve those that come after.
const withoutPriority = ["setpriv", "--bounding-set", "-sys_nice"];

const answerMs = 120_000;

/** An agent that is started with the first offer. */
export function hostAgent(place: AgentPlace): HostAgent {
  let child: ChildProcess | null = null;
  let pid: number | null = null;
  let answer: ((answered: Answered) => void) | null = null;
  const tell = (answered: Answered): void => {
    answer?.(answered);
    answer = null;
  };
  const start = (): void => {
    const { policy, inventory, point, data } = place;
    const words = [...place.bulkhead, "agent", "run", "--policy", policy, "--inventory", inventory, "--point", point, "--data", data, "--json"];
    const [enter = "", ...rest] = [...inNamespace(place.namespace), ...withoutPriority, ...words];
    const started = spawn(enter, rest, { stdio: ["ignore", "pipe", "pipe"], env: environment() });
    child = started;
    let complaint = "";
    started.stderr.on("data", (bytes: Buffer) => (complaint = (complaint + bytes.toString()).slice(-2000)));
    started.on("error", (error) => (complaint = error.message));
    started.on("close", () => {
      if (child === started) [child, pid] = [null, null];
      tell({ kind: "refused", reason: `the agent has ended: ${complaint.trim() || "without a word"}` });
    });
    createInterface({ input: started.stdout }).on("line", (line) => {
      const event = eventOf(line);
      if (event["event"] === "started") pid = Number(event["pid"]);
      if (event["event"] === "installed") tell({ kind: "installed", digest: String(event["digest"]) });
      if (event["event"] === "refused") tell({ kind: "refused", reason: String(event["reason"]) });
    });
  };
  const stop = async (): Promise<void> => {
    const running = child;
    if (running === null) return;
    const ended = new Promise((resolve) => running.once("close", resolve));
    process.kill(pid ?? running.pid!, "SIGTERM");
    await ended;
  };
  return {
    enforce: () => {
      const answered = new Promise<Answered>((resolve) => (answer = resolve));
      const late = setTimeout(() => tell({ kind: "refused", reason: `no answer within ${answerMs / 1000} seconds` }), answerMs);
      if (child === null || pid === null) start();
      else process.kill(pid, "SIGHUP");
      return answered.finally(() => clearTimeout(late));
    },
    stop,
    unenforce: async () => {
      await stop();
      const [enter = "", ...words] = [...inNamespace(place.namespace), ...place.bulkhead, "agent", "unenforce", "--data", place.data];
      await run(enter, words);
    },
  };
}

function run(program: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, words, { env: environment(), timeout: answerMs }, (error, _, complaint) => {
      if (error === null) resolve();
      else reject(new Failure(`\`agent unenforce\` did not work: ${complaint.trim() || error.message}`, "`bulkhead lab down` removes the lab"));
    });
  });
}

function eventOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    // People may be told things on the same stream.
    return {};
  }
}
