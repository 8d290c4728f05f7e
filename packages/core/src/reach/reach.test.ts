import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import { endOf } from "../decide/ends.ts";
import { everyRule } from "../decide/every-rule.ts";
import { combinations, combinationsOf, knownFacts } from "../decide/known-facts.ts";
import { ruleIndex } from "../decide/rule-index.ts";
import { rechecking } from "../decide/second-engine.ts";
import { serviceSpace } from "../decide/service-space.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { addressTexts, moments } from "../decide/testing/small-pools.ts";
import { withoutNames } from "../decide/what-if.ts";
import { type World, worldOf } from "../decide/world.ts";
import { readPolicySet } from "../language/read.ts";
import type { Facts } from "../model/question.ts";
import { administrationPoints } from "../model/administration.ts";
import { allowedAt, type Basis, type Ways } from "./allowed.ts";
import { namesOf } from "./names.ts";
import { isTooLarge, reachOf } from "./reach.ts";
import { reachRecheck } from "./reach-recheck.ts";
import { spreadsOf } from "./spread.ts";
import { noSides, type Sides, whomAt } from "./whom.ts";

const runs = 60;
const factsMost = 24;

interface Drawn {
  readonly world: World;
  readonly at: number;
  readonly questions: RandomWorld["questions"];
}

const drawn: fc.Arbitrary<Drawn> = fc
  .tuple(arbitraryWorld, fc.constantFrom(...moments))
  .filter(([{ set }]) => combinationsOf(knownFacts(everyRule(set))) <= factsMost)
  .map(([{ set, inventory, questions }, at]) => ({ world: worldOf(set, inventory), at, questions }));

/** Whether a question between two may be answered so, over any service and with any facts, each asked of `decide`. */
function asker({ world, at }: Drawn, basis: Basis, kind: "any" | "administration"): (from: string, to: string) => boolean {
  const facts: readonly Facts[] = combinations(knownFacts(everyRule(world.set)));
  const points =
    kind === "any"
      ? serviceSpace(everyRule(world.set)).samples.filter(({ protocol, port }) => protocol !== 58 || port < 133 || port > 136)
      : administrationPoints;
  return (from, to) =>
    points.some((over) =>
      facts.some((some) => {
        const { verdict, effect } = decide(world, { from, to, over, at, facts: some });
        return basis === "policy" ? verdict === "allow" : effect === "pass";
      }),
    );
}

/** Who is there at an instant and known: ids of workloads, and addresses of the small world that nobody holds. */
function peopleIn({ world, at }: Drawn): { readonly workloads: readonly string[]; readonly addresses: readonly string[] } {
  const isKnown = (text: string): boolean => endOf(world, text, at).kind === "known";
  const isBare = (text: string): boolean => {
    const end = endOf(world, text, at);
    return end.kind === "known" && end.workload === null;
  };
  return { workloads: world.inventory.workloads.map(({ id }) => id).filter(isKnown), addresses: addressTexts.filter(isBare) };
}

/** How many others fall within one step, two, three and ever, by a search in breadth that asks `decide` for every step. */
function spreadAsked(start: string, workloads: readonly string[], isStep: (from: string, to: string) => boolean) {
  const seen = new Set<string>();
  const sums: number[] = [];
  for (let reached: readonly string[] = [start]; reached.length > 0;) {
    reached = workloads.filter((to) => !seen.has(to) && to !== start && reached.some((from) => isStep(from, to)));
    for (const one of reached) seen.add(one);
    sums.push(seen.size);
  }
  return { within: [0, 1, 2].map((step) => sums[step] ?? seen.size), ever: seen.size };
}

