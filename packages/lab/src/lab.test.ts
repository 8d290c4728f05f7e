import { worldOf } from "@bulkhead/core/decide/world";
import { readPolicySet } from "@bulkhead/core/language/read";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { missing } from "./command.ts";
import { inventoryOf } from "./inventory.ts";
import { askUp, removeLab, startLab, stateOf } from "./keeper.ts";
import { attemptsOf, type Cell, cellsOf, servicesOf } from "./matrix.ts";
import { namespacesOf, pidsIn } from "./network.ts";
import { placeOf } from "./place.ts";

const absent = missing();
if (absent !== null) process.stdout.write(`the lab is not tried here: ${absent.message}\n`);
const bulkhead = [process.execPath, fileURLToPath(new URL("../../cli/bin/bulkhead.js", import.meta.url))];

const topology = `
subnets: { left: [10.0.1.0/24, fd00:0:0:1::/64], right: [10.0.2.0/24, fd00:0:0:2::/64] }
hosts:
  - { id: web, subnet: left, addresses: [10.0.1.5, "fd00:0:0:1::5"], labels: { app: web }, listens: [tcp/80] }
  - { id: database, subnet: right, addresses: [10.0.2.5, "fd00:0:0:2::5"], labels: { app: database }, listens: [tcp/5432, udp/123] }
  - { id: stranger, subnet: right, addresses: [10.0.2.6, "fd00:0:0:2::6"] }
`;
const policy = `
policy: database
owner: team
scope: { app: database }
allow:
  - { name: web-reads, from: { app: web }, to: { app: database }, over: [postgres], because: it is the database of web }
stages:
  segments: { database: { in: enforce } }
`;

let [data, text] = ["", ""];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "bulkhead-lab-"));
  mkdirSync(join(data, "policy"));
  writeFileSync(join(data, "topology.yaml"), topology);
  writeFileSync(join(data, "policy", "database.yaml"), policy);
  text = policy;
});
afterEach(async () => {
  if (absent === null) await removeLab(data);
  rmSync(data, { recursive: true, force: true });
});

const start = (words: readonly string[]): Promise<void> => startLab(data, { topologyFile: join(data, "topology.yaml"), minutes: 5, bulkhead: words });

async function probed(): Promise<readonly Cell[]> {
  const { described } = await stateOf(data);
  const attempts = attemptsOf(described);
  const outcomes = await askUp(data, { kind: "measure", attempts, doors: servicesOf(described) });
  const { set } = readPolicySet([{ path: "database.yaml", bytes: new TextEncoder().encode(text) }]);
  return cellsOf(worldOf(set, inventoryOf(described)), attempts, { outcomes, hosts: described.hosts, at: Date.now() * 1000 });
}

test.skipIf(absent !== null)("what the agents enforce is what the policy means, over both families, and nothing is left afterwards", async () => {
  await start(bulkhead);
  const { prefix } = placeOf(data);
  expect((await askUp(data, { kind: "enforce", policy: join(data, "policy") })).map(({ host, refused }) => [host, refused])).toEqual([
    ["web", null],
    ["database", null],
  ]);
  const cells = await probed();
  expect(cells.filter(({ agrees }) => agrees !== true)).toEqual([]);
  expect(cells.length).toBe(48);
  const passing = cells.filter(({ to, outcome }) => to === "database" && outcome === "answered");
  expect(passing.map(({ from, over, address }) => `${from} ${over} ${address}`)).toEqual(["web tcp/5432 10.0.2.5", "web tcp/5432 fd00:0:0:2::5"]);

  const pids = namespacesOf(prefix).flatMap((name) => pidsIn(name));
  expect(pids.length).toBeGreaterThanOrEqual(5);
  expect(await removeLab(data)).toBe(4);
  expect([namespacesOf(prefix), pids.filter((pid) => existsSync(`/proc/${pid}/fd/0`))]).toEqual([[], []]);
});

test.skipIf(absent !== null)("an agent that leaves out the inbound half of its rules is caught by the probe", async () => {
  // Whatever is loaded passes through this `nft`, which lets everything in, and its answers out.
  const opened = ["s/hook input priority [0-9]*; policy accept;/&\\n accept/", "s/hook output priority [0-9]*; policy accept;/&\\n ct direction reply accept/"];
  const broken = `#!/bin/sh\n[ "$1" = -f ] && sed -i '${opened.join("; ")}' "$2"\nPATH=\${PATH#*:}\nexec nft "$@"\n`;
  mkdirSync(join(data, "bin"));
  writeFileSync(join(data, "bin", "nft"), broken);
  chmodSync(join(data, "bin", "nft"), 0o755);
  await start(["env", `PATH=${join(data, "bin")}:${process.env["PATH"] ?? ""}:/usr/sbin`, ...bulkhead]);
  await askUp(data, { kind: "enforce", policy: join(data, "policy") });
  const differing = (await probed()).filter(({ agrees }) => agrees === false);
  expect(new Set(differing.map(({ to, meaning, outcome }) => `${to} ${meaning} ${outcome}`))).toEqual(new Set(["database block answered"]));
  expect(differing.length).toBe(14);
});

test.skipIf(absent !== null)("a lab whose keeper is killed removes itself", async () => {
  await start(bulkhead);
  const { pid } = await stateOf(data);
  const { prefix } = placeOf(data);
  expect(namespacesOf(prefix).length).toBe(4);
  process.kill(pid, "SIGKILL");
  for (let turn = 0; turn < 100 && namespacesOf(prefix).length > 0; turn += 1) await sleep(100);
  expect(namespacesOf(prefix)).toEqual([]);
});
