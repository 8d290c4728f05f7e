import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
const missing =
  process.getuid?.() !== 0
    ? "only root runs the agent"
    : spawnSync("unshare", ["-n", "nft", "list", "tables"]).status === 0
      ? null
      : "this machine has no nft, or makes no network namespaces";
if (missing !== null) process.stderr.write(`the agent is not tried here: ${missing}\n`);

let dir = "";
const path = (name: string): string => join(dir, name);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-agent-"));
  mkdirSync(path("policy"));
  writeFileSync(
    path("policy/shop.yaml"),
    `policy: shop
owner: team-shop
scope: { app: shop }
allow:
  - { name: db-reads, from: { app: db }, to: { app: shop }, over: [tcp/80], because: orders }
`,
  );
  writeFileSync(path("policy/stages.yaml"), "stages:\n  segments: { shop: { in: enforce, out: warn } }\n");
  writeFileSync(
    path("inventory.json"),
    JSON.stringify({
      workloads: [
        { id: "web-1", labels: { app: "shop" }, addresses: ["10.0.0.7"], point: true },
        { id: "db-1", labels: { app: "db" }, addresses: ["10.0.0.9", "fd00::9"] },
      ],
    }),
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const runWords = (data: string, point = "web-1"): readonly string[] =>
  [
    "agent",
    "run",
    "--policy",
    path("policy"),
    "--inventory",
    path("inventory.json"),
    "--point",
    point,
    "--data",
    path(data),
    "--trial",
    "2s",
    "--json",
  ] as const;

interface Agent {
  /** The next line of this kind. */
  readonly told: (event: string) => Promise<Record<string, unknown>>;
  /** Runs something in the agent's network. */
  readonly beside: (...words: readonly string[]) => { readonly status: number | null; readonly stdout: string };
  readonly start: (...words: readonly string[]) => ChildProcessByStdio<null, Readable, null>;
  readonly end: () => Promise<void>;
}

/** An agent in a network of its own. */
function agentIn(data: string): Agent {
  const child = spawn("unshare", ["-n", process.execPath, bin, ...runWords(data)], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: Record<string, unknown>[] = [];
  let wake = (): void => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    wake();
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    async told(event) {
      for (;;) {
        const at = lines.findIndex((line) => line["event"] === event);
        if (at >= 0) return lines.splice(0, at + 1).at(-1)!;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    beside: (...words) => spawnSync("nsenter", [`--net=/proc/${child.pid}/ns/net`, ...words], { encoding: "utf8" }),
    start: (...words) => spawn("nsenter", [`--net=/proc/${child.pid}/ns/net`, ...words], { stdio: ["ignore", "pipe", "inherit"] }),
    async end() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const cli = (words: readonly string[]): readonly string[] => [process.execPath, bin, ...words];
const status = (agent: Agent, data: string) => {
  const answer = agent.beside(...cli(["agent", "status", "--data", path(data), "--json"]));
  return { code: answer.status, ...(JSON.parse(answer.stdout) as { digest: string | null; agent: number | null; differences: string[] }) };
};

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 50));
}

test.skipIf(missing !== null)(
  "a host says what it enforces, mends what another hand changed, and lets go when it is told to",
  { timeout: 180_000 },
  async () => {
    const agent = agentIn("story");
    try {
      const { digest } = await agent.told("installed");
      // The answer comes before it is confirmed.
      await until(() => status(agent, "story").digest === digest && status(agent, "story").code === 0);
      expect(status(agent, "story")).toMatchObject({ code: 0, digest, differences: [] });
      for (const change of [
        ["flush", "ruleset"],
        ["flush", "table", "inet", "bulkhead"],
        ["insert", "rule", "inet", "bulkhead", "in", "accept"],
        ["delete", "element", "inet", "bulkhead", "live_in", "{ ipv4 }"],
      ]) {
        expect(agent.beside("nft", ...change).status, change.join(" ")).toBe(0);
        await agent.told("healed");
        expect(agent.beside("nft", "list", "map", "inet", "bulkhead", "live_in").stdout).toMatch(/ipv4 : goto g.*ipv6 : goto g/s);
      }
      expect(agent.beside(...cli(["agent", "unenforce", "--data", path("story")])).status).toBe(0);
      await agent.told("unenforced");
      expect(agent.beside("nft", "list", "tables").stdout).toBe("");
      expect(status(agent, "story")).toMatchObject({ code: 0, digest: null });
    } finally {
      await agent.end();
    }
  },
);

test.skipIf(missing !== null)("what a host saw is written down in a form that ingest reads", { timeout: 120_000 }, async () => {
  const agent = agentIn("seen");
  const other = spawn("unshare", ["-n", "sh", "-c", "echo; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    await agent.told("installed");
    await once(other.stdout, "data");
    const there = (...words: readonly string[]) => spawnSync("nsenter", [`--net=/proc/${other.pid}/ns/net`, ...words], { encoding: "utf8" });
    agent.beside("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", String(other.pid));
    agent.beside("sh", "-c", "ip addr add 10.0.0.7/24 dev v0; ip link set v0 up");
    there("sh", "-c", "ip addr add 10.0.0.9/24 dev v1; ip link set v1 up");
    const serve = "require('net').createServer((s) => s.end('hello')).listen(80, '10.0.0.7', () => console.log('up'))";
    const server = agent.start(process.execPath, "-e", serve);
    await once(server.stdout, "data");
    const ask = (port: number): string =>
      there(
        process.execPath,
        "-e",
        `require('net').connect(${port}, '10.0.0.7').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`,
      ).stdout.trim();
    // What nobody allowed is refused by the policy, and was no conversation of this host.
    expect([ask(80), ask(80), ask(81)]).toEqual(["hello", "hello", "ECONNREFUSED"]);
    server.kill("SIGKILL");
  } finally {
    await agent.end();
    other.stdin.end();
  }
  const { stdout } = spawnSync(process.execPath, [bin, "decode", path("seen/flows"), "--json"], { encoding: "utf8" });
  const records = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const service = records.filter(({ serverPort }) => serverPort === 80);
  expect(service[0]).toMatchObject({ source: "agent", observer: "web-1", client: "10.0.0.9", server: "10.0.0.7", protocol: "tcp", direction: "stated" });
  expect(service.reduce((sum, { bytesToClient }) => sum + Number(bytesToClient), 0)).toBeGreaterThan(2 * 60);
  expect(records.filter(({ serverPort }) => serverPort === 81)).toEqual([]);
});

/** A run that is to be refused, in a network of its own. */
function refused(words: readonly string[], around = ""): { readonly status: number | null; readonly said: string; readonly tables: string } {
  const line = words.map((word) => `'${word}'`).join(" ");
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync("unshare", ["-n", "-m", "sh", "-c", `${around} ${line}; code=$?; nft list tables 2>/dev/null; exit $code`], {
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status: code, said: `${stdout}${stderr}`, tables: stdout };
}

test.skipIf(missing !== null)("without nft nothing is begun", () => {
  const { status: code, said } = refused(cli(runWords("no-nft")), "mount -t tmpfs none /usr/sbin;");
  expect(said).toContain("this machine has no `nft`");
  expect(code).toBe(2);
  expect(readdirSync(path("no-nft"))).toEqual([]);
});

test.skipIf(missing !== null)("without the right to change rules nothing is begun", () => {
  const { status: code, said } = refused(cli(runWords("no-right")), "setpriv --bounding-set -net_admin --inh-caps -net_admin");
  expect(said).toMatch(/operation not permitted[\s\S]*NET_ADMIN/);
  expect(code).toBe(2);
});

test.skipIf(missing !== null)("a damaged data directory is told, and the kernel is left alone", () => {
  mkdirSync(path("damaged"));
  writeFileSync(path("damaged/in-force.json"), '{"ruleset":{"version":1},"digest":"00"}');
  const { status: code, said, tables } = refused(cli(runWords("damaged")));
  expect(said).toContain("is damaged");
  expect(said).not.toMatch(/\bat .*\.js:\d/);
  expect([code, tables]).toEqual([2, ""]);
});

test.skipIf(missing !== null)("a data directory that is none is told", () => {
  writeFileSync(path("a-file"), "");
  const { status: code, said } = refused(cli(runWords("a-file")));
  expect(said).toMatch(/cannot be made a directory/);
  expect(code).toBe(2);
});

test.skipIf(missing !== null)("an inventory without the point is refused, and nothing is enforced", async () => {
  const child = spawn("unshare", ["-n", ...cli(runWords("no-point", "web-9"))], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const told = JSON.parse(line) as { event: string; reason?: string };
      if (told.event === "started") continue;
      expect(told.event).toBe("refused");
      expect(told.reason).toMatch(/has no workload `web-9`/);
      break;
    }
    expect(spawnSync("nsenter", [`--net=/proc/${child.pid}/ns/net`, "nft", "list", "table", "inet", "bulkhead"]).status).toBe(1);
  } finally {
    child.kill("SIGTERM");
  }
});
