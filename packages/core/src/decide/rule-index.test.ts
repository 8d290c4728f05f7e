import fc from "fast-check";
import { expect, test } from "vitest";
import type { Question } from "../model/question.ts";
import { decide } from "./decide.ts";
import { endOf } from "./ends.ts";
import { outcomeOf, ruleIndex, type RuleIndex } from "./rule-index.ts";
import { arbitraryWorld, type RandomWorld } from "./testing/random-world.ts";
import { type World, worldOf } from "./world.ts";

const runs = 400;

/** What the index says to a question between known ends; null where `decide` does not know the ends. */
function byIndex(index: RuleIndex, world: World, { from, to, over, at, facts }: Question) {
  const [client, server] = [endOf(world, from, at), endOf(world, to, at)];
  if (client.kind !== "known" || server.kind !== "known" || over === null || at === null) return null;
  const slice = index.during(at, facts);
  return outcomeOf(slice.ask(index.classOf(client), index.classOf(server), index.intervalOf(over.protocol, over.port)));
}

/** The first question on which index and `decide` differ, or null. */
function difference({ set, inventory, questions }: RandomWorld, indexed: (world: World) => World): string | null {
  const world = worldOf(set, inventory);
  const index = ruleIndex(indexed(world));
  for (const question of questions) {
    const got = byIndex(index, world, question);
    if (got === null) continue;
    const { verdict, layer, effect } = decide(world, question);
    if (got.verdict !== verdict || got.layer !== layer || got.effect !== effect) return JSON.stringify({ question, got, expected: { verdict, layer, effect } });
  }
  return null;
}

test("the rule index agrees with `decide` on every question", () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(difference(world, (same) => same)).toBeNull();
    }),
    { numRuns: runs },
  );
});

// Positive controls: an index of a slightly other world must be told apart from `decide` on this one.
const others: Readonly<Record<string, (world: World) => World>> = {
  "without forbids": (world) => ({ ...world, set: { ...world.set, forbids: [] } }),
  "without conduits": (world) => ({ ...world, set: { ...world.set, conduits: [] } }),
  "without common rules": (world) => ({ ...world, set: { ...world.set, commons: [] } }),
  "without dates": (world) => ({ ...world, set: { ...world.set, conduits: world.set.conduits.map((rule) => ({ ...rule, start: null, end: null })) } }),
  "without demands": (world) => ({ ...world, set: { ...world.set, conduits: world.set.conduits.map((rule) => ({ ...rule, where: [] })) } }),
  "without stages": (world) => ({ ...world, zoneStages: new Map(), segmentStages: new Map() }),
  "without boundaries": (world) => ({ ...world, hasBoundaries: false }),
  "without quarantine": (world) => ({ ...world, quarantined: new Set() }),
};

test.each(Object.entries(others))("an index %s is caught", (_, indexed) => {
  const found = fc.sample(arbitraryWorld, { numRuns: 3000, seed: 7 }).some((world) => difference(world, indexed) !== null);
  expect(found).toBe(true);
});

test("a class that comes late is answered like the others", () => {
  for (const { set, inventory, questions } of fc.sample(arbitraryWorld, { numRuns: 50, seed: 3 })) {
    const world = worldOf(set, inventory);
    const index = ruleIndex(world);
    const ask = () => questions.map((question) => byIndex(index, world, question));
    const early = ask();
    expect(ask()).toEqual(early);
  }
});

test("whole rows of denials say what the answers say, one by one", () => {
  for (const { set, inventory, questions } of fc.sample(arbitraryWorld, { numRuns: 200, seed: 5 })) {
    const world = worldOf(set, inventory);
    const index = ruleIndex(world);
    for (const { from, to, over, at, facts } of questions) {
      const [client, server] = [endOf(world, from, at), endOf(world, to, at)];
      if (client.kind !== "known" || server.kind !== "known" || over === null || at === null) continue;
      const [one, other, interval] = [index.classOf(client), index.classOf(server), index.intervalOf(over.protocol, over.port)];
      const { denied, blocked } = index.denialsFrom(one, at, facts).find(({ intervals }) => intervals.includes(interval))!;
      const { verdict, effect } = outcomeOf(index.during(at, facts).ask(one, other, interval));
      expect(((denied[other >>> 5]! >>> (other & 31)) & 1) === 1).toBe(verdict === "deny");
      const isDiscovery = over.protocol === 58 && over.port === 134;
      if (!isDiscovery) expect(((blocked[other >>> 5]! >>> (other & 31)) & 1) === 1).toBe(effect === "block");
    }
  }
});
