import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { decide } from "../decide/decide.ts";
import { endOf } from "../decide/ends.ts";
import { everyRule } from "../decide/every-rule.ts";
import { outcomeOf, ruleIndex } from "../decide/rule-index.ts";
import { arbitraryRule } from "../decide/testing/random-rule.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { type World, worldOf } from "../decide/world.ts";
import { readPolicySet } from "../language/read.ts";
import type { Question } from "../model/question.ts";
import { invariantsOf } from "./invariants.ts";
import { meetingOf } from "../simulate/difference-rows.ts";
import { type Permitted, permittedIn } from "./permitted.ts";
import { type PermittedFlow, permittedFlows } from "./permitted-flows.ts";
import { recordedIn } from "./recorded.ts";
import { zoneMatrix, type ZonePair } from "./zone-matrix.ts";

const runs = 60;
const long = instantOf("1990-01-01T00:00:00Z")!;

/** What posture says of a world, and what may be wrong with it. */
interface Said {
  readonly permitted: Permitted;
  readonly flows: readonly PermittedFlow[];
  readonly matrix: readonly ZonePair[];
}
type Breakage = (said: Said) => Said;

function saidOf(world: World, breakage: Breakage): Said {
  const permitted = permittedIn(world, long);
  const flows = permittedFlows(permitted);
  return breakage({ permitted, flows, matrix: zoneMatrix(permitted, flows) });
}

/** A question between different zones with what `decide` says; null for any other. */
function crossing(world: World, question: Question) {
  const [client, server] = [endOf(world, question.from, question.at), endOf(world, question.to, question.at)];
  if (client.kind !== "known" || server.kind !== "known" || question.over === null || question.at === null) return null;
  if (client.zone === server.zone) return null;
  return { from: client.zone, to: server.zone, over: question.over, at: question.at, answer: decide(world, question) };
}

/** The first question to which the register says something else than `decide`, or null. */
function contradiction({ set, inventory, questions }: RandomWorld, breakage: Breakage = (said) => said): string | null {
  const world = worldOf(set, inventory);
  const { flows, permitted } = saidOf(world, breakage);
  if (permitted.untold > 0 || !world.hasBoundaries) return null;
  for (const question of questions) {
    const asked = crossing(world, question);
    if (asked === null || asked.answer.verdict !== "allow") continue;
    const { by, layer } = asked.answer;
    const found = flows.some(
      ({ fromZone, toZone, conduit, rule, isException, service }) =>
        fromZone === asked.from &&
        toZone === asked.to &&
        by.includes(conduit.name) &&
        (rule === null ? isException || layer === "boundary" : by.includes(rule.name)) &&
        service.holds(asked.over),
    );
    if (!found) return JSON.stringify({ question, by });
  }
  return null;
}

// A forbid ends while an exception lasts: what it lets through begins later than it does.
const seeds: readonly fc.Parameters<[RandomWorld]>[] = [{ numRuns: runs }, { seed: -351701308, path: "763", numRuns: 1 }];
test.each(seeds)("whatever may cross zones stands in the register, under the rules that let it: %j", { timeout: 3_600_000 }, (parameters) => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(contradiction(world)).toBeNull();
    }),
    parameters,
  );
});

/** What offices may open in production by a conduit beside other rules. */
function acrossBy(rules: string) {
  const text = `
zones:
  - { name: production, members: { env: prod }, because: x }
  - { name: offices, members: { env: office }, because: x }
conduits:
  - { name: staff, from: offices, to: production, over: [https], owner: o, because: x }
${rules}`;
  const { set, diagnostics } = readPolicySet([{ path: "a.yaml", bytes: Buffer.from(text) }]);
  expect(diagnostics).toEqual([]);
  const workload = (id: string, env: string) => ({ id, labels: { env }, leases: [], identity: null, point: false });
  const permitted = permittedIn(worldOf(set, { workloads: [workload("pc-1", "office"), workload("db-1", "prod")], points: [], quarantined: [] }), long);
  const flows = permittedFlows(permitted);
  const { crossing } = zoneMatrix(permitted, flows).find(({ from, to }) => from === "offices" && to === "production")!;
  return { names: flows.map(({ conduit, notBefore }) => [conduit.name, notBefore]), crossing };
}

