import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import { added, arbitraryForbidding, arbitraryOpening, changedRules } from "../decide/testing/changed-set.ts";
import { arbitraryAddresses, arbitraryInventory, arbitraryQuestions, alsoByAddress } from "../decide/testing/random-inventory.ts";
import { arbitraryPolicySet, arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { borders } from "../decide/testing/small-pools.ts";
import { shuffler } from "../decide/testing/shuffler.ts";
import { type World, worldOf } from "../decide/world.ts";
import type { PolicySet } from "../model/policy-set.ts";
import type { Facts, Question } from "../model/question.ts";
import { differenceOf } from "./difference.ts";
import { type Comparison, comparisonOf } from "./difference-comparison.ts";
import type { Conditions } from "../decide/known-facts.ts";
import { differenceRechecking } from "./difference-recheck.ts";
import { servicesText } from "../decide/services-text.ts";
import { transitionIn } from "./difference-transition.ts";

const runs = 150;

/** Two worlds, and what is asked of both. */
interface Pair {
  readonly before: Omit<RandomWorld, "questions">;
  readonly after: Omit<RandomWorld, "questions">;
  readonly questions: readonly Question[];
}

const without = (set: PolicySet, turn: number): PolicySet => {
  let at = 0;
  return changedRules(set, (rule) => (at++ === turn ? null : rule));
};

const afterwards = ({ set, inventory }: RandomWorld): fc.Arbitrary<Omit<RandomWorld, "questions">> =>
  fc.oneof(
    fc.oneof(arbitraryOpening, arbitraryForbidding).map((addition) => ({ set: added(set, addition), inventory })),
    fc.nat({ max: 6 }).map((turn) => ({ set: without(set, turn), inventory })),
    arbitraryPolicySet.map((other) => ({ set: other, inventory })),
    arbitraryPolicySet.map((other) => ({ set: { ...set, stages: other.stages }, inventory })),
    arbitraryInventory.map((other) => ({ set, inventory: other })),
    fc.tuple(arbitraryPolicySet, arbitraryInventory).map(([other, people]) => ({ set: other, inventory: people })),
  );

const arbitraryPair: fc.Arbitrary<Pair> = arbitraryWorld.chain((before) =>
  fc
    .tuple(afterwards(before), arbitraryAddresses)
    .chain(([after, ends]) =>
      arbitraryQuestions(before.inventory).map((more) => ({ before, after, questions: alsoByAddress([...before.questions, ...more], ends) })),
    ),
);

const worldsOf = ({ before, after }: Pair): { readonly before: World; readonly after: World } => ({
  before: worldOf(before.set, before.inventory),
  after: worldOf(after.set, after.inventory),
});

/** What a comparison says that both worlds say, or null where it says that they agree. */
function told({ blocks, classOf, space, stretches }: Comparison, { from, to, over, at, facts }: Question) {
  if (over === null || at === null) return null;
  const [client, server, interval] = [classOf(from, at), classOf(to, at), space.intervalOf(over.protocol, over.port)];
  if (client === undefined || server === undefined) return null;
  const time = stretches.findIndex(({ since, until }) => (since === null || since <= at) && (until === null || at < until));
  const found = blocks.filter(
    (block) =>
      block.clients.includes(client) &&
      block.servers.includes(server) &&
      block.intervals.includes(interval) &&
      block.times.includes(time) &&
      block.conditions.some((one) => isSo(one, facts)),
  );
  if (found.length > 1) return "two blocks tell of one question";
  return found.length === 0 ? null : transitionIn(found[0]!.transition);
}

function isSo(conditions: Conditions, facts: Facts): boolean {
  return Object.entries(conditions).every(([name, words]) => {
    const value = facts[name as keyof Facts];
    if (value === undefined || value === null) return words === "unknown";
    const isTyped = name === "encrypted" ? typeof value === "boolean" : typeof value === "string";
    const text = name === "name" ? String(value).toLowerCase().replace(/\.$/, "") : String(value);
    if (!words.startsWith("other than ")) return isTyped && words.split(" or ").includes(text);
    return !isTyped || !words.slice("other than ".length).split(", ").includes(text);
  });
}

/** The first question of which the comparison says something else than `decide`, or null. */
function disagreement(pair: Pair, compared: Comparison): string | null {
  const { before, after } = worldsOf(pair);
  for (const question of pair.questions) {
    const [was, is] = [decide(before, question), decide(after, question)];
    const differs = was.verdict !== is.verdict || was.effect !== is.effect;
    const said = told(compared, question);
    const expected = differs ? { before: { verdict: was.verdict, effect: was.effect }, after: { verdict: is.verdict, effect: is.effect } } : null;
    const got = said === null || typeof said === "string" ? said : { before: said.before, after: said.after };
    if (JSON.stringify(got) !== JSON.stringify(expected)) return JSON.stringify({ question, got, expected });
  }
  return null;
}

test("the difference tells of a question exactly where `decide` answers it otherwise, and of each once", () => {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      expect(disagreement(pair, comparisonOf({ ...worldsOf(pair), from: null }))).toBeNull();
    }),
    { numRuns: runs },
  );
});

