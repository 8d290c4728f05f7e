import fc from "fast-check";
import { prefixText } from "../../base/prefix.ts";
import type { Network, Peer, Policy, PolicySet, Rule, Selector, Stage, Stages, Zone } from "../../model/policy-set.ts";
import type { Question } from "../../model/question.ts";
import type { Inventory } from "../../model/workload.ts";
import { arbitraryInventory, arbitraryQuestions } from "./random-inventory.ts";
import { arbitraryRule, arbitrarySelector, type RuleKind } from "./random-rule.ts";
import { labelValues, networkNames, policyNames, prefixes, somewhere, stageNames, zoneNames } from "./small-pools.ts";

/** A policy, who it is about, and what is asked. */
export interface RandomWorld {
  readonly set: PolicySet;
  readonly inventory: Inventory;
  readonly questions: readonly Question[];
}

const network: fc.Arbitrary<Network> = fc
  .record({
    name: fc.constantFrom(...networkNames),
    prefixes: fc.uniqueArray(fc.constantFrom(...prefixes), { minLength: 1, maxLength: 2 }),
    own: fc.boolean(),
    expectsWorkloads: fc.nat({ max: 11 }).map((dice) => dice === 11),
  })
  .map((one) => ({ ...one, at: somewhere }));

const networksFrom = (minLength: number) => fc.uniqueArray(network, { selector: ({ name }) => name, minLength, maxLength: 3 });
// Mostly two or three, so that they overlap; shrunk to none all the same.
const networks: fc.Arbitrary<readonly Network[]> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: networksFrom(0) },
  { weight: 3, arbitrary: networksFrom(2) },
);

/** Selectors that part the workloads, most of the time; otherwise any, so that two claim one. */
const usual = (key: "app" | "env", value: string): fc.Arbitrary<Selector> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant({ terms: [{ key, values: [value] }] }) }, { weight: 1, arbitrary: arbitrarySelector });

function arbitraryZone(index: number): fc.Arbitrary<Zone> {
  return fc
    .record({
      members: fc.option(usual("env", labelValues.env[index] ?? "dev"), { freq: 4 }),
      networks: fc.uniqueArray(fc.constantFrom(...networkNames, "internet"), { maxLength: 2 }),
      inside: fc.constantFrom("open" as const, "closed" as const),
    })
    .map((zone) => ({ name: zoneNames[index]!, ...zone, register: { because: "a random world" }, at: somewhere }));
}

const unplaced: Zone = { name: "unplaced", members: null, networks: [], inside: "closed", register: { because: "a random world" }, at: somewhere };

const zones: fc.Arbitrary<readonly Zone[]> = fc
  .tuple(
    fc.option(arbitraryZone(0), { freq: 5 }),
    fc.option(arbitraryZone(1), { freq: 3 }),
    fc.option(arbitraryZone(2), { freq: 2 }),
    fc.option(fc.constant(unplaced), { freq: 2 }),
  )
  .map((list) => list.filter((zone) => zone !== null));

const rules = (kind: RuleKind, maxLength: number) => fc.array(arbitraryRule(kind), { maxLength });

function arbitraryPolicy(index: number): fc.Arbitrary<Policy> {
  return fc
    .record({
      scope: usual("app", labelValues.app[index]!),
      egressClosed: fc.nat({ max: 2 }).map((dice) => dice === 2),
      allow: rules("allow", 3),
      exceptions: rules("exception", 1),
    })
    .map((policy) => ({ name: policyNames[index]!, owner: "team", ...policy, register: {}, at: somewhere }));
}

/** A policy of its own name, not one of those that a random world has. */
export const arbitraryNewPolicy: fc.Arbitrary<Policy> = arbitraryPolicy(2).map((policy) => named({ ...policy, name: "new" }));

const policies: fc.Arbitrary<readonly Policy[]> = fc
  .tuple(...policyNames.map((_, index) => fc.option(arbitraryPolicy(index), { freq: 4 - index })))
  .map((list) => list.filter((policy) => policy !== null));

const stage = fc.oneof({ weight: 2, arbitrary: fc.constant<Stage>("enforce") }, { weight: 1, arbitrary: fc.constantFrom(...stageNames) });
const someStage = fc.option(stage, { freq: 4 });
const stages: fc.Arbitrary<Stages> = fc.record({
  zones: fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...zoneNames, "outside", "unplaced"), boundary: someStage, inside: someStage, at: fc.constant(somewhere) }),
    {
      selector: ({ name }) => name,
      maxLength: 5,
    },
  ),
  segments: fc.uniqueArray(fc.record({ name: fc.constantFrom(...policyNames), in: someStage, out: someStage, at: fc.constant(somewhere) }), {
    selector: ({ name }) => name,
    maxLength: 3,
  }),
});

