import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { borders } from "../decide/testing/small-pools.ts";
import { worldOf } from "../decide/world.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { type VerdictChange, verdictChanges } from "./verdict-change.ts";

const runs = 25;
const from = borders[0]!;

/** Mutants that were called equivalent, and of which a question of the world says otherwise. */
function missedIn({ set, inventory, questions }: RandomWorld, change: (mutant: Mutant) => VerdictChange): readonly string[] {
  const before = worldOf(set, inventory);
  const own = questions.filter(({ at }) => at === null || at >= from).map((question) => ({ question, verdict: decide(before, question).verdict }));
  return [...mutantsOf(set)].flatMap((mutant) => {
    if (change(mutant).kind !== "same") return [];
    const after = worldOf(mutant.set, inventory);
    const missed = own.find(({ question, verdict }) => decide(after, question).verdict !== verdict);
    return missed === undefined ? [] : [`${mutant.name} ${mutant.what}: ${JSON.stringify(missed.question)}`];
  });
}

test("what is called equivalent gets the same verdict on every question, and what is not has a witness that `decide` confirms", () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      const change = verdictChanges({ before: world.set, from });
      expect(missedIn(world, ({ set, touched }) => change({ after: set, touched }))).toEqual([]);
    }),
    { numRuns: runs },
  );
});

test("looking only where the rule was, and not where it was widened to, would be noticed", () => {
  const short = (world: RandomWorld): readonly string[] => {
    const change = verdictChanges({ before: world.set, from });
    return missedIn(world, ({ set, was, touched }) => change({ after: set, touched: was === null ? touched : [was] }));
  };
  const found = fc.check(
    fc.property(arbitraryWorld, (world) => short(world).length === 0),
    { seed: 7, numRuns: 300, endOnFailure: true },
  );
  expect(found.failed).toBe(true);
});