test("every line has a witness to which `decide` gives the answers that the line says", () => {
  let lines = 0;
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const worlds = worldsOf(pair);
      const difference = differenceOf({ ...worlds, from: null });
      for (const { witness, before, after } of difference.lines) {
        expect(decide(worlds.before, witness.question)).toMatchObject(before);
        expect(decide(worlds.after, witness.question)).toMatchObject(after);
      }
      lines += difference.lines.length;
      expect(difference.secondEngine).toMatchObject({ disagreements: 0, examples: [] });
      expect(difference.secondEngine.askedAgain).toBeGreaterThanOrEqual(difference.lines.length);
      expect(difference.untold).toEqual([]);
    }),
    { numRuns: runs },
  );
  expect(lines).toBeGreaterThan(runs);
});

/** How many verdicts of a difference of changed worlds the second engine, asked about the true ones, does not confirm. */
function unconfirmed(pair: Pair, broken: (world: World) => World): readonly object[] {
  const worlds = worldsOf(pair);
  const told = { before: broken(worlds.before), after: broken(worlds.after) };
  const engine = (world: World, question: Question) => decide(world === told.before ? worlds.before : worlds.after, question);
  const { disagreements, examples } = differenceOf({ ...told, from: null, engine }).secondEngine;
  expect(examples.length > 0).toBe(disagreements > 0);
  return examples;
}

test("from an instant on, the difference tells the same of what comes, and rests on nothing that was", () => {
  fc.assert(
    fc.property(arbitraryPair, fc.constantFrom(...borders), (pair, from) => {
      const questions = pair.questions.filter(({ at }) => at !== null && at >= from);
      const compared = comparisonOf({ ...worldsOf(pair), from });
      expect(disagreement({ ...pair, questions }, compared)).toBeNull();
      expect(compared.stretches.every(({ since }) => since !== null && since >= from)).toBe(true);
    }),
    { numRuns: runs },
  );
});

test("the difference of equal policies is empty, whatever the order of their rules and files", () => {
  fc.assert(
    fc.property(arbitraryWorld, fc.nat(), ({ set, inventory }, seed) => {
      const shuffled = shuffler(seed);
      const other: PolicySet = {
        ...set,
        zones: shuffled(set.zones),
        networks: shuffled(set.networks),
        conduits: shuffled(set.conduits).map((rule) => ({ ...rule, name: `${rule.name}-renamed` })),
        policies: shuffled(set.policies).map((policy) => ({ ...policy, allow: shuffled(policy.allow) })),
      };
      expect(differenceOf({ before: worldOf(set, inventory), after: worldOf(other, inventory), from: null }).lines).toEqual([]);
    }),
    { numRuns: runs },
  );
});

/** Every changed question of a comparison, one for each thing that can be told apart. */
function changedIn(one: World, other: World): readonly string[] {
  const { blocks, classes, space, stretches } = comparisonOf({ before: one, after: other, from: null });
  const named = (number: number) => classes[number]!.members.map(({ text, since }) => `${text} ${since}`).sort();
  return blocks.flatMap(({ clients, servers, intervals, times, conditions, transition }) => {
    const { before, after } = transitionIn(transition);
    const over = intervals.map((interval) => servicesText(space, [interval]));
    return clients.flatMap((client) =>
      servers.flatMap((server) =>
        over.flatMap((service) => times.map((time) => JSON.stringify([named(client), named(server), service, stretches[time], conditions, [before, after]]))),
      ),
    );
  });
}

