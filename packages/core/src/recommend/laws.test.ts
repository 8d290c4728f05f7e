import fc from "fast-check";
import { expect, test } from "vitest";
import { day, dayText, hour } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { decide } from "../decide/decide.ts";
import { everyRule } from "../decide/every-rule.ts";
import { worldOf } from "../decide/world.ts";
import { readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import { pointOf } from "../map/service-point.ts";
import { endText, type Flow, type FlowEnd } from "../model/flow.ts";
import type { PolicySet, Rule } from "../model/policy-set.ts";
import type { ProposalWorkload } from "./dependency.ts";
import { type CouldBeOne, recommend, type Recommendation } from "./recommend.ts";

const runs = 120;
const networks = [{ path: "networks.yaml", bytes: bytesOf("networks: { partner: [172.31.0.0/16], wide: [172.16.0.0/12], shop-window: [9.9.9.0/24] }\n") }];

interface Seen {
  readonly flows: readonly Flow[];
  readonly workloads: readonly ProposalWorkload[];
}

const labels = fc
  .record({ app: fc.constantFrom("a", "b", "c", "d", "e", "f"), env: fc.constantFrom("prod", "dev"), role: fc.constantFrom("web", "db") }, { requiredKeys: [] })
  .map((written) => ({ ...written }) as Record<string, string>);
const workloads = fc
  .array(labels, { minLength: 2, maxLength: 9, size: "max" })
  .map((all) => all.map((one, at): ProposalWorkload => ({ id: `w${at}`, labels: one, owner: null })));
const bare = fc.constantFrom("8.8.8.8", "9.9.9.9", "172.31.0.9", "172.20.0.9", "10.9.9.9").map((address): FlowEnd => ({ kind: "bare", address }));

const seen: fc.Arbitrary<Seen> = workloads.chain((all) => {
  const held = fc.constantFrom(...all.map(({ id }) => id)).map((holder): FlowEnd => ({ kind: "held", holder }));
  const end = fc.oneof({ weight: 5, arbitrary: held }, { weight: 1, arbitrary: bare });
  const flow = fc
    .record({ client: end, server: end, serverPort: fc.constantFrom(53, 443, 5432), answered: fc.nat({ max: 3 }), first: fc.nat({ max: 90 }) })
    .map(({ answered, first, ...rest }): Flow => ({ ...volume(answered, first * hour), ...rest, protocol: "tcp", icmpType: null }));
  return fc.array(flow, { minLength: 1, maxLength: 40, size: "max" }).map((flows) => ({ flows, workloads: all }));
});

const volume = (answered: number, first: number) => ({
  connections: answered + 1,
  answered,
  unanswered: 1,
  untold: 0,
  denied: 0,
  bytesToServer: null,
  bytesToClient: null,
  first,
  last: first + hour,
  observers: ["core"],
  sampling: null,
  oneSided: 0,
  reasons: {},
});

const setOf = ({ files }: Recommendation): PolicySet => {
  const { set, diagnostics } = readPolicySet([...networks, ...files.map(({ path, text }) => ({ path, bytes: bytesOf(text) }))]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return set;
};

/** The evidence that a policy denies. */
function deniedBy(
  set: PolicySet,
  { workloads: all }: Seen,
  evidence: readonly Flow[],
  isDenied: (verdict: string) => boolean = (verdict) => verdict !== "allow",
): readonly Flow[] {
  const world = worldOf(set, {
    workloads: all.map(({ id, labels: own }, at) => ({
      id,
      labels: own,
      leases: [{ ip: ipOf(`10.0.0.${at + 1}`)!, from: null, until: null }],
      identity: null,
      point: false,
    })),
    points: [],
    quarantined: [],
  });
  return evidence.filter((flow) =>
    isDenied(decide(world, { from: endText(flow.client), to: endText(flow.server), over: pointOf(flow), at: flow.last, facts: {} }).verdict),
  );
}

const evidenceOf = ({ flows }: Seen, { heldOut }: Recommendation): readonly Flow[] => {
  const held = new Set(heldOut.map(({ flow }) => flow));
  return flows.filter((flow) => !held.has(flow));
};

const without =
  (name: string) =>
  (rules: readonly Rule[]): readonly Rule[] =>
    rules.filter((rule) => rule.name !== name);

function lacking(set: PolicySet, name: string): PolicySet {
  const rest = without(name);
  return {
    ...set,
    conduits: rest(set.conduits),
    commons: rest(set.commons),
    policies: set.policies.map((policy) => ({ ...policy, allow: rest(policy.allow) })),
  };
}

type Engine = (drawn: Seen) => Recommendation;
const engine: Engine = ({ flows, workloads: all }) => recommend(flows, all, { present: networks });

/** Null where law 13 holds: recommended rules deny none of their own evidence. */
function breaks13(drawn: Seen, made: Recommendation): string | null {
  const denied = deniedBy(setOf(made), drawn, evidenceOf(drawn, made));
  return denied.length === 0 ? null : JSON.stringify(denied[0]);
}

/** Null where law 14 holds: removing any rule recommended for what was seen denies some evidence. What is only likely has none, and says so. */
function breaks14(drawn: Seen, made: Recommendation): string | null {
  const [set, evidence] = [setOf(made), evidenceOf(drawn, made)];
  return made.rules.filter(({ likely }) => likely === null).find(({ name }) => deniedBy(lacking(set, name), drawn, evidence).length === 0)?.name ?? null;
}

test("recommended rules deny none of their own evidence", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(seen, (drawn) => {
      expect(breaks13(drawn, engine(drawn))).toBeNull();
    }),
    { numRuns: runs },
  );
});

