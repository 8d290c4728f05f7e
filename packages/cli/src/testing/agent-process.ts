/** testing/ starts what people run, in networks of its own. */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));

/** The words that start `bulkhead` with these. */
export const cli = (...words: readonly string[]): readonly string[] => [process.execPath, bin, ...words];

/** Why no agent can run here, in words, or null. */
export function missingForAgent(): string | null {
  if (process.getuid?.() !== 0) return "only root runs the agent";
  const hasBoth = spawnSync("unshare", ["-n", "nft", "list", "tables"]).status === 0;
  return hasBoth ? null : "this machine has no nft, or makes no network namespaces";
}

/** A temporary directory with a policy and an inventory of two workloads: `web-1`, which is a point, and `db-1`. */
export function smallWorld(): string {
  const dir = mkdtempSync(join(tmpdir(), "bulkhead-agent-"));
  mkdirSync(join(dir, "policy"));
  writeFileSync(join(dir, "policy/shop.yaml"), shop("tcp/80"));
  writeFileSync(join(dir, "policy/stages.yaml"), "stages:\n  segments: { shop: { in: enforce, out: warn } }\n");
  writeFileSync(join(dir, "inventory.json"), JSON.stringify({ workloads }));
  return dir;
}

export const workloads = [
  { id: "web-1", labels: { app: "shop" }, addresses: ["10.0.0.7"], point: true },
  { id: "db-1", labels: { app: "db" }, addresses: ["10.0.0.9", "fd00::9"] },
] as const;

/** A policy that lets `db` reach `shop` over a service. */
export const shop = (over: string): string => `policy: shop
owner: team-shop
scope: { app: shop }
allow:
  - { name: db-reads, from: { app: db }, to: { app: shop }, over: [${over}], because: orders }
`;

/** The words of `agent run` in a small world, with a data directory of this name. */
export const runWords = (dir: string, name: string, { point = "web-1", policy = "policy" } = {}): readonly string[] => {
  const read = `agent run --policy ${join(dir, policy)} --inventory ${join(dir, "inventory.json")} --point ${point}`;
  return `${read} --data ${join(dir, name)} --trial 2s --json`.split(" ");
};

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host: a network of its own, which outlives the agents in it. */
export interface Host {
  readonly pid: number;
  readonly run: (...words: readonly string[]) => Ran;
  readonly start: (...words: readonly string[]) => ChildProcessByStdio<null, Readable, Readable>;
  /** Starts `bulkhead` with these words, which are to be those of an agent. */
  readonly agent: (...words: readonly string[]) => Agent;
  /** What the kernel holds of ours, without what packets change. */
  readonly rules: () => string;
  readonly remove: () => Promise<void>;
}

export async function host(): Promise<Host> {
  const holder = spawn("unshare", ["-n", "sh", "-c", "echo; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  const within = [`--net=/proc/${holder.pid}/ns/net`];
  const started = new Set<ChildProcessByStdio<null, Readable, Readable>>();
  const run = (...words: readonly string[]): Ran => spawnSync("nsenter", [...within, ...words], { encoding: "utf8", timeout: 60_000 });
  const start = (...words: readonly string[]): ChildProcessByStdio<null, Readable, Readable> => {
    const child = spawn("nsenter", [...within, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    started.add(child);
    child.once("close", () => started.delete(child));
    return child;
  };
  return {
    pid: holder.pid!,
    run,
    start,
    agent: (...words) => agentOf(start(...cli(...words))),
    rules: () => run("nft", "-s", "list", "table", "inet", "bulkhead").stdout,
    async remove() {
      for (const child of started) child.kill("SIGKILL");
      holder.stdin.end();
      await once(holder, "close");
    },
  };
}

export interface Agent {
  /** The next line of this kind; an error when the agent ends before. */
  readonly told: (event: string) => Promise<Record<string, unknown>>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** The exit code, or the signal, and everything it said on standard error. */
  readonly ended: Promise<{ readonly code: number | string; readonly said: string }>;
  readonly end: () => Promise<void>;
}

function agentOf(child: ChildProcessByStdio<null, Readable, Readable>): Agent {
  const lines: Record<string, unknown>[] = [];
  let [wake, said, isOver] = [(): void => {}, "", false];
  child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    wake();
  });
  const ended = new Promise<{ code: number | string; said: string }>((resolve) =>
    // `close` comes after its last lines.
    child.once("close", (code, signal) => {
      isOver = true;
      resolve({ code: code ?? signal ?? "?", said });
      wake();
    }),
  );
  return {
    async told(event) {
      for (;;) {
        const at = lines.findIndex((line) => line["event"] === event);
        if (at >= 0) return lines.splice(0, at + 1).at(-1)!;
        if (isOver) throw new Error(`the agent ended before it said ${event}: ${said}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    signal: (name) => void child.kill(name),
    ended,
    async end() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Waits until something is true. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 50));
}
