import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { cli, host, type Host, missingForAgent, runWords, smallWorld, until } from "../testing/agent-process.ts";

const missing = missingForAgent();
if (missing !== null) process.stderr.write(`the agent is not tried here: ${missing}\n`);

let dir = "";
let web: Host;
const path = (name: string): string => join(dir, name);

beforeAll(() => void (dir = smallWorld()));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(async () => void (missing === null && (web = await host())));
afterEach(async () => void (missing === null && (await web.remove())));

const status = (data: string) => {
  const answer = web.run(...cli("agent", "status", "--data", path(data), "--json"));
  return { code: answer.status, ...(JSON.parse(answer.stdout) as { digest: string | null; agent: number | null; differences: string[] }) };
};

test.skipIf(missing !== null)(
  "a host says what it enforces, mends what another hand changed, and lets go when it is told to",
  { timeout: 180_000 },
  async () => {
    const agent = web.agent(...runWords(dir, "story"), "--management", "tcp/22");
    try {
      const { digest } = await agent.told("installed");
      // The answer comes before it is confirmed.
      await until(() => status("story").digest === digest && status("story").code === 0);
      expect(status("story")).toMatchObject({ code: 0, digest, differences: [] });
      const ssh = ["--from", "10.0.0.1", "--to", "web-1", "--over", "ssh", "--inventory", path("inventory.json"), "--data", path("story")];
      expect(web.run(...cli("explain", path("policy"), ...ssh)).stdout).toContain("tcp/22 is the management path of web-1");
      for (const change of [
        ["flush", "ruleset"],
        ["flush", "table", "inet", "bulkhead"],
        ["insert", "rule", "inet", "bulkhead", "in", "accept"],
        ["delete", "element", "inet", "bulkhead", "live_in", "{ ipv4 }"],
      ]) {
        expect(web.run("nft", ...change).status, change.join(" ")).toBe(0);
        await agent.told("healed");
        expect(web.run("nft", "list", "map", "inet", "bulkhead", "live_in").stdout).toMatch(/ipv4 : goto g.*ipv6 : goto g/s);
      }
      expect(web.run(...cli("agent", "unenforce", "--data", path("story"))).status).toBe(0);
      await agent.told("unenforced");
      expect(web.run("nft", "list", "tables").stdout).toBe("");
      expect(status("story")).toMatchObject({ code: 0, digest: null });
    } finally {
      await agent.end();
    }
  },
);

test.skipIf(missing !== null)("what a host saw is written down in a form that ingest reads", { timeout: 180_000 }, async () => {
  const agent = web.agent(...runWords(dir, "seen"));
  const db = await host();
  try {
    await agent.told("installed");
    web.run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", String(db.pid));
    web.run("sh", "-c", "ip addr add 10.0.0.7/24 dev v0; ip link set v0 up");
    db.run("sh", "-c", "ip addr add 10.0.0.9/24 dev v1; ip link set v1 up");
    const serve = "require('net').createServer((s) => s.end('hello')).listen(80, '10.0.0.7', () => console.log('up'))";
    const server = web.start(process.execPath, "-e", serve);
    await once(server.stdout, "data");
    const ask = (port: number): string =>
      db
        .run(
          process.execPath,
          "-e",
          `require('net').connect(${port}, '10.0.0.7').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`,
        )
        .stdout.trim();
    // What nobody allowed is refused by the policy, and was no conversation of this host.
    expect([ask(80), ask(80), ask(81)]).toEqual(["hello", "hello", "ECONNREFUSED"]);
    server.kill("SIGKILL");
  } finally {
    await agent.end();
    await db.remove();
  }
  const { stdout } = web.run(...cli("decode", path("seen/flows"), "--json"));
  const records = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const service = records.filter(({ serverPort }) => serverPort === 80);
  expect(service[0]).toMatchObject({ source: "agent", observer: "web-1", client: "10.0.0.9", server: "10.0.0.7", protocol: "tcp", direction: "stated" });
  expect(service.reduce((sum, { bytesToClient }) => sum + Number(bytesToClient), 0)).toBeGreaterThan(2 * 60);
  expect(records.filter(({ serverPort }) => serverPort === 81)).toEqual([]);
});