test("what crosses only where a forbid is not met, or after one has ended, is named all the same", () => {
  const forbid = (rest: string): string => `forbid:\n  - { name: rail, from: { zone: offices }, to: { zone: production }, because: x, ${rest} }`;
  expect(acrossBy(forbid("where: { encrypted: false }"))).toEqual({ names: [["conduit/staff", null]], crossing: { kind: "named", flows: 1 } });
  const ends = "2026-01-10T00:00:00Z";
  expect(acrossBy(forbid(`until: ${ends}`))).toEqual({ names: [["conduit/staff", instantOf(ends)]], crossing: { kind: "denied" } });
  // The control: a forbid that demands nothing leaves nothing to name.
  expect(acrossBy(forbid("review: 2027-01-01"))).toEqual({ names: [], crossing: { kind: "denied" } });
});

// Positive controls: each is a register that leaves something out.
const shorter: Readonly<Record<string, Breakage>> = {
  "without the flows of rules": (said) => ({ ...said, flows: said.flows.filter(({ rule }) => rule === null) }),
  "without the flows of conduits alone": (said) => ({ ...said, flows: said.flows.filter(({ rule, isException }) => rule !== null || isException) }),
  "without exceptions": (said) => ({ ...said, flows: said.flows.filter(({ isException }) => !isException) }),
};
test.each(Object.entries(shorter))("a register %s is caught", { timeout: 60_000 }, (_, breakage) => {
  const found = fc.sample(arbitraryWorld, { numRuns: 400, seed: 7 }).some((world) => contradiction(world, breakage) !== null);
  expect(found).toBe(true);
});

/** The first pair of zones of which the matrix says something else than `decide` says to every question, or null. */
function wrongPair({ set, inventory }: RandomWorld, breakage: Breakage = (said) => said): string | null {
  const world = worldOf(set, inventory);
  const { permitted, matrix } = saidOf(world, breakage);
  if (permitted.untold > 0) return null;
  for (const { from, to, crossing: said } of matrix) {
    const [clients, servers] = [from, to].map((zone) => permitted.alike.filter(({ end }) => end.zone === zone));
    const verdicts = clients!.flatMap((client) =>
      servers!.flatMap((server) => {
        const meeting = meetingOf({ client, server, during: permitted.now });
        const of = (over: Question["over"]) => decide(world, { from: meeting!.from.text, to: meeting!.to.text, over, at: long, facts: {} }).verdict;
        return meeting === null ? [] : permitted.space.samples.map(of);
      }),
    );
    // Whether somebody is contested at that instant is not what this is about.
    if (verdicts.some((verdict) => verdict === "unknown")) continue;
    // Where other servers of a client demand facts, what all may open comes in parts, and stands as named (seed 1913863093).
    const isAny = verdicts.includes("allow");
    const isAll = verdicts.length > 0 && !verdicts.includes("deny");
    const isRight =
      // With boundaries whatever crosses has a name.
      (said.kind !== "open" || !world.hasBoundaries) &&
      (said.kind === "nobody"
        ? clients!.length === 0 || servers!.length === 0
        : said.kind === "unrestricted"
          ? isAll
          : said.kind === "denied"
            ? !isAny
            : !isAll || inventory.points.some(({ live }) => live) || everyRule(set).some(({ where }) => where.length > 0));
    if (!isRight) return JSON.stringify({ from, to, said, isAny, isAll });
  }
  return null;
}

// What a conduit lets across and a segment denies is denied, though points that enforce only boundaries would not block it. Who comes only later leaves nothing out now.
const matrixSeeds: readonly fc.Parameters<[RandomWorld]>[] = [
  { numRuns: runs },
  { seed: 2041357822, path: "29", numRuns: 1 },
  { seed: 160389911, path: "654", numRuns: 1 },
];
test.each(matrixSeeds)("the matrix calls denied what nothing may cross, and unrestricted what everything may: %j", { timeout: 3_600_000 }, (parameters) => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(wrongPair(world)).toBeNull();
    }),
    parameters,
  );
});

const otherMatrix: Readonly<Record<string, Breakage>> = {
  "calls everything denied": (said) => ({ ...said, matrix: said.matrix.map((pair) => ({ ...pair, crossing: { kind: "denied" } })) }),
  "calls open what is named": (said) => ({
    ...said,
    matrix: said.matrix.map((pair) => (pair.crossing.kind === "named" ? { ...pair, crossing: { kind: "open" } } : pair)),
  }),
  "calls everything unrestricted": (said) => ({ ...said, matrix: said.matrix.map((pair) => ({ ...pair, crossing: { kind: "unrestricted" } })) }),
};
test.each(Object.entries(otherMatrix))("a matrix that %s is caught", (_, breakage) => {
  expect(fc.sample(arbitraryWorld, { numRuns: 60, seed: 7 }).some((world) => wrongPair(world, breakage) !== null)).toBe(true);
});

