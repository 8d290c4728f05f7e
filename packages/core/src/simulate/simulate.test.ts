import { memoryArchive } from "@bulkhead/adapters/stores/memory/archive";
import fc from "fast-check";
import { expect, test } from "vitest";
import { second } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { decide } from "../decide/decide.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import type { Engine } from "../decide/second-engine.ts";
import { type World, worldOf } from "../decide/world.ts";
import { holderSegments } from "../inventory/holders.ts";
import { readPolicySet } from "../language/read.ts";
import type { Connection } from "../model/connection.ts";
import type { PolicySet, Rule } from "../model/policy-set.ts";
import { told } from "../telemetry/testing/told.ts";
import { outcomeOfAnswer } from "./outcome.ts";
import { verdictsOf } from "./segment-verdict.ts";
import { simulateArchive } from "./simulate-archive.ts";
import type { Simulation } from "./simulation.ts";
import { connectionFor } from "./testing/connection-for.ts";

const runs = 150;
const wordOf = (outcome: string, layer: string, by: readonly string[]): string => [outcome, layer, ...by].join(" ");

function sums(pairs: readonly (readonly [string, number])[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [key, count] of pairs) all[key] = (all[key] ?? 0) + count;
  return all;
}

async function simulated(
  drawn: RandomWorld,
  connections: readonly Connection[],
  broken: (world: World) => World = (same) => same,
  engine?: Engine,
): Promise<Simulation> {
  const archive = memoryArchive();
  await archive.add({ token: null, connections });
  const { workloads } = drawn.inventory;
  return simulateArchive({
    archive,
    world: broken(worldOf(drawn.set, drawn.inventory)),
    workloads,
    segments: holderSegments(workloads),
    since: null,
    until: null,
    ...(engine === undefined ? {} : { engine }),
  });
}

/** Where the simulation and `decide`, asked connection by connection, differ; null where they agree. */
async function difference(drawn: RandomWorld, broken?: (world: World) => World): Promise<string | null> {
  const questions = drawn.questions.map((question) => ({ ...question, facts: {} })).filter((question, index) => connectionFor(question, index).length > 0);
  const world = worldOf(drawn.set, drawn.inventory);
  // Without ports nothing keeps two of them apart but time.
  const usable = questions.filter(({ over }) => [6, 17, 132].includes(over!.protocol));
  const answers = usable.map((question) => decide(world, question));
  const expected = sums(answers.map((answer) => [wordOf(outcomeOfAnswer(answer), answer.layer, answer.by), 1]));
  const blocked = answers.filter(({ effect }) => effect === "block").length;
  const simulation = await simulated(drawn, usable.flatMap(connectionFor), broken);
  const got = sums(simulation.pairs.map(({ outcome, layer, by, connections }) => [wordOf(outcome, layer, by), connections]));
  const gotBlocked = simulation.pairs.reduce((sum, pair) => sum + pair.blocked, 0);
  const texts = [expected, got].map((one) => JSON.stringify(Object.entries(one).sort()));
  return texts[0] === texts[1] && blocked === gotBlocked ? null : `expected ${texts[0]} ${blocked}, got ${texts[1]} ${gotBlocked}`;
}

// The addresses of a workload change with time, and a summed flow has one: what borders block is compared on the first instant only.
const world = arbitraryWorld.map((one) => ({ ...one, inventory: { ...one.inventory, points: [] } }));

test("a simulation says of every connection what `decide` says of it", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      expect(await difference(drawn)).toBeNull();
    }),
    { numRuns: runs },
  );
});

const undated = (rules: readonly Rule[]): readonly Rule[] => rules.map((rule) => ({ ...rule, start: null, end: null }));
const withSet =
  (change: (set: PolicySet) => PolicySet) =>
  (one: World): World =>
    worldOf(change(one.set), one.inventory);
const controls: Readonly<Record<string, (world: World) => World>> = {
  "forgets forbids": withSet((set) => ({ ...set, forbids: [] })),
  "forgets dates": withSet((set) => ({
    ...set,
    conduits: undated(set.conduits),
    policies: set.policies.map((policy) => ({ ...policy, allow: undated(policy.allow) })),
  })),
  "forgets quarantine": (one) => ({ ...one, quarantined: new Set() }),
  "forgets stages": (one) => ({ ...one, zoneStages: new Map(), segmentStages: new Map() }),
};

test.each(Object.entries(controls))("positive control: a simulation that %s is caught", { timeout: 60_000 }, async (_, broken) => {
  const samples = fc.sample(world, { numRuns: 600, seed: 7 });
  let isCaught = false;
  for (const drawn of samples) isCaught ||= (await difference(drawn, broken)) !== null;
  expect(isCaught).toBe(true);
});

/** What the second engine, asked about the true world, says of a simulation of a changed one. */
async function recheckOf(drawn: RandomWorld, broken?: (world: World) => World): Promise<Simulation["secondEngine"]> {
  const truth = worldOf(drawn.set, drawn.inventory);
  const connections = drawn.questions.map((question) => ({ ...question, facts: {} })).flatMap(connectionFor);
  return (await simulated(drawn, connections, broken, (_, question) => decide(truth, question))).secondEngine;
}

test("the second engine asks every verdict of a small simulation again, and confirms it", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, async (drawn) => {
      const { verdicts, askedAgain, sample, disagreements, examples } = await recheckOf(drawn);
      expect([disagreements, examples, sample, askedAgain]).toEqual([0, [], null, verdicts]);
    }),
    { numRuns: runs },
  );
});

