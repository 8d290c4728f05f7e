import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../decide.ts";
import { worldOf } from "../world.ts";
import { asked, brokenDecide } from "./broken-decide.ts";
import { arbitraryWorld } from "./random-world.ts";

test("a random world reaches every layer, verdict and effect often enough to be worth asking", () => {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  let asked = 0;
  for (const { set, inventory, questions } of fc.sample(arbitraryWorld, { numRuns: 300, seed: 7 })) {
    const world = worldOf(set, inventory);
    for (const question of questions) {
      const { verdict, layer, effect } = decide(world, question);
      asked += 1;
      for (const key of [`${verdict} ${layer}`, `${verdict} ${effect}`]) count(key);
    }
  }
  const wanted = [
    "unknown contested",
    "unknown unresolved",
    "deny forbid",
    "deny boundary",
    "deny segment",
    "allow segment",
    "allow boundary",
    "allow exception",
    "allow open",
  ];
  for (const key of [...wanted, "deny block", "deny pass", "allow pass"]) expect([key, (counts.get(key) ?? 0) / asked > 0.005]).toEqual([key, true]);
});

test("a broken decide without anything broken is decide", () => {
  const same = brokenDecide({});
  for (const { set, inventory, questions } of fc.sample(arbitraryWorld, { numRuns: 100, seed: 8 }))
    expect(questions.map(same(set, inventory))).toEqual(questions.map(asked(set, inventory)));
});
