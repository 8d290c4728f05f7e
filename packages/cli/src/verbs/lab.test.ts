import { missing } from "@bulkhead/lab/command";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
const absent = missing();
if (absent !== null) process.stdout.write(`the lab is not tried here: ${absent.message}\n`);

const topology = `
subnets: { front: [10.0.1.0/24, fd00:0:0:1::/64], back: [10.0.2.0/24, fd00:0:0:2::/64] }
compromised: web
hosts:
  - id: web
    subnet: front
    addresses: [10.0.1.5, "fd00:0:0:1::5"]
    labels: { app: shop, role: web }
    calls: [{ to: api, over: tcp/8443 }]
  - { id: api, subnet: back, addresses: [10.0.2.5, "fd00:0:0:2::5"], labels: { app: shop, role: api }, listens: [tcp/8443, tcp/22] }
  - { id: ledger, subnet: back, addresses: [10.0.2.6, "fd00:0:0:2::6"], labels: { app: ledger }, listens: [udp/5000] }
`;
const policy = `
policy: shop
owner: team
scope: { app: shop }
allow:
  - { name: web-calls-api, from: { app: shop, role: web }, to: { app: shop, role: api }, over: [tcp/8443], because: it is the shop }
---
`;
let dir = "";

const bulkhead = (...words: readonly string[]) =>
  spawnSync(process.execPath, [bin, "lab", ...words], {
    cwd: dir,
    encoding: "utf8",
    timeout: 55_000,
    env: { ...process.env, BULKHEAD_DATA: join(dir, "state") },
  });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-lab-"));
  writeFileSync(join(dir, "topology.yaml"), topology);
  mkdirSync(join(dir, "policy"));
  writeFileSync(join(dir, "policy", "shop.yaml"), policy.replace("---\n", ""));
  writeFileSync(join(dir, "policy", "ledger.yaml"), "policy: ledger\nowner: team\nscope: { app: ledger }\nallow: []\n");
  writeFileSync(join(dir, "policy", "stages.yaml"), "stages:\n  segments: { shop: { in: enforce }, ledger: { in: enforce } }\n");
});
afterAll(() => {
  if (absent === null) bulkhead("down");
  rmSync(dir, { recursive: true, force: true });
});

test.skipIf(absent !== null)("an attack that worked stops when a policy is in force, and works again when it is taken back", { timeout: 180_000 }, () => {
  expect(bulkhead("up", "--topology", "topology.yaml").stdout).toContain("nothing is enforced");
  expect(bulkhead("attack").stdout).toContain("with no policy in force: 2 of 2 hosts fall");

  const put = bulkhead("up", "--policy", "policy");
  expect([put.status, put.stdout], put.stderr).toEqual([0, expect.stringContaining("3 hosts took the policy policy")]);
  const probe = bulkhead("probe", "--matrix");
  expect([probe.status, probe.stdout], probe.stderr).toEqual([
    0,
    expect.stringMatching(/agree in 48 of 48 cells\nof 1 connection that the topology needs, 1 works/),
  ]);
  expect(bulkhead("attack").stdout).toContain("with a policy in force: 1 of 2 hosts fall");
  const other = bulkhead("probe", "--policy", join(dir, "nowhere"));
  expect([other.status, other.stderr]).toEqual([2, expect.stringContaining("does not exist")]);

  expect(bulkhead("unenforce").stdout).toContain("every packet passes");
  expect(bulkhead("attack").stdout).toContain("2 of 2 hosts fall");
  expect(bulkhead("down").stdout).toContain("4 namespaces removed");
  expect(readdirSync(join(dir, "state"))).toEqual([]);
  const gone = bulkhead("probe");
  expect([gone.status, gone.stderr]).toEqual([2, expect.stringContaining("no lab is up here")]);
});

test.skipIf(absent !== null)("a policy with a mistake builds nothing", () => {
  mkdirSync(join(dir, "wrong"));
  writeFileSync(join(dir, "wrong", "a.yaml"), "policy: a\n");
  const { status, stdout } = bulkhead("up", "--topology", "topology.yaml", "--policy", "wrong");
  expect([status, stdout]).toEqual([1, expect.stringContaining("a.yaml")]);
  expect(bulkhead("down").stdout).toBe("there was no lab\n");
});

test.skipIf(process.getuid?.() !== 0)("without root it says so in words", () => {
  const words = ["-e", "process.setuid(65534); await import(process.argv[1])", bin, "lab", "up"];
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", ...words], { cwd: dir, encoding: "utf8" });
  expect([status, stderr]).toEqual([2, expect.stringContaining("only root may")]);
});