test("difference is antisymmetric: what one way is gained is lost the other way", () => {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const { inventory } = pair.before;
      const { before, after } = worldsOf({ ...pair, after: { ...pair.after, inventory } });
      const turned = changedIn(after, before).map((text) => {
        const parts = JSON.parse(text) as unknown[];
        return JSON.stringify([...parts.slice(0, -1), (parts.at(-1) as unknown[]).toReversed()]);
      });
      expect(turned.sort()).toEqual([...changedIn(before, after)].sort());
    }),
    { numRuns: Math.ceil(runs / 3) },
  );
});

// Positive controls: a comparison of slightly other worlds must be told apart from `decide` on these.
const withSet = (world: World, change: (set: PolicySet) => Partial<PolicySet>): World => worldOf({ ...world.set, ...change(world.set) }, world.inventory);
const others: Readonly<Record<string, (world: World) => World>> = {
  "without forbids": (world) => withSet(world, () => ({ forbids: [] })),
  "without common rules": (world) => withSet(world, () => ({ commons: [] })),
  "without dates": (world) => withSet(world, (set) => changedRules(set, (rule) => ({ ...rule, start: null, end: null }))),
  "without demands": (world) => withSet(world, (set) => changedRules(set, (rule) => ({ ...rule, where: [] }))),
  "without stages": (world) => withSet(world, () => ({ stages: { zones: [], segments: [] } })),
  "without leases": ({ set, inventory }) => worldOf(set, { ...inventory, workloads: inventory.workloads.map((one) => ({ ...one, leases: [] })) }),
  "without border points": ({ set, inventory }) => worldOf(set, { ...inventory, points: [] }),
};

test.each(Object.entries(others))("a difference %s is caught", (_, changed) => {
  const found = fc.sample(arbitraryPair, { numRuns: 600, seed: 7 }).some((pair) => {
    const { before, after } = worldsOf(pair);
    return disagreement(pair, comparisonOf({ before: changed(before), after: changed(after), from: null })) !== null;
  });
  expect(found).toBe(true);
});

test.each(Object.entries(others))("the second engine catches a difference %s", (_, changed) => {
  expect(fc.sample(arbitraryPair, { numRuns: 600, seed: 7 }).some((pair) => unconfirmed(pair, changed).length > 0)).toBe(true);
});

test("the second engine catches lines that were forgotten, also where it draws its questions", () => {
  const forgetful = (pair: Pair): number => {
    const compared = comparisonOf({ ...worldsOf(pair), from: null });
    return differenceRechecking(worldsOf(pair)).result({ ...compared, blocks: [] }).disagreements;
  };
  const pairs = fc.sample(arbitraryPair, { numRuns: 100, seed: 9 });
  expect(pairs.some((pair) => forgetful(pair) > 0)).toBe(true);
});

test("a difference that forgets a line, or says it of one service too many, is caught", () => {
  const pairs = fc.sample(arbitraryPair, { numRuns: 400, seed: 9 });
  const broken = (change: (compared: Comparison) => Comparison): boolean =>
    pairs.some((pair) => disagreement(pair, change(comparisonOf({ ...worldsOf(pair), from: null }))) !== null);
  expect(broken((compared) => ({ ...compared, blocks: compared.blocks.slice(1) }))).toBe(true);
  expect(
    broken((compared) => ({
      ...compared,
      blocks: compared.blocks.map((block) => ({ ...block, intervals: compared.space.samples.map((_, interval) => interval) })),
    })),
  ).toBe(true);
  expect(
    broken((compared) => ({ ...compared, blocks: compared.blocks.map((block) => ({ ...block, times: compared.stretches.map((_, time) => time) })) })),
  ).toBe(true);
  expect(broken((compared) => ({ ...compared, blocks: compared.blocks.map((block) => ({ ...block, conditions: [{}] })) }))).toBe(true);
});
