import { missing } from "@bulkhead/lab/command";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "../testing/agent-process.ts";

const absent = missing();
if (absent !== null) process.stdout.write(`what agents see is not mapped here: ${absent.message}\n`);

const topology = `
subnets: { front: [10.0.1.0/24, fd00:0:0:1::/64], back: [10.0.2.0/24, fd00:0:0:2::/64] }
hosts:
  - { id: web, subnet: front, addresses: [10.0.1.5, "fd00:0:0:1::5"], labels: { app: web }, listens: [tcp/80] }
  - { id: api, subnet: back, addresses: [10.0.2.5, "fd00:0:0:2::5"], labels: { app: api }, listens: [tcp/8443, tcp/22] }
  - { id: ledger, subnet: back, addresses: [10.0.2.6, "fd00:0:0:2::6"], labels: { app: ledger }, listens: [udp/5000] }
  - { id: stranger, subnet: back, addresses: [10.0.2.9, "fd00:0:0:2::9"] }
`;
const policy = `
policy: api
owner: team
scope: { app: api }
allow:
  - { name: web-calls, from: { app: web }, to: { app: api }, over: [tcp/8443], because: it is its client }
stages:
  segments: { api: { in: enforce } }
`;

let dir = "";
const path = (name: string): string => join(dir, name);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-seen-"));
  writeFileSync(path("topology.yaml"), topology);
  mkdirSync(path("policy"));
  writeFileSync(path("policy/api.yaml"), policy);
});
afterAll(() => {
  if (absent === null) bulkhead("lab", "down", "--data", path("lab"));
  rmSync(dir, { recursive: true, force: true });
});

function bulkhead(...words: readonly string[]): string {
  const [program = "", ...rest] = cli(...words);
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: "utf8", timeout: 100_000 });
  expect([words.slice(0, 2).join(" "), status, status === 0 ? "" : stderr]).toEqual([words.slice(0, 2).join(" "), 0, ""]);
  return stdout;
}

interface ProbedCell {
  readonly from: string;
  readonly to: string;
  readonly over: string;
  readonly outcome: string;
}
interface MappedEdge {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly connections: number;
  readonly observers: readonly string[];
}

const linesOf = (all: readonly { readonly from: string; readonly to: string; readonly service: string }[]): readonly string[] =>
  [...new Set(all.map(({ from, to, service }) => `${from} ${to} ${service}`))].sort();

/** Whether each host has written each pair and service down once: a busy machine may be slower than the interval, and then there are two. */
const isOneInterval = (hosts: readonly string[]): boolean =>
  hosts.every((host) => {
    const folder = path(`lab/lab/hosts/${host}/flows`);
    const records = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
    const pairs = records
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map(({ client, server, protocol, port }) => `${client} ${server} ${protocol} ${port}`);
    return new Set(pairs).size === pairs.length;
  });

/** The edges of the map of what these hosts saw, with everybody's names as the lab has them. */
function mapped(hosts: readonly string[]): readonly MappedEdge[] {
  const data = path(`seen-by-${hosts.join("-")}`);
  bulkhead("ingest", ...hosts.map((host) => path(`lab/lab/hosts/${host}/flows`)), "--data", data);
  bulkhead("inventory", "import", path("lab/lab/inventory.json"), "--data", data);
  const { edges } = JSON.parse(bulkhead("map", "--by", "app", "--json", "--data", data)) as { readonly edges: readonly MappedEdge[] };
  const nameOf = (group: string): string => (group === "unknown" ? "stranger" : group.replace("app=", ""));
  return edges.map((edge) => ({ ...edge, from: nameOf(edge.from), to: nameOf(edge.to) }));
}

test.skipIf(absent !== null)(
  "what the agents of a network saw is, ingested, the map of exactly what was answered there, each once",
  { timeout: 180_000 },
  () => {
    bulkhead("lab", "up", "--topology", path("topology.yaml"), "--policy", path("policy"), "--data", path("lab"));
    const { cells } = JSON.parse(bulkhead("lab", "probe", "--json", "--data", path("lab"))) as { readonly cells: readonly ProbedCell[] };
    // It ends the agents, which write down the rest of what they saw.
    bulkhead("lab", "unenforce", "--data", path("lab"));
    const answered = cells
      // Whether an echo was answered an agent cannot tell; nobody watches between strangers.
      .filter(({ over, outcome }) => outcome === "answered" && over !== "icmp/echo")
      .map(({ from, to, over }) => ({ from, to, service: over }));
    expect(linesOf(answered)).toContain("web api tcp/8443");
    expect(linesOf(answered)).not.toContainEqual(expect.stringMatching(/ledger api|api tcp\/22/));

    const all = mapped(["web", "api", "ledger"]);
    expect(linesOf(all)).toEqual(linesOf(answered));
    // Seen from both ends it is still one connection over IPv4 and one over IPv6, with both who saw it.
    const both = all.find(({ from, to }) => from === "web" && to === "api");
    expect(both?.observers).toEqual(["api", "web"]);
    if (isOneInterval(["web", "api"])) expect(both?.connections).toBe(2);
    // The control: without the agents of its ends a dependency is missed, and the comparison says so.
    const some = linesOf(mapped(["ledger"]));
    expect(some).toEqual(linesOf(answered.filter(({ from, to }) => from === "ledger" || to === "ledger")));
    expect(some.length).toBeLessThan(linesOf(answered).length);
  },
);
