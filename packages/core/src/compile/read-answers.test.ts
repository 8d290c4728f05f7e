import fc from "fast-check";
import { expect, test } from "vitest";
import { ipOf, ipText, isPublic } from "../base/ip.ts";
import { readAnswers, type ReadAnswer } from "../decide/read-answers.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { worldOf } from "../decide/world.ts";
import { compileFor } from "./compile.ts";
import { interpret } from "./interpret.ts";

const runs = Number(process.env["BULKHEAD_LAWS_RUNS"] ?? 150);

/** Conversations of a host with an address that cannot be told, which its rule set treats otherwise than the readings say; and how many there were. */
function wrongIn({ set, inventory, questions }: RandomWorld, counted: { asked: number }, broken: (some: readonly ReadAnswer[]) => readonly ReadAnswer[]) {
  const host = inventory.workloads[0]!;
  const world = worldOf(set, { ...inventory, points: [], workloads: inventory.workloads.map((one) => ({ ...one, point: one === host })) });
  return questions.flatMap(({ from, over, at }): readonly string[] => {
    const peer = ipOf(from);
    if (peer === undefined || over === null || at === null || !(peer.realm === "" || isPublic(peer))) return [];
    const one = { set, inventory: world.inventory, question: { from, to: host.id, over, at, facts: {} } };
    const readings = readAnswers(one);
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
