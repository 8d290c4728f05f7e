import { everyRule } from "../decide/every-rule.ts";
import { worldOf, type World } from "../decide/world.ts";
import { type PolicyFile, readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import type { Flow } from "../model/flow.ts";
import type { Dependency, HeldOut, ProposalWorkload, RuleDraft, Side } from "./dependency.ts";
import { type Draft, filesOf, fullNameOf } from "./files.ts";
import { allowing, needless, type Support, supportsOf } from "./necessary.ts";
import { evidenceOf } from "./rule-evidence.ts";

/** The world of some policy files, as far as labels decide in it. */
export function worldWith(files: readonly PolicyFile[], workloads: readonly ProposalWorkload[]): World {
  return worldOf(readPolicySet(files).set, {
    workloads: workloads.map(({ id, labels }) => ({ id, labels, leases: [], identity: null, point: false })),
    points: [],
    quarantined: [],
  });
}

/** Reads the draft as policy, asks it about all evidence, and keeps the rules that something needs (laws 13 and 14). */
export function proven(draftFor: (dependencies: readonly Dependency[]) => Draft, seen: readonly Dependency[], there: readonly PolicyFile[]) {
  const worldOfRules = (draft: Draft, rules: readonly RuleDraft[]): World =>
    worldWith([...there, ...filesOf({ ...draft, rules, heldOut: [] }).map(({ path, text }) => ({ path, bytes: bytesOf(text) }))], draft.workloads);
  const asked = (draft: Draft, dependencies: readonly Dependency[]): readonly Support[] =>
    supportsOf(worldOfRules(draft, draft.rules.filter(isSeen)), dependencies);
  const whole = draftFor(seen);
  const first = asked(whole, seen);
  const refused = first.filter(({ isAllowed }) => !isAllowed);
  // No rule is drafted for what a policy that is there denies whatever we write: it would open a boundary for nothing.
  const dependencies = refused.length === 0 ? seen : without(seen, new Set(refused.map(({ flow }) => flow)));
  const draft = refused.length === 0 ? whole : draftFor(dependencies);
  const worldFor = (rules: readonly RuleDraft[]): World => worldOfRules(draft, rules);
  const gone = needless(refused.length === 0 ? first : asked(draft, dependencies), draft.rules.filter(isSeen).map(fullNameOf));
  const needed = draft.rules.filter((rule) => !gone.has(fullNameOf(rule)));
  // What was seen stands on its own: a guess that would allow some of it, too, would make its rules needless.
  const used = new Set(supportsOf(worldFor(needed), dependencies).flatMap(({ alternatives }) => alternatives.flat()));
  const rules = needed.filter((rule) => rule.likely === null || !used.has(fullNameOf(rule)));
  const world = worldFor(rules);
  const supports = supportsOf(world, dependencies);
  const allows = allowing(world);
  const denied = [...refused, ...supports.filter(({ isAllowed }) => !isAllowed)].map((one): HeldOut => ({ why: whyDenied(one), flow: one.flow }));
  const kept = everyRule(draft.present).map(({ name }) => name);
  const evidence = evidenceOf(world, supports, [...rules.map(fullNameOf), ...kept]);
  // What rules between others of the same roles allow anyhow is not kept out by holding it out.
  const heldOut = [...draft.heldOut.filter(({ flow }) => !allows(flow)), ...denied];
  return { draft, rules, evidence, heldOut, kept: kept.map((name) => ({ name, ...evidence.get(name)! })) };
}

const isSeen = ({ likely }: RuleDraft): boolean => likely === null;

/** Dependencies without these flows, and without those of which nothing is left. */
const without = (dependencies: readonly Dependency[], gone: ReadonlySet<Flow>): readonly Dependency[] =>
  dependencies.map((one) => ({ ...one, flows: one.flows.filter((flow) => !gone.has(flow)) })).filter(({ flows }) => flows.length > 0);

/** An application in an environment without a segment of its own here has one in the policy that is there. */
function whyDenied({ isForbidden, dependency: { client, server } }: Support): HeldOut["why"] {
  const isTheirs = ({ peer, segment }: Side): boolean =>
    segment === null && peer.kind === "labels" && peer.labels["app"] !== undefined && peer.labels["env"] !== undefined;
  return isForbidden || isTheirs(server) || isTheirs(client) ? "denied by a policy that is there" : "not expressible";
}