test("removing any recommended rule denies some evidence", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(seen, (drawn) => {
      expect(breaks14(drawn, engine(drawn))).toBeNull();
    }),
    { numRuns: runs },
  );
});

test("nothing is held out but for a reason that is true", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(seen, (drawn) => {
      expect(engine(drawn).heldOut.filter(({ why }) => why === "not expressible")).toEqual([]);
    }),
    { numRuns: runs },
  );
});

/** Something that is held out and that a rule allows all the same; null where there is none. */
function breaksHeldOut(drawn: Seen, made: Recommendation): Flow | null {
  const set = setOf(made);
  const ruleless: PolicySet = { ...set, conduits: [], commons: [], policies: set.policies.map((policy) => ({ ...policy, allow: [] })) };
  const held = made.heldOut.map(({ flow }) => flow);
  const open = new Set(deniedBy(ruleless, drawn, held, (verdict) => verdict === "allow"));
  return deniedBy(set, drawn, held, (verdict) => verdict === "allow").find((flow) => !open.has(flow)) ?? null;
}

test("nothing that is held out is allowed by a rule", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(seen, (drawn) => {
      for (const one of [engine, scoped]) expect(breaksHeldOut(drawn, one(drawn))).toBeNull();
    }),
    { numRuns: runs },
  );
});

test("positive control: an engine that lists everything that was never answered is caught", { timeout: 60_000 }, () => {
  const listing: Engine = (drawn) => ({
    ...engine(drawn),
    heldOut: drawn.flows.filter(({ answered }) => answered === 0).map((flow) => ({ why: "never answered", flow })),
  });
  expect(samples.some((drawn) => breaksHeldOut(drawn, listing(drawn)) !== null)).toBe(true);
});

const scope = { app: "a", env: "prod" };
const scoped: Engine = ({ flows, workloads: all }) => recommend(flows, all, { present: networks, scope });

/** Null where a recommendation for a scope denies nothing that was seen, anywhere, but what it says it holds out. */
const breaks13InScope = (drawn: Seen, made: Recommendation): string | null =>
  deniedBy(setOf(made), drawn, evidenceOf(drawn, made), (verdict) => verdict === "deny")[0]?.server.kind ?? null;

test("rules recommended for a scope deny none of their own evidence, and nothing beside it", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(seen, (drawn) => {
      expect(breaks13InScope(drawn, scoped(drawn))).toBeNull();
    }),
    { numRuns: runs },
  );
});

/** The rules of each group as one rule, which has all that stands in the part in which they differ. */
function asOne(set: PolicySet, { part, names: [first, ...others] }: CouldBeOne): PolicySet {
  const all = everyRule(set).filter(({ name }) => name === first || others.includes(name));
  const whole = (rules: readonly Rule[]): readonly Rule[] =>
    rules
      .filter(({ name }) => !others.includes(name))
      .map((rule) => (rule.name === first ? { ...rule, [part]: all.flatMap((one): readonly unknown[] => one[part]) } : rule));
  return {
    ...set,
    conduits: whole(set.conduits),
    commons: whole(set.commons),
    policies: set.policies.map((policy) => ({ ...policy, allow: whole(policy.allow) })),
  };
}

/** A question that is answered otherwise when rules are one; null where there is none. Every pair of machines over everything that was seen. */
function breaksOne(drawn: Seen, set: PolicySet, one: PolicySet): string | null {
  const pairs = drawn.workloads.flatMap((from) => drawn.workloads.map((to) => [from, to] as const));
  const asked = drawn.flows.flatMap((flow) =>
    pairs.map(([from, to]): Flow => ({ ...flow, client: { kind: "held", holder: from.id }, server: { kind: "held", holder: to.id } })),
  );
  const [before, after] = [set, one].map((each) => new Set(deniedBy(each, drawn, [...asked, ...drawn.flows])));
  const other = [...asked, ...drawn.flows].find((flow) => before!.has(flow) !== after!.has(flow));
  return other === undefined ? null : JSON.stringify(other);
}

