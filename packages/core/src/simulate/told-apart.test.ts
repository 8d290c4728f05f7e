import { memoryArchive } from "@bulkhead/adapters/stores/memory/archive";
import { expect, test } from "vitest";
import { ipOf } from "../base/ip.ts";
import { worldOf } from "../decide/world.ts";
import { holderSegments } from "../inventory/holders.ts";
import { readPolicySet } from "../language/read.ts";
import type { Connection } from "../model/connection.ts";
import { told } from "../telemetry/testing/told.ts";
import { changesOf } from "../decide/stretches.ts";
import { flowJudge } from "./flow-judge.ts";
import { steadyAnswer } from "./steady-answer.ts";
import { withOneAnswer } from "./told-apart.ts";

const machine = (id: string, address: string) => ({
  id,
  labels: { app: "shop", env: "prod", role: id },
  leases: [{ ip: ipOf(address)!, from: null, until: null }],
  identity: null,
  point: false,
});
const workloads = [machine("web", "10.0.0.1"), machine("db", "10.0.0.2")];
const text = `
policy: shop
owner: team
scope: { app: shop, env: prod }
allow:
  - { name: reads, from: { role: web }, to: { role: db }, over: [tcp/5432], from-date: 2026-02-01, until: 2026-02-28, because: a test }
  - { name: later, from: { role: web }, to: { role: web }, over: [tcp/22], from-date: 2026-02-10, because: a test }
`;
const world = worldOf(readPolicySet([{ path: "shop.yaml", bytes: new TextEncoder().encode(text) }]).set, { workloads, points: [], quarantined: [] });
const at = (iso: string): number => Date.parse(iso) * 1000;
let port = 0;
const reads = (first: string | null, until: string | null = first): Connection => {
  port += 1;
  const [begun, last] = [first, until].map((iso) => (iso === null ? null : at(iso)));
  return told({ client: "10.0.0.1", clientPort: port, server: "10.0.0.2", serverPort: 5432, first: begun!, last: last!, record: port });
};

/** How many connections each answer has, `many` for what no one answer fits. */
async function answers(connections: readonly Connection[], { since = null, until = null }: { since?: number | null; until?: number | null } = {}) {
  const archive = memoryArchive();
  await archive.add({ token: null, connections });
  const segments = holderSegments(workloads);
  const flows = await archive.conversations({ since, until, segments });
  const [judge, changes] = [flowJudge(world), changesOf(world.set)];
  const counts = (all: typeof flows): Readonly<Record<string, number>> => {
    const sums: Record<string, number> = {};
    for (const flow of all) {
      const word = steadyAnswer(judge, changes, flow)?.verdict ?? "many";
      sums[word] = (sums[word] ?? 0) + flow.connections;
    }
    return sums;
  };
  return { before: counts(flows), after: counts(await withOneAnswer({ archive, segments }, world, { flows, since, until })) };
}

const seen = ["2026-01-10", "2026-01-31T23:59:59Z", "2026-02-01", "2026-02-15", "2026-02-28T23:59:59Z", "2026-03-01", "2026-03-09"].map((one) =>
  reads(one.length > 10 ? one : `${one}T00:00:00Z`),
);

test("a flow over the start and the end of a rule is told apart, to the last connection", async () => {
  expect(await answers(seen)).toEqual({ before: { many: 7 }, after: { allow: 3, deny: 4 } });
});

test("what lies outside the time that is asked about stays outside", async () => {
  expect((await answers(seen, { since: at("2026-01-20T00:00:00Z"), until: at("2026-03-09T00:00:00Z") })).after).toEqual({ allow: 3, deny: 2 });
});

test("with what was open over the change, or has no time, its stretch cannot be told, and nothing is lost", async () => {
  const open = reads("2026-02-28T12:00:00Z", "2026-03-02T00:00:00Z");
  const { after } = await answers([...seen, open]);
  expect(after).toEqual({ allow: 1, many: 3, deny: 4 });
  expect((await answers([...seen, reads(null)])).after).toEqual({ allow: 3, deny: 4, many: 1 });
});
