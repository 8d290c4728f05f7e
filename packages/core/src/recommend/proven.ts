import { everyRule } from "../decide/every-rule.ts";
import { worldOf, type World } from "../decide/world.ts";
import { type PolicyFile, readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
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
export function proven(draft: Draft, dependencies: readonly Dependency[], there: readonly PolicyFile[]) {
  const worldFor = (rules: readonly RuleDraft[]): World =>
    worldWith([...there, ...filesOf({ ...draft, rules, heldOut: [] }).map(({ path, text }) => ({ path, bytes: bytesOf(text) }))], draft.workloads);
  const seen = draft.rules.filter(({ likely }) => likely === null);
  const gone = needless(supportsOf(worldFor(seen), dependencies), seen.map(fullNameOf));
  const needed = draft.rules.filter((rule) => !gone.has(fullNameOf(rule)));
  // What was seen stands on its own: a guess that would allow some of it, too, would make its rules needless.
  const used = new Set(supportsOf(worldFor(needed), dependencies).flatMap(({ alternatives }) => alternatives.flat()));
  const rules = needed.filter((rule) => rule.likely === null || !used.has(fullNameOf(rule)));
  const world = worldFor(rules);
  const supports = supportsOf(world, dependencies);
  const allows = allowing(world);
  const denied = supports.filter(({ isAllowed }) => !isAllowed).map((one): HeldOut => ({ why: whyDenied(one), flow: one.flow }));
  const kept = everyRule(draft.present).map(({ name }) => name);
  const evidence = evidenceOf(world, supports, [...rules.map(fullNameOf), ...kept]);
  // What rules between others of the same roles allow anyhow is not kept out by holding it out.
  const heldOut = [...draft.heldOut.filter(({ flow }) => !allows(flow)), ...denied];
  return { rules, evidence, heldOut, kept: kept.map((name) => ({ name, ...evidence.get(name)! })) };
}

/** An application in an environment without a segment of its own here has one in the policy that is there. */
function whyDenied({ isForbidden, dependency: { client, server } }: Support): HeldOut["why"] {
  const isTheirs = ({ peer, segment }: Side): boolean =>
    segment === null && peer.kind === "labels" && peer.labels["app"] !== undefined && peer.labels["env"] !== undefined;
  return isForbidden || isTheirs(server) || isTheirs(client) ? "denied by a policy that is there" : "not expressible";
}