test("a forbid in force holds, the second engine agrees, and a broken index or engine is caught", { timeout: 60_000 }, () => {
  const found = { holds: 0, broken: 0, disagreements: 0 };
  for (const { set, inventory } of fc.sample(arbitraryWorld, { numRuns: 80, seed: 11 })) {
    const world = worldOf(set, inventory);
    const permitted = permittedIn(world, long);
    const { each, secondEngine } = invariantsOf(permitted);
    expect(each.map(({ state }) => state)).not.toContain("broken");
    expect(secondEngine.disagreements).toBe(0);
    found.holds += each.filter(({ state }) => state === "holds").length;
    const without = worldOf({ ...set, forbids: [] }, inventory);
    found.broken += invariantsOf(permitted, { index: ruleIndex(without) }).each.filter(({ state }) => state === "broken").length;
    found.disagreements += invariantsOf(permitted, { engine: (_, question) => decide(without, question) }).secondEngine.disagreements;
  }
  expect(found.holds).toBeGreaterThan(10);
  expect(found.broken).toBeGreaterThan(0);
  expect(found.disagreements).toBeGreaterThan(0);
});

test("recorded flows lose no connection, and none is counted twice", () => {
  for (const { set, inventory, questions } of fc.sample(arbitraryWorld, { numRuns: 100, seed: 5 })) {
    const world = worldOf(set, inventory);
    const flows = questions.flatMap(({ from, to, at }) => [flowOf(from, to, at, inventory)]);
    const { all, denied, unknown } = recordedIn({ world, flows, permitted: [], gaps: [] });
    expect(Object.values(all).reduce((sum, { connections }) => sum + connections, 0)).toBe(flows.length * 2);
    expect([...denied, ...unknown].reduce((sum, { connections }) => sum + connections, 0)).toBe(all.denied.connections + all.unknown.connections);
  }
});

function flowOf(from: string, to: string, at: Question["at"], { workloads }: RandomWorld["inventory"]) {
  const end = (text: string) =>
    workloads.some(({ id }) => id === text) ? ({ kind: "held", holder: text } as const) : ({ kind: "bare", address: text } as const);
  const who = { client: end(from), server: end(to), protocol: "tcp", serverPort: 443, icmpType: null, observers: ["a"] };
  const told = { connections: 2, answered: 2, unanswered: 0, untold: 0, denied: 0, bytesToServer: 10, bytesToClient: null, first: at, last: at };
  return { ...who, ...told, sampling: null, oneSided: 0, reasons: {} };
}

test("of more questions than a draw has bits, every service is among those that are asked", () => {
  const [client] = fc.sample(arbitraryWorld, { numRuns: 1, seed: 3 });
  const anyone = {
    from: [{ kind: "anyone" }],
    to: [{ kind: "anyone" }],
    services: [{ protocol: null, low: 0, high: 65_535 }],
    where: [],
    start: null,
    end: null,
  } as const;
  const forbid = { ...fc.sample(arbitraryRule("forbid"), { numRuns: 1, seed: 3 })[0]!, ...anyone, name: "forbid/all" };
  const world = worldOf({ ...client!.set, forbids: [forbid], conduits: [], commons: [], exceptions: [], policies: [] }, client!.inventory);
  const permitted = permittedIn(world, long);
  // 4096 clients × 4096 servers × 512 services.
  const ends = Array.from({ length: 4096 }, () => permitted.alike[0]!);
  const samples = Array.from({ length: 512 }, (_, port) => ({ protocol: 6, port }));
  const codes = (verdict: string) => Array.from({ length: 8 }, (_, code) => code).find((code) => outcomeOf(code).verdict === verdict)!;
  const [allow, deny] = [codes("allow"), codes("deny")];
  const index = {
    ...ruleIndex(world),
    intervalOf: (_: number, port: number) => port,
    during: () => ({ ask: (_: number, __: number, port: number) => (port % 2 === 1 ? allow : deny) }),
  };
  const { each } = invariantsOf({ ...permitted, alike: ends, space: { ...permitted.space, samples } }, { index, askedMost: 20_000 });
  expect(each[0]!.questions).toBe(2 ** 33);
  expect(each[0]!.state).toBe("broken");
  expect(each[0]!.allowed / each[0]!.asked).toBeCloseTo(0.5, 2);
});