test.each(Object.entries(controls))(
  "the second engine catches a simulation that %s, and tells a question that shows it",
  { timeout: 60_000 },
  async (_, broken) => {
    const samples = fc.sample(world, { numRuns: 600, seed: 7 });
    let caught: Simulation["secondEngine"] | null = null;
    for (const drawn of samples) {
      const again: Simulation["secondEngine"] = caught === null ? await recheckOf(drawn, broken) : caught;
      if (again.disagreements > 0) caught = again;
    }
    expect(caught?.examples[0]).toMatchObject({ policy: null, question: { at: expect.any(String) as string, over: expect.any(String) as string } });
  },
);

const labelled = (id: string, role: string, address: string) => ({
  id,
  labels: { app: "shop", env: "prod", role },
  leases: [{ ip: ipOf(address)!, from: null, until: null }],
  identity: null,
  point: true,
});
const inventory = { workloads: [labelled("web-1", "web", "10.0.0.1"), labelled("db-1", "db", "10.0.0.2")], points: [], quarantined: [] };
const text = `
policy: shop
owner: team
scope: { app: shop, env: prod, role: db }
allow:
  - { name: web-reads, from: { role: web }, to: { role: db }, over: [tcp/5432], until: 2026-03-01, because: a test }
  - { name: nobody, from: { role: batch }, to: { role: db }, over: [tcp/5432], because: a test }
stages: { segments: { shop: { in: enforce, out: observe } } }
`;
const { set } = readPolicySet([{ path: "shop.yaml", bytes: new TextEncoder().encode(text) }]);
const at = (iso: string): number => Date.parse(iso) * 1000;
const shop = { set, inventory, questions: [] };
const read = (first: string, known: Partial<Connection> = {}) =>
  told({ client: "10.0.0.1", server: "10.0.0.2", serverPort: 5432, first: at(first), last: at(first) + second, ...known });

test("a flow that outlives its rule is counted on both sides of the change", async () => {
  const simulation = await simulated(shop, [read("2026-02-01T00:00:00Z", { clientPort: 1 }), read("2026-03-05T00:00:00Z", { clientPort: 2 })]);
  expect([simulation.totals.allowed?.connections, simulation.totals.denied?.connections]).toEqual([1, 1]);
  expect(simulation.totals.denied?.blocked).toBe(1);
  expect(simulation.unused).toEqual(["shop/nobody"]);
});

test("a conversation that was still open when its rule ended is judged at both ends and listed", async () => {
  const simulation = await simulated(shop, [read("2026-02-28T23:00:00Z", { last: at("2026-03-02T00:00:00Z") })]);
  expect(simulation.totals.allowed?.connections).toBe(1);
  expect(simulation.spanning).toMatchObject([{ connections: 1, began: { answer: { verdict: "allow" } }, ended: { answer: { verdict: "deny" } } }]);
});

test("a conversation that was open over a day on which it would be denied is listed, and breaks the segment", async () => {
  const frozen = `${text}forbid:\n  - { name: freeze, from: { app: shop }, to: { app: shop }, from-date: 2026-01-10, until: 2026-01-11, because: a test }\n`;
  const ruled = readPolicySet([{ path: "shop.yaml", bytes: new TextEncoder().encode(frozen) }]).set;
  const simulation = await simulated({ ...shop, set: ruled }, [read("2026-01-09T00:00:00Z", { last: at("2026-01-13T00:00:00Z") })]);
  expect([simulation.totals.allowed?.connections, simulation.totals.denied]).toEqual([1, null]);
  expect(simulation.spanning).toMatchObject([{ denied: { at: at("2026-01-10T00:00:00Z") }, ended: { answer: { verdict: "allow" } } }]);
  expect(verdictsOf(ruled, simulation, [])).toMatchObject({ word: "would break", segments: [{ word: "would break" }] });
});

test("every statement says how well its traffic was seen, and where its records are", async () => {
  const simulation = await simulated(shop, [read("2026-02-01T00:00:00Z", { sampling: 16 })]);
  expect(simulation.rules).toMatchObject([
    { rule: "shop/web-reads", observed: { observers: ["core"], byOneObserver: 1, sampled: 1, sampling: 16 }, first: at("2026-02-01T00:00:00Z") },
  ]);
  expect(simulation.rules[0]?.records).toBe(
    "bulkhead flows --client 10.0.0.1 --server 10.0.0.2 --service tcp/5432 --since 2026-02-01T00:00:00Z --until 2026-02-01T00:00:02Z",
  );
});

test("what is open is not called allowed, and what cannot be told is not called good", async () => {
  const simulation = await simulated(shop, [
    told({ client: "10.0.0.2", server: "10.0.0.1", serverPort: 80, first: 0 }),
    told({ client: "10.0.0.1", server: "10.9.9.9", serverPort: 80, first: 0, clientPort: 2 }),
    told({ client: "10.0.0.1", server: "10.9.9.9", serverPort: null, clientPort: null, protocol: "icmp", first: 0 }),
  ]);
  expect(simulation.layers.map(({ layer, outcome, connections }) => [layer, outcome, connections])).toEqual([
    ["open", "open", 1],
    ["segment", "denied", 1],
    ["unresolved", "unknown", 1],
  ]);
});