/** The first disagreement between reach and a search over `decide`, or null. */
function disagreement(one: Drawn, basis: Basis, indexed: (world: World) => World = (same) => same): string | null {
  const { world, at } = one;
  const index = ruleIndex(indexed(world));
  const whom = whomAt(world, { index, at, sides: noSides });
  const allowed = allowedAt(index, whom, at)[basis];
  const { workloads, addresses } = peopleIn(one);
  for (const kind of ["any", "administration"] as const) {
    const isStep = asker(one, basis, kind);
    const spreads = spreadsOf(allowed[kind], whom, whom.inhabited);
    for (const start of [...workloads, ...addresses]) {
      const end = endOf(world, start, at);
      if (end.kind !== "known") throw new Error("only who is known is asked about");
      const isAlike = ({ workload }: (typeof whom.places)[number]["members"][number]): boolean => (workload === null) === (end.workload === null);
      const place = whom.places.findIndex(({ ofClass, members }) => ofClass === index.classOf(end) && members.some(isAlike));
      const [got, expected] = [spreads[place]!, spreadAsked(start, workloads, isStep)];
      if (got.ever !== expected.ever || got.within.join() !== expected.within.join()) return JSON.stringify({ start, kind, got, expected });
    }
  }
  return null;
}

test("reach is what a search over `decide` finds, by what the policy allows", () => {
  fc.assert(
    fc.property(drawn, (one) => void expect(disagreement(one, "policy")).toBeNull()),
    { numRuns: runs },
  );
});

test("an address that may do what a workload may reaches that workload, too", () => {
  const { set } = readPolicySet([
    {
      path: "zones.yaml",
      bytes: new TextEncoder().encode(
        "networks: { floor: [10.0.0.0/8] }\nzones: [{ name: plant, members: { env: plant }, networks: [floor], because: one hall }]\n",
      ),
    },
  ]);
  const workloads = [{ id: "press-1", labels: { env: "plant" }, leases: [], identity: null, point: false }];
  const one = { world: worldOf(set, { workloads, points: [], quarantined: [] }), at: moments[0]!, questions: [] };
  const { entries } = reachOf({ ...one, by: ["env"], between: null, basis: "policy", isThroughAddresses: false, isCut: false, isWhole: true });
  expect(entries.find(({ group }) => group.includes("floor"))?.any).toEqual({ within: [1, 1, 1], ever: 1 });
});

test("reach is what a search over `decide` finds, by what passes on the wire", () => {
  fc.assert(
    fc.property(drawn, (one) => void expect(disagreement(one, "wire")).toBeNull()),
    { numRuns: runs },
  );
});

// Positive controls: reach in a slightly other world must be told apart from a search in this one.
const others: Readonly<Record<string, { readonly basis: Basis; readonly change: (world: World) => World }>> = {
  "without forbids": { basis: "policy", change: (world) => ({ ...world, set: { ...world.set, forbids: [] } }) },
  "without conduits": { basis: "policy", change: (world) => ({ ...world, set: { ...world.set, conduits: [] } }) },
  "without dates": {
    basis: "policy",
    change: (world) => ({ ...world, set: { ...world.set, conduits: world.set.conduits.map((rule) => ({ ...rule, start: null, end: null })) } }),
  },
  "without boundaries": { basis: "policy", change: (world) => ({ ...world, hasBoundaries: false }) },
  "without stages": { basis: "wire", change: (world) => ({ ...world, zoneStages: new Map(), segmentStages: new Map() }) },
};

test.each(Object.entries(others))("reach %s is caught", (_, { basis, change }) => {
  expect(fc.sample(drawn, { numRuns: 400, seed: 7 }).some((one) => disagreement(one, basis, change) !== null)).toBe(true);
});

test("whatever a question says of its facts, what is allowed is a step", () => {
  for (const { world, at, questions } of fc.sample(drawn, { numRuns: 300, seed: 11 })) {
    const index = ruleIndex(world);
    const whom = whomAt(world, { index, at, sides: noSides });
    const { any } = allowedAt(index, whom, at).policy;
    for (const question of questions) {
      if (question.over === null || (question.over.protocol === 58 && question.over.port === 134)) continue;
      const [client, server] = [endOf(world, question.from, at), endOf(world, question.to, at)];
      if (client.kind !== "known" || server.kind !== "known" || decide(world, { ...question, at }).verdict !== "allow") continue;
      const to = index.classOf(server);
      expect((any.rows[index.classOf(client)]![to >>> 5]! >>> (to & 31)) & 1, JSON.stringify(question)).toBe(1);
    }
  }
});

const asked = { by: ["app", "env", "role"], basis: "policy", isThroughAddresses: false, isCut: true, isWhole: true } as const;

