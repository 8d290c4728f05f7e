import { expect, test } from "vitest";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import { decide } from "./decide.ts";
import { questionOf } from "./question-line.ts";
import { worldOf } from "./world.ts";

const policy = `
networks: { auditors: [10.20.9.0/24] }
zones:
  - { name: production, members: { env: prod }, because: customers }
  - { name: offices, networks: [auditors], because: staff }
forbid: [{ name: no-dev, from: { env: dev }, to: { env: prod }, because: apart }]
exceptions:
  - { name: audit, from: { network: auditors }, to: { app: billing }, over: [tcp/5432], owner: cfo, approved-by: a, ticket: T-1, because: audit, from-date: 2026-11-01, until: 2026-12-15 }
  - { name: rescue, from: { env: dev }, to: { app: billing }, over: [tcp/22], owner: cfo, approved-by: a, ticket: T-2, because: rescue, from-date: 2026-11-01, until: 2026-12-15 }
`;
const workloads = [
  { id: "ledger", labels: { app: "billing", env: "prod" }, addresses: ["10.1.0.1"] },
  { id: "laptop", labels: { env: "dev" }, addresses: ["10.20.9.7"] },
  { id: "printer", labels: { env: "staging" }, addresses: ["10.20.9.9"] },
  { id: "one", labels: {}, addresses: ["10.1.0.9"] },
  { id: "two", labels: {}, addresses: ["10.1.0.9"] },
];
const { set, diagnostics } = readPolicySet([{ path: "zones.yaml", bytes: new TextEncoder().encode(policy) }]);
const world = worldOf(set, readInventoryFile(JSON.stringify({ workloads })).inventory);

function answer(from: string, over: string, at = "2026-11-10T00:00:00Z") {
  return decide(world, questionOf(JSON.stringify({ id: 1, from, to: "ledger", over, at }), set.services).question);
}

test("the policy of these tests has no errors", () => {
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

test("a rule ends exactly at its end", () => {
  expect(answer("10.20.9.8", "tcp/5432", "2026-12-15T23:59:59Z")).toMatchObject({ verdict: "allow", layer: "exception", by: ["exception/audit"] });
  expect(answer("10.20.9.8", "tcp/5432", "2026-12-16T00:00:00Z")).toMatchObject({ verdict: "deny", layer: "boundary", by: [] });
});

test("an exception never outweighs a forbid", () => {
  expect(answer("laptop", "tcp/22")).toMatchObject({ verdict: "deny", layer: "forbid", by: ["forbid/no-dev"] });
});

test("an address rule never matches a workload", () => {
  expect(answer("10.20.9.8", "tcp/5432").verdict).toBe("allow");
  expect(answer("10.20.9.9", "tcp/5432")).toMatchObject({ verdict: "deny", layer: "boundary", by: [] });
});

test("an address that two workloads hold is contested, and both are named", () => {
  expect(answer("10.1.0.9", "tcp/22")).toEqual({ verdict: "unknown", layer: "contested", by: ["one", "two"], effect: "unknown" });
});
