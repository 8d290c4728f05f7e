import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import { endOf } from "../decide/ends.ts";
import { forbids } from "../decide/match.ts";
import { arbitraryRule } from "../decide/testing/random-rule.ts";
import { arbitraryWorld, grounded, type RandomWorld } from "../decide/testing/random-world.ts";
import { moments } from "../decide/testing/small-pools.ts";
import { worldOf } from "../decide/world.ts";
import type { Rule } from "../model/policy-set.ts";
import { grantedOf, publicAccess } from "./access-checks.ts";

const from = Math.min(...moments);
const always = { start: null, end: null };

/** Whether some asked question is allowed although a rule describes it. */
function isAskedGranted({ set, inventory, questions }: RandomWorld, rule: Rule): boolean {
  const world = worldOf(set, inventory);
  return questions.some((question) => {
    const { over, at, facts } = question;
    const [client, server] = [endOf(world, question.from, at), endOf(world, question.to, at)];
    if (client.kind !== "known" || server.kind !== "known" || over === null || at === null) return false;
    return forbids(rule, { client, server, over, at, facts }) && decide(world, question).verdict === "allow";
  });
}

const told = ({ set, inventory }: RandomWorld, rule: Rule) => grantedOf(worldOf(set, inventory), [rule], { from, by: ["app"] }).lines;

test("whatever is allowed although a rule describes it is found, and what is found is allowed", () => {
  fc.assert(
    fc.property(arbitraryWorld, arbitraryRule("forbid"), (world, written) => {
      const rule = { ...grounded(world.set, written), ...always, name: "forbid/never" };
      const lines = told(world, rule);
      if (isAskedGranted(world, rule)) expect(lines).not.toEqual([]);
      for (const { witness } of lines) expect(decide(worldOf(world.set, world.inventory), witness.question).verdict).toBe("allow");
    }),
    { numRuns: 150 },
  );
});

test("public access is what an address of the internet may open of a workload", () => {
  const worlds = fc.sample(arbitraryWorld, { numRuns: 150, seed: 3 });
  const open = worlds.filter((world) => isAskedGranted(world, publicAccess));
  expect(open.length).toBeGreaterThan(3);
  for (const world of open) expect(told(world, publicAccess)).not.toEqual([]);
  // The control: a check of another network overlooks some of them.
  const other: Rule = { ...publicAccess, from: [{ kind: "zone", names: ["red"] }] };
  expect(open.some((world) => told(world, other).length === 0)).toBe(true);
});