/** Reach from one workload to another. */
function reachBetween({ world, at }: Drawn, from: string, to: string) {
  const sides = {
    from: ({ workload }: { readonly workload: string | null }) => workload === from,
    to: ({ workload }: { readonly workload: string | null }) => workload === to,
  };
  return reachOf({ world, at, between: { sides, listed: "from" }, ...asked });
}

/** In how many steps one workload reaches another, each step asked; null for never. */
function stepsAsked(
  from: string,
  to: string,
  { workloads, isStep }: { readonly workloads: readonly string[]; readonly isStep: (from: string, to: string) => boolean },
): number | null {
  const seen = new Set([from]);
  let reached: readonly string[] = [from];
  for (let steps = 1; reached.length > 0; steps += 1) {
    const before = reached;
    reached = workloads.filter((other) => !seen.has(other) && before.some((client) => isStep(client, other)));
    if (reached.includes(to)) return steps;
    for (const other of reached) seen.add(other);
  }
  return null;
}

test("a way is found where one is, as short as it can be, with a witness that `decide` allows for each step", () => {
  let found = 0;
  fc.assert(
    fc.property(drawn, (one) => {
      const { workloads } = peopleIn(one);
      if (workloads.length < 2) return;
      const [from, to] = [workloads[0]!, workloads.at(-1)!];
      const isStep = asker(one, "policy", "any");
      const { ways, cut, secondEngine } = reachBetween(one, from, to);
      const steps = stepsAsked(from, to, { workloads, isStep });
      expect(ways!.map((way) => way.steps)).toEqual(steps === null ? [] : [steps]);
      for (const { path } of ways!) {
        expect(path).toHaveLength(steps!);
        for (const { witness } of path!) expect(decide(one.world, witness.question)).toMatchObject({ verdict: "allow" });
      }
      expect(secondEngine).toMatchObject({ disagreements: 0, examples: [] });
      expect(cut === null).toBe(steps === null);
      if (steps !== null) found += 1;
    }),
    { numRuns: runs * 2 },
  );
  expect(found).toBeGreaterThan(10);
});

test("without the rules that a cut names, no way is left; and each cut says whether that was tried", () => {
  let proven = 0;
  for (const one of fc.sample(drawn, { numRuns: 400, seed: 5 })) {
    const { workloads } = peopleIn(one);
    if (workloads.length < 2) continue;
    const rules = reachBetween(one, workloads[0]!, workloads.at(-1)!).cut?.rules ?? null;
    if (rules === null) continue;
    expect(rules.isProven).toBe(true);
    expect(rules.names.length).toBeGreaterThan(0);
    proven += 1;
  }
  expect(proven).toBeGreaterThan(20);
});

test("the rules that would do alone are all that do, found by taking every rule away in turn", () => {
  let [some, none] = [0, 0];
  for (const one of fc.sample(drawn, { numRuns: 150, seed: 7 })) {
    const { workloads } = peopleIn(one);
    const [from, to] = [workloads[0], workloads.at(-1)];
    const { set, inventory } = one.world;
    const cut = workloads.length < 2 ? null : reachBetween(one, from!, to!).cut;
    if (cut === null) continue;
    const question = { from: "", to: "", over: null, at: null, facts: {} };
    const doesAlone = (name: string): boolean =>
      reachBetween({ ...one, world: worldOf(withoutNames({ set, inventory, question }, [name]).set, inventory) }, from!, to!).ways!.length === 0;
    const names = everyRule(set).map(({ name }) => name);
    expect([...cut.aloneRules!].sort()).toEqual(names.filter(doesAlone).sort());
    if (cut.aloneRules!.length > 0) some += 1;
    if (cut.aloneRules!.length === 0) none += 1;
  }
  expect([some > 5, none > 5]).toEqual([true, true]);
});

/** What the second engine says of a graph of a world after `change` was made to its rows. */
function rechecked(
  { world, at }: Pick<Drawn, "world" | "at">,
  change: (rows: readonly Uint32Array[]) => void,
  { isWhole = true, over = "any" as keyof Ways } = {},
) {
  const index = ruleIndex(world);
  const whom = whomAt(world, { index, at, sides: noSides });
  const allowed = allowedAt(index, whom, at);
  change(allowed.policy[over].rows);
  const telling = { world, index, whom, names: namesOf(whom, ["app"]), at, basis: "policy", again: rechecking(), policy: null } as const;
  return reachRecheck(telling, allowed, { isWhole });
}

