import fc from "fast-check";
import { expect, test } from "vitest";
import { ipOf, ipText, isPublic } from "../base/ip.ts";
import { readAnswers, type ReadAnswer } from "../decide/read-answers.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { worldOf } from "../decide/world.ts";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import { compileFor } from "./compile.ts";
import { interpret } from "./interpret.ts";

const runs = 150;

/** Conversations of a host with an address that cannot be told, which its rule set treats otherwise than the readings say; and how many there were. */
function wrongIn({ set, inventory, questions }: RandomWorld, counted: { asked: number }, broken: (some: readonly ReadAnswer[]) => readonly ReadAnswer[]) {
  const host = inventory.workloads[0]!;
  const world = worldOf(set, { ...inventory, points: [], workloads: inventory.workloads.map((one) => ({ ...one, point: one === host })) });
  return questions.flatMap(({ from, over, at }): readonly string[] => {
    const peer = ipOf(from);
    if (peer === undefined || over === null || at === null || !(peer.realm === "" || isPublic(peer))) return [];
    const one = { set, inventory: world.inventory, question: { from, to: host.id, over, at, facts: {} } };
    const { readings } = readAnswers(one);
    // Of itself it has only one reading; and what it cannot tell of itself, others say.
    if (readings.length < 2 || readings.some(({ as }) => as.includes(host.id))) return [];
    counted.asked += 1;
    const isDiscovery = over.protocol === 58 && over.port >= 133 && over.port <= 136;
    const isBlocked = !isDiscovery && broken(readings).some(({ blockedAt }) => blockedAt.includes("server"));
    const action = interpret(compileFor(world, host.id, at).ruleset, { direction: "inbound", peer: ipText({ ...peer, realm: "" }), over, at });
    return isBlocked === (action === "block") ? [] : [JSON.stringify({ from, to: host.id, over, at, action, readings })];
  });
}

// Realms aside: a host meets only addresses of its own.
const worlds = arbitraryWorld.filter(({ inventory }) => inventory.workloads[0]!.leases.every(({ ip }) => ip.realm === ""));

test("of an end that cannot be told a host's rule set passes what passes under every reading that is told", () => {
  const counted = { asked: 0 };
  fc.assert(
    fc.property(worlds, (world) => {
      expect(wrongIn(world, counted, (same) => same)).toEqual([]);
    }),
    { numRuns: runs },
  );
  expect(counted.asked).toBeGreaterThan(10);
});

test("a reading that is left out is caught", () => {
  const some = fc.sample(worlds, { numRuns: 800, seed: 3 });
  expect(some.some((world) => wrongIn(world, { asked: 0 }, (readings) => readings.slice(1)).length > 0)).toBe(true);
});

const texts = `zones: [{ name: a, members: { z: a }, because: x }, { name: b, members: { z: b }, because: x }]
conduits: [{ name: c, from: a, to: b, over: ssh, owner: o, because: x }]
forbid: [{ name: last, from: { app: last }, to: { z: b }, because: x }]
stages: { zones: { a: { boundary: enforce }, b: { boundary: enforce } } }
`;

/** What is told, and what the rule set does, of an address that so many workloads hold, the last of them forbidden. */
function heldBy(count: number) {
  const { set } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(texts) }]);
  const holders = Array.from({ length: count }, (_, index) => ({
    id: `w${index}`,
    labels: { z: "a", app: index === count - 1 ? "last" : "other" },
    addresses: ["10.0.0.1"],
  }));
  const { inventory } = readInventoryFile(
    JSON.stringify({ workloads: [...holders, { id: "host", labels: { z: "b" }, addresses: ["10.0.0.2"], point: true }] }),
  );
  const over = { protocol: 6, port: 22 };
  const { readings, readingsOmitted } = readAnswers({ set, inventory, question: { from: "10.0.0.1", to: "host", over, at: 0, facts: {} } });
  const action = interpret(compileFor(worldOf(set, inventory), "host", 0).ruleset, { direction: "inbound", peer: "10.0.0.1", over, at: 0 });
  return { action, told: readings.length, blocked: readings.filter(({ blockedAt }) => blockedAt.includes("server")).length, readingsOmitted };
}

test("of an address that dozens hold every reading counts, and what is not looked at of thousands is said", () => {
  expect(heldBy(40)).toEqual({ action: "block", told: 40, blocked: 1, readingsOmitted: 0 });
  expect(heldBy(1001)).toEqual({ action: "block", told: 1000, blocked: 0, readingsOmitted: 1 });
});