/** Legal sets only: what the language would refuse is mended here, so that a law never fails on what cannot be written. */
export const arbitraryPolicySet: fc.Arbitrary<PolicySet> = fc
  .record({
    networks,
    zones,
    conduits: rules("conduit", 3),
    forbids: rules("forbid", 1),
    commons: rules("common", 1),
    exceptions: rules("exception", 2),
    policies,
    stages,
  })
  .map((set) => legal({ labels: [], services: [], tests: [], ...set }));

/** A small random world: seeded by fast-check, and shrunk by it to the few things that matter. */
export const arbitraryWorld: fc.Arbitrary<RandomWorld> = fc
  .tuple(arbitraryPolicySet, arbitraryInventory)
  .chain(([set, inventory]) => arbitraryQuestions(inventory).map((questions) => ({ set, inventory: withKnownNetworks(set, inventory), questions })));

/** Names the rules, drops what is not declared, and lets no prefix be claimed by two zones. */
export function legal(set: PolicySet): PolicySet {
  const declared = new Set(set.networks.map(({ name }) => name));
  const claimed = new Set<string>();
  const own = set.zones.map((zone) => ({
    ...zone,
    networks: zone.networks.filter((name) => (declared.has(name) || name === "internet") && claim(set, claimed, name)),
  }));
  const inhabited = own.filter(({ name, members, networks: claims }) => name === "unplaced" || members !== null || claims.length > 0);
  const whole = { ...set, zones: inhabited };
  const zoneKnown = new Set([...inhabited.map(({ name }) => name), "outside", "unplaced"]);
  const policyKnown = new Set(set.policies.map(({ name }) => name));
  const groundedRules = (list: readonly Rule[], prefix: string) => list.map((rule, index) => ({ ...grounded(whole, rule), name: `${prefix}${index + 1}` }));
  return {
    ...whole,
    conduits: groundedRules(set.conduits, "conduit/c"),
    forbids: groundedRules(set.forbids, "forbid/f"),
    commons: groundedRules(set.commons, "common/m"),
    exceptions: groundedRules(set.exceptions, "exception/e"),
    policies: set.policies.map((policy) =>
      named({
        ...policy,
        allow: policy.allow.map((rule) => grounded(whole, rule)),
        exceptions: policy.exceptions.map((rule) => grounded(whole, rule)),
      }),
    ),
    stages: { zones: set.stages.zones.filter(({ name }) => zoneKnown.has(name)), segments: set.stages.segments.filter(({ name }) => policyKnown.has(name)) },
  };
}

function named(policy: Policy): Policy {
  return {
    ...policy,
    allow: policy.allow.map((rule, index) => ({ ...rule, name: `${policy.name}/a${index + 1}` })),
    exceptions: policy.exceptions.map((rule, index) => ({ ...rule, name: `${policy.name}/e${index + 1}` })),
  };
}

/** Whether none of a network's prefixes is claimed yet; if so, they are from now on. */
function claim(set: PolicySet, claimed: Set<string>, name: string): boolean {
  const texts = name === "internet" ? ["0.0.0.0/0", "::/0"] : (set.networks.find((one) => one.name === name)?.prefixes.map(prefixText) ?? []);
  if (texts.some((text) => claimed.has(text))) return false;
  for (const text of texts) claimed.add(text);
  return true;
}

/** The rule with built-in names where it names zones and networks that the set does not have. */
export function grounded(set: PolicySet, rule: Rule): Rule {
  const peersIn = (peers: readonly Peer[]) => peers.map((peer) => groundedPeer(set, peer));
  return { ...rule, from: peersIn(rule.from), to: peersIn(rule.to) };
}

function groundedPeer(set: PolicySet, peer: Peer): Peer {
  if (peer.kind !== "zone" && peer.kind !== "network") return peer;
  const [list, always] = peer.kind === "zone" ? [set.zones, ["outside", "unplaced"]] : [set.networks, ["internet"]];
  const names = peer.names.filter((name) => always.includes(name) || list.some((one) => one.name === name));
  return { ...peer, names: names.length > 0 ? names : [always[0]!] };
}

/** A point at a network that is not declared cannot be written down. */
function withKnownNetworks(set: PolicySet, inventory: Inventory): Inventory {
  const points = inventory.points.map((point) => ({
    ...point,
    networks: point.networks.filter((name) => name === "internet" || set.networks.some((one) => one.name === name)),
  }));
  return { ...inventory, points: points.filter((point) => point.networks.length > 0) };
}