test("the second engine catches a graph that forgot a step, or made one up", () => {
  let [flipped, caught, byAdministration] = [0, 0, 0];
  for (const one of fc.sample(drawn, { numRuns: 80, seed: 3 })) {
    expect(rechecked(one, () => undefined)).toMatchObject({ disagreements: 0, sample: null });
    flipped += 1;
    caught += rechecked(one, ([row]) => (row![0]! ^= 1)).disagreements > 0 ? 1 : 0;
    byAdministration += rechecked(one, ([row]) => (row![0]! ^= 1), { over: "administration" }).disagreements > 0 ? 1 : 0;
  }
  expect([caught, byAdministration]).toEqual([flipped, flipped]);
});

test("where there are many pairs the second engine draws some, the same each time, and still catches a graph that lies", () => {
  const labels = (number: number) => ({ app: `a${number}` });
  const policies = Array.from({ length: 60 }, (_, number) => ({
    policy: `p${number}`,
    owner: "team",
    scope: labels(number),
    allow: [{ name: "next", from: labels((number + 1) % 60), to: labels(number), over: ["https"], because: "a ring" }],
  }));
  const { set } = readPolicySet(policies.map((one) => ({ path: `${one.policy}.json`, bytes: new TextEncoder().encode(JSON.stringify(one)) })));
  const workloads = policies.map(({ scope }, number) => ({ id: `w${number}`, labels: scope, leases: [], identity: null, point: false }));
  const ring = { world: worldOf(set, { workloads, points: [], quarantined: [] }), at: 0 };
  const sound = rechecked(ring, () => undefined, { isWhole: false });
  expect(sound).toMatchObject({ disagreements: 0, sample: { seed: 1 } });
  expect(sound.askedAgain).toBeLessThan(sound.verdicts);
  expect(rechecked(ring, () => undefined, { isWhole: false })).toEqual(sound);
  // Every step is forgotten, or a tenth of what is none is made up.
  expect(rechecked(ring, (rows) => rows.forEach((row) => row.fill(0)), { isWhole: false }).disagreements).toBeGreaterThan(0);
  expect(rechecked(ring, (rows) => rows.forEach((row, one) => one % 10 === 0 && row.fill(0xffff_ffff)), { isWhole: false }).disagreements).toBeGreaterThan(0);
});

test("who cannot be known is counted, and is nobody's reach", () => {
  let contested = 0;
  for (const { world, at } of fc.sample(drawn, { numRuns: 200, seed: 9 })) {
    const { unknown, workloads } = reachOf({ world, at, between: null, ...asked });
    const lost = world.inventory.workloads.filter(({ id }) => endOf(world, id, at).kind !== "known").map(({ id }) => id);
    expect(unknown.ids).toEqual(lost);
    expect(workloads).toBe(world.inventory.workloads.length - lost.length);
    contested += lost.length;
  }
  expect(contested).toBeGreaterThan(0);
});

test("too many classes are refused, not too many workloads", () => {
  const [{ world, at }] = fc.sample(drawn, { numRuns: 1, seed: 9 }) as [Drawn];
  const alike = Array.from({ length: 50 }, (_, number) => ({ id: `one-${number}`, labels: { app: "a" }, leases: [], identity: null, point: false }));
  const many = worldOf(world.set, { workloads: alike, points: [], quarantined: [] });
  const unasked = { at, sides: noSides };
  const { places } = whomAt(many, { index: ruleIndex(many), ...unasked });
  expect(isTooLarge(many, unasked, 2)).toBe(true);
  expect(isTooLarge(many, unasked, places.length)).toBe(false);
  expect(isTooLarge(many, unasked)).toBe(false);
  // Of a class whose members are on both sides and on neither, three are told apart.
  const sides: Sides = { from: ({ workload }) => workload === "one-1", to: ({ workload }) => workload === "one-2" };
  expect(isTooLarge(many, { at, sides }, places.length)).toBe(true);
  expect(isTooLarge(many, { at, sides }, places.length + 2)).toBe(false);
});
