import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import { runPolicyTests } from "./policy-tests.ts";

const zones = `networks: { auditors: 10.20.9.0/24, offices: 10.20.0.0/16, farm: { prefixes: 10.50.0.0/16, expects: workloads } }
services: { ledger: [tcp/5432, tcp/6432] }
zones:
  - { name: production, members: { env: prod }, because: customers }
  - { name: offices, networks: [offices], because: staff }
conduits:
  - { name: staff, from: offices, to: production, over: [https, tcp/5432], owner: architects, because: back office }
forbid:
  - { name: no-dev, from: { env: dev }, to: { env: prod }, because: apart }
exceptions:
  - { name: audit, from: { network: auditors }, to: { app: billing }, over: ledger, owner: cfo, approved-by: a, ticket: T-1, because: yearly, from-date: 2026-11-01, until: 2026-12-15 }
`;
const policy = `policy: billing
owner: team-billing
scope: { app: billing, env: prod }
allow:
  - { name: api, from: { app: billing, role: api }, to: { app: billing, env: prod }, over: ledger, because: balances }
  - { name: staff, from: { zone: offices }, to: { app: billing, env: prod }, over: https, because: back office }
tests:
`;
const head = policy.split("\n").length;

/** What the tests say, as `line message`; each test is one line. */
function said(tests: readonly string[], { at = "2026-11-25T12:00:00Z", workloads = null as readonly unknown[] | null } = {}): readonly string[] {
  const text = policy + tests.map((one) => `  - { ${one} }\n`).join("");
  const { set, diagnostics } = readPolicySet([text, zones].map((one, index) => ({ path: `${index}.yaml`, bytes: new TextEncoder().encode(one) })));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const inventory = workloads === null ? null : readInventoryFile(JSON.stringify({ workloads })).inventory;
  return runPolicyTests(set, { at: instantOf(at)!, inventory }).map((one) => `${one.at.line - head + 1} ${one.message}`);
}

const api = "from: { app: billing, env: prod, role: api }, to: { app: billing, env: prod }";

test("tests that the policy meets say nothing", () => {
  expect(
    said([
      `${api}, over: ledger, expect: allow`,
      `${api}, over: ledger, expect: allow, by: billing/api`,
      `${api}, over: ledger, expect: allow, by: segment`,
      "from: { env: dev }, to: { app: billing, env: prod }, over: ssh, expect: deny, by: forbid/no-dev",
      "from: { network: offices }, to: { app: billing, env: prod }, over: https, expect: allow",
      "from: 10.20.3.4, to: { app: billing, env: prod }, over: https, expect: allow",
      "from: { network: auditors }, to: { app: billing, env: prod }, over: ledger, expect: allow, by: exception",
      "from: { network: farm }, to: { app: billing, env: prod }, over: https, expect: unknown, by: unresolved",
      "from: { network: internet }, to: { app: billing, env: prod }, over: any, expect: deny, by: boundary",
    ]),
  ).toEqual([]);
});

test("a test that fails is told once, at its place, with what was answered", () => {
  expect(said([`${api}, over: https, expect: deny`, `${api}, over: https, expect: allow, by: billing/api`])).toEqual([
    "2 this test expects allow by billing/api, and the answer is deny by segment",
  ]);
  expect(said([`${api}, over: ledger, expect: allow, by: open`])).toEqual([
    "1 this test expects allow by open, and the answer is allow by segment, billing/api (over tcp/5432)",
  ]);
});

test("every port of a service must have the verdict, and a range is asked wherever a rule begins or ends", () => {
  expect(said([`${api}, over: tcp/5400-5440, expect: deny`])).toEqual([
    "1 this test expects deny, and the answer is allow by segment, billing/api (over tcp/5432)",
  ]);
  expect(said([`${api}, over: tcp/5432-6432, expect: allow`])).toEqual(["1 this test expects allow, and the answer is deny by segment (over tcp/5433)"]);
  expect(said([`${api}, over: any, expect: deny`])[0]).toContain("over tcp/5432");
  expect(said([`${api}, over: [icmp/any, ip/47], expect: deny`])).toEqual([]);
});

test("a network is asked wherever another prefix begins or ends inside it", () => {
  expect(said(["from: { network: offices }, to: { app: billing, env: prod }, over: tcp/6432, expect: deny"])).toEqual([
    "1 this test expects deny, and the answer is allow by exception, exception/audit (from 10.20.9.0 in offices)",
  ]);
});

test("tests ask at the instant that they are given", () => {
  const audit = "from: { network: auditors }, to: { app: billing, env: prod }, over: ledger, expect: allow";
  expect(said([audit])).toEqual([]);
  expect(said([audit], { at: "2027-01-01T00:00:00Z" })[0]).toContain("the answer is deny by segment");
});

test("with an inventory every real workload that matches is asked, and a disagreement names it", () => {
  const workloads = [
    { id: "api-1", labels: { app: "billing", env: "prod", role: "api" } },
    { id: "ledger-1", labels: { app: "billing", env: "prod", role: "ledger" } },
    { id: "ledger-2", labels: { app: "billing", env: "prod", role: "ledger" } },
  ];
  const broad = "from: { app: billing, env: prod }, to: { app: billing, env: prod }, over: tcp/5432, expect: deny";
  expect(said([broad])).toEqual([]);
  expect(said([broad], { workloads })).toEqual(["1 this test expects deny, and the answer is allow by segment, billing/api (from api-1, to api-1)"]);
  expect(said([`${api}, over: ledger, expect: allow`], { workloads })).toEqual([]);
});