test("where rules could be one, one rule with all that they name answers the same", { timeout: 600_000 }, () => {
  let groups = 0;
  fc.assert(
    fc.property(seen, (drawn) => {
      const made = engine(drawn);
      const set = setOf(made);
      for (const group of made.couldBeOne) {
        groups += 1;
        expect(breaksOne(drawn, set, asOne(set, group))).toBeNull();
      }
    }),
    { numRuns: runs / 4 },
  );
  expect(groups).toBeGreaterThan(5);
});

test("positive control: rules that differ in two parts are not one", { timeout: 60_000 }, () => {
  const pairOf = ({ rules }: Recommendation): readonly string[] => {
    const own = rules.filter(({ kind }) => kind === "allow").map(({ name }) => name);
    return own.filter((name) => name.split("/")[0] === own[0]?.split("/")[0]).slice(0, 2);
  };
  const found = samples.some((drawn) => {
    const made = engine(drawn);
    const names = pairOf(made);
    if (names.length < 2 || made.couldBeOne.some((group) => names.every((name) => group.names.includes(name)))) return false;
    const set = setOf(made);
    return breaksOne(drawn, set, asOne(set, { part: "to", names })) !== null;
  });
  expect(found).toBe(true);
});

const samples = fc.sample(seen, { numRuns: 60, seed: 11 });

test("the worlds of these laws meet zones that are closed, by nobody's zone and by name", { timeout: 60_000 }, () => {
  const zones = samples.map((drawn) => setOf(engine(drawn)).zones.filter(({ inside }) => inside === "closed"));
  expect(zones.filter((closed) => closed.some(({ name }) => name === "unplaced")).length).toBeGreaterThan(10);
  expect(zones.filter((closed) => closed.some(({ name }) => name !== "unplaced")).length).toBeGreaterThan(10);
});

test("positive control: an engine that sees half of the evidence is caught by law 13", { timeout: 60_000 }, () => {
  const half: Engine = ({ flows, workloads: all }) => engine({ flows: flows.filter((_, at) => at % 2 === 0), workloads: all });
  expect(samples.some((drawn) => breaks13(drawn, { ...half(drawn), heldOut: engine(drawn).heldOut }) !== null)).toBe(true);
});

test("positive control: a scope's own file out of the recommendation for all, with its zones and conduits, is caught", { timeout: 60_000 }, () => {
  const cut: Engine = (drawn) => {
    const made = engine(drawn);
    return { ...made, files: made.files.filter(({ path }) => ["zones.yaml", "conduits.yaml", "a-prod.yaml"].includes(path)) };
  };
  expect(samples.some((drawn) => breaks13InScope(drawn, cut(drawn)) !== null)).toBe(true);
});

test("positive control: an engine that adds a rule for good measure is caught by law 14", { timeout: 60_000 }, () => {
  const generous: Engine = (drawn) => {
    const made = engine(drawn);
    const text = "common:\n  - { name: spare, from: workloads, to: workloads, over: [tcp/1], owner: nobody, review: 2027-01-01, because: a test }\n";
    const spare = {
      name: "common/spare",
      kind: "common" as const,
      flows: 0,
      days: 0,
      first: null,
      last: null,
      pairs: 1,
      excess: 1,
      crosses: null,
      likely: null,
      unstated: [],
    };
    return { ...made, files: [...made.files, { path: "spare.yaml", text }], rules: [...made.rules, spare] };
  };
  expect(samples.every((drawn) => breaks14(drawn, generous(drawn)) !== null)).toBe(true);
});

/** Six applications that ask one resolver. */
function askedByAll(last: number) {
  const apps = ["a", "b", "c", "d", "e", "f"];
  const clients = apps.map((app): ProposalWorkload => ({ id: app, labels: { app, env: "prod", role: "web" }, owner: null }));
  const names: ProposalWorkload = { id: "dns", labels: { app: "names", env: "prod", role: "resolver" }, owner: null };
  const flows = apps.map((holder): Flow => ({
    ...volume(1, 0),
    client: { kind: "held", holder },
    server: { kind: "held", holder: "dns" },
    protocol: "udp",
    serverPort: 53,
    icmpType: null,
    last,
  }));
  return { flows, workloads: [...clients, names] };
}

test("shared infrastructure becomes a common rule, and no segment repeats it", () => {
  const { flows, workloads } = askedByAll(0);
  const { rules, files } = recommend(flows, workloads);
  expect(rules.map(({ name, flows: count }) => [name, count])).toEqual([["common/names-names-prod-resolver", 12]]);
  expect(files.map(({ path }) => path)).toContain("common.yaml");
});

test("a review is due half a year after what was seen; where that has passed, half a year after today", () => {
  const last = 20_000 * day;
  const { flows, workloads } = askedByAll(last);
  const reviews = (at: number): readonly string[] =>
    recommend(flows, workloads, { at }).files.flatMap(({ text }) => [...text.matchAll(/\breview: ([\d-]+)/g)].map(([, date]) => date!));
  expect(reviews(last + day)).toEqual([dayText(last + 180 * day)]);
  expect(reviews(last + 400 * day)).toEqual([dayText(last + 580 * day)]);
});
