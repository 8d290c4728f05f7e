import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import type { Engine } from "../decide/second-engine.ts";
import { arbitraryInventory } from "../decide/testing/random-inventory.ts";
import { arbitraryPolicySet, arbitraryWorld } from "../decide/testing/random-world.ts";
import { borders } from "../decide/testing/small-pools.ts";
import { type World, worldOf } from "../decide/world.ts";
import { holderSegments } from "../inventory/holders.ts";
import type { Flow } from "../model/flow.ts";
import { attributionOf, flowsOf } from "../telemetry/attribute.ts";
import { conversationsOf } from "../telemetry/conversations.ts";
import { connectionFor } from "./testing/connection-for.ts";
import { type Touched, touchedFlows } from "./touched-flows.ts";

const runs = 100;

interface Case {
  readonly before: World;
  readonly after: World;
  readonly at: number;
  readonly flows: readonly Flow[];
}

/** Recorded traffic between addresses that change hands, and another policy, sometimes with other people. */
const cases: fc.Arbitrary<Case> = fc
  .tuple(arbitraryWorld, arbitraryPolicySet, fc.option(arbitraryInventory), fc.constantFrom(...borders))
  .map(([{ set, inventory, questions }, other, people, at]) => ({
    before: worldOf(set, inventory),
    after: worldOf(other, people ?? inventory),
    at,
    flows: flowsOf(conversationsOf(questions.flatMap(connectionFor)), attributionOf(holderSegments(inventory.workloads))),
  }));

const touchedIn = ({ flows, ...worlds }: Case, engine?: Engine): Touched => touchedFlows(flows, { ...worlds, by: ["app"], workloads: [], engine });

test("the second engine confirms what is said of recorded flows, also where an address changed hands since", () => {
  const counted = { asked: 0 };
  fc.assert(
    fc.property(cases, (one) => {
      const { secondEngine } = touchedIn(one);
      counted.asked += secondEngine.askedAgain;
      expect(secondEngine.examples).toEqual([]);
    }),
    { numRuns: runs },
  );
  expect(counted.asked).toBeGreaterThan(runs);
});

test("the second engine catches flows that were judged without forbids", () => {
  const open = ({ set, inventory }: World): World => worldOf({ ...set, forbids: [] }, inventory);
  const isCaught = (one: Case): boolean => {
    const judged = { ...one, before: open(one.before), after: open(one.after) };
    const engine: Engine = (world, question) => decide(world === judged.before ? one.before : one.after, question);
    return touchedIn(judged, engine).secondEngine.disagreements > 0;
  };
  expect(fc.sample(cases, { numRuns: 300, seed: 4 }).some(isCaught)).toBe(true);
});
