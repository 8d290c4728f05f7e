import fc from "fast-check";
import { expect } from "vitest";
import { day } from "../../base/instant.ts";
import type { PolicyFile } from "../../language/policy-file.ts";
import { readPolicySet } from "../../language/read.ts";
import type { Policy, PolicySet, Rule, Selector, Zone } from "../../model/policy-set.ts";
import type { Inventory } from "../../model/workload.ts";
import { asked, brokenDecide } from "../testing/broken-decide.ts";
import { changedRules } from "../testing/changed-set.ts";
import { expectSame, law, lawOf } from "../testing/law.ts";
import { alsoByAddress, arbitraryAddresses } from "../testing/random-inventory.ts";
import { arbitraryWorld } from "../testing/random-world.ts";
import { filesOf } from "../testing/set-files.ts";
import { shuffler } from "../testing/shuffler.ts";
import type { OwnMatches } from "../judgement.ts";

function shuffledSet(set: PolicySet, shuffle: ReturnType<typeof shuffler>): PolicySet {
  const selector = ({ terms }: Selector): Selector => ({ terms: shuffle(terms.map(({ key, values }) => ({ key, values: shuffle(values) }))) });
  const rule = (one: Rule): Rule => ({ ...one, from: shuffle(one.from), to: shuffle(one.to), services: shuffle(one.services), where: shuffle(one.where) });
  const zone = (one: Zone): Zone => ({ ...one, members: one.members === null ? null : selector(one.members), networks: shuffle(one.networks) });
  const policy = (one: Policy): Policy => ({ ...one, scope: selector(one.scope), allow: shuffle(one.allow), exceptions: shuffle(one.exceptions) });
  const inner = changedRules(set, rule);
  return {
    ...inner,
    networks: shuffle(inner.networks.map((network) => ({ ...network, prefixes: shuffle(network.prefixes) }))),
    zones: shuffle(inner.zones.map(zone)),
    conduits: shuffle(inner.conduits),
    forbids: shuffle(inner.forbids),
    commons: shuffle(inner.commons),
    exceptions: shuffle(inner.exceptions),
    policies: shuffle(inner.policies.map(policy)),
    stages: { zones: shuffle(inner.stages.zones), segments: shuffle(inner.stages.segments) },
  };
}

const shuffledInventory = ({ workloads, points, quarantined }: Inventory, shuffle: ReturnType<typeof shuffler>): Inventory => ({
  workloads: shuffle(workloads.map((workload) => ({ ...workload, leases: shuffle(workload.leases) }))),
  points: shuffle(points),
  quarantined: shuffle(quarantined),
});

const first = ({ allows, exceptions }: OwnMatches): OwnMatches => ({ allows: allows.slice(0, 1), exceptions: exceptions.slice(0, 1) });

law({
  sentence: "law 1: the order of rules and files never changes an answer",
  property: (ask) =>
    fc.property(arbitraryWorld, arbitraryAddresses, fc.nat(), ({ set, inventory, questions }, ends, seed) => {
      const shuffle = shuffler(seed);
      const [before, after] = [ask(set, inventory), ask(shuffledSet(set, shuffle), shuffledInventory(inventory, shuffle))];
      for (const question of alsoByAddress(questions, ends)) expectSame(before(question), after(question));
    }),
  broken: {
    "the first match decides": brokenDecide({
      judgement: (one) => ({ ...one, conduits: one.conduits.slice(0, 1), server: first(one.server), client: first(one.client) }),
    }),
    "what decided is named in the order of the files": brokenDecide({
      given: (given, _, { conduits }) => (given.verdict === "allow" ? { ...given, by: conduits } : given),
    }),
    "the first zone whose network covers an address has it, not the longest prefix": brokenDecide({
      end: (end, { world }) => {
        if (end.kind !== "known" || end.workload !== null) return end;
        const zone = world.set.zones.find(({ networks }) => networks.some((name) => end.networks.has(name)));
        return { ...end, zone: zone?.name ?? "outside" };
      },
    }),
    "the first of two claimants has the workload": brokenDecide({
      end: (end, { world, text }) => {
        const workload = world.workloads.get(text);
        const claims = workload === undefined ? undefined : world.claims.get(workload);
        if (end.kind !== "contested" || workload === undefined || claims === undefined) return end;
        return { kind: "known", workload, zone: claims.zone, networks: new Set(), addresses: [], policy: claims.policy, isGuarded: claims.policy !== null };
      },
    }),
  },
});

/** What is read of these files; a rule that could select no member is the one mistake that a random set may make, and it changes no answer. */
function readSet(files: readonly PolicyFile[]): PolicySet {
  const { set, diagnostics } = readPolicySet(files);
  const mistakes = diagnostics.filter(({ severity, code }) => severity === "error" && code !== "no-member");
  if (mistakes.length > 0) expect(mistakes).toEqual([]);
  return set;
}

lawOf(readSet, {
  sentence: "law 1: what is written in many files, in any order, is answered as the set that was meant",
  property: (reads: (files: readonly PolicyFile[]) => PolicySet) =>
    fc.property(arbitraryWorld, fc.nat(), ({ set, inventory, questions }, seed) => {
      const meant = asked(set, inventory);
      const read = asked(reads(shuffler(seed)(filesOf(set))), inventory);
      for (const question of questions) expectSame(meant(question), read(question));
    }),
  broken: {
    "stages in a file of their own are not read": (files) => readSet(files.filter(({ bytes }) => !new TextDecoder().decode(bytes).includes('"stages"'))),
    "a bare date ends where it starts": (files) => changedRules(readSet(files), (rule) => ({ ...rule, end: rule.end === null ? null : rule.end - day })),
  },
});
