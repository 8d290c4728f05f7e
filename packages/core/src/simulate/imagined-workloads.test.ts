import fc from "fast-check";
import { expect, test } from "vitest";
import { workloadEnd } from "../decide/ends.ts";
import { everyRule } from "../decide/every-rule.ts";
import { isMet, isPeer } from "../decide/match.ts";
import { arbitraryPolicySet } from "../decide/testing/random-world.ts";
import { type World, worldOf } from "../decide/world.ts";
import type { PolicySet } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";
import { imaginedWorkloads, type Side } from "./imagined-workloads.ts";
import { everyWorkload } from "./testing/every-workload.ts";

const runs = 100;
const every = everyWorkload();

/** What rules see of a workload on a side: where it belongs, which peers it is there, and as a client which tiers it has; null if it is contested. */
function seenOn(world: World, side: Side, workload: Workload): string | null {
  const end = workloadEnd(world, workload, null);
  if (end.kind !== "known") return null;
  const forbids = new Set(world.set.forbids);
  const met = everyRule(world.set).map((rule) => [
    rule[side].map((peer) => isPeer(peer, end, forbids.has(rule) ? 0 : 2)),
    side === "from" ? rule.where.map((demand) => demand.kind === "tier" && isMet(demand, { client: end, facts: {} })) : [],
  ]);
  return JSON.stringify([end.zone, end.policy?.name, met]);
}

/** A workload that one of a rule's peers could match and that no imagined one is like, or null. */
function stranger(set: PolicySet, side: Side, broken: (imagined: readonly Workload[]) => readonly Workload[] = (same) => same): string | null {
  for (const rule of everyRule(set)) {
    const imagined = broken(imaginedWorkloads(set, side, rule[side])!);
    const world = worldOf(set, { workloads: [...every, ...imagined], points: [], quarantined: [] });
    const known = new Set(imagined.map((one) => seenOn(world, side, one)));
    const meant = every.filter((one) => {
      const end = workloadEnd(world, one, null);
      return end.kind === "known" && rule[side].some((peer) => isPeer(peer, end, 0));
    });
    const strange = meant.find((one) => !known.has(seenOn(world, side, one)));
    if (strange !== undefined) return `${rule.name} ${side} ${JSON.stringify(strange)}`;
  }
  return null;
}

const sides = fc.constantFrom<Side>("from", "to");

test("whoever there could be whom a rule names, somebody imagined is seen like him", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(arbitraryPolicySet, sides, (set, side) => {
      expect(stranger(set, side)).toBeNull();
    }),
    { numRuns: runs },
  );
});

test("imagined workloads without one of them, or without identities, are caught", { timeout: 120_000 }, () => {
  const sets = fc.sample(arbitraryPolicySet, { numRuns: 60, seed: 5 });
  const isCaught = (broken: (imagined: readonly Workload[]) => readonly Workload[]): boolean => sets.some((set) => stranger(set, "from", broken) !== null);
  expect(isCaught((imagined) => imagined.slice(1))).toBe(true);
  expect(isCaught((imagined) => imagined.filter(({ identity }) => identity === null))).toBe(true);
});
