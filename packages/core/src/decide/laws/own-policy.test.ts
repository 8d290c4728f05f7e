import fc from "fast-check";
import { expect } from "vitest";
import type { PolicySet } from "../../model/policy-set.ts";
import { brokenDecide } from "../testing/broken-decide.ts";
import { expectNothingLetIn, expectSame, law } from "../testing/law.ts";
import { arbitraryWorld } from "../testing/random-world.ts";
import { endOf } from "../ends.ts";
import { anyOf, type OwnMatches } from "../judgement.ts";
import { opens } from "../match.ts";
import { worldOf } from "../world.ts";

/** Policies with what `isKept` names; the others still guard, and say nothing. */
const onlyRulesOf = (set: PolicySet, isKept: (name: string) => boolean): PolicySet => ({
  ...set,
  policies: set.policies.map((policy) => (isKept(policy.name) ? policy : { ...policy, allow: [], exceptions: [] })),
});
const withOpenEgress = (set: PolicySet): PolicySet => ({ ...set, policies: set.policies.map((policy) => ({ ...policy, egressClosed: false })) });
const withoutArchitects = (set: PolicySet): PolicySet => ({ ...set, commons: [], exceptions: [] });

const either = (a: OwnMatches, b: OwnMatches): OwnMatches => ({ allows: [...a.allows, ...b.allows], exceptions: [...a.exceptions, ...b.exceptions] });

law({
  sentence: "law 21: beside the architects' rules, the server's own policy alone lets in to a guarded server (a closed egress can keep out)",
  property: (ask) =>
    fc.property(arbitraryWorld, ({ set, inventory, questions }) => {
      const world = worldOf(set, inventory);
      const answer = ask(set, inventory);
      const [open, silent] = [
        ask(withOpenEgress(set), inventory),
        ask(
          onlyRulesOf(withoutArchitects(set), () => false),
          inventory,
        ),
      ];
      for (const question of questions) {
        const server = endOf(world, question.to, question.at);
        if (server.kind !== "known" || !server.isGuarded) continue;
        const own = ask(
          onlyRulesOf(withOpenEgress(set), (name) => name === server.policy?.name),
          inventory,
        );
        // What the others say changes no verdict, but that a closed egress keeps out.
        expectSame({ ...own(question), effect: "pass" }, { ...open(question), effect: "pass" });
        if (answer(question).verdict === "allow") expect(own(question).verdict).toBe("allow");
        // Where nobody says anything, nobody comes in.
        if (silent(question).verdict === "allow") expect(silent(question).verdict).toBe("deny");
        // Nor do the others open on the wire a server that enforces.
        const isEnforced = server.workload?.point === true && world.segmentStages.get(server.policy?.name ?? "")?.in === "enforce";
        if (isEnforced) expectNothingLetIn(own(question), answer(question));
      }
    }),
  broken: {
    "a need of the client opens the server's segment": brokenDecide({
      judgement: (judgement) => ({ ...judgement, server: either(judgement.server, judgement.client) }),
    }),
    "a rule of any policy opens": brokenDecide({
      judgement: (judgement, matter, { set }) => ({
        ...judgement,
        server: { allows: set.policies.flatMap(({ allow }) => allow.filter((rule) => opens(rule, matter)).map(({ name }) => name)), exceptions: [] },
      }),
    }),
    "a server that its zone alone guards takes whoever has a rule": brokenDecide({
      judgement: (judgement, { server }) => (server.policy === null ? { ...judgement, server: judgement.client } : judgement),
    }),
    "a conduit opens a segment": brokenDecide({
      judgement: (judgement) => (judgement.conduits.length > 0 ? { ...judgement, commons: judgement.conduits } : judgement),
    }),
    "on the wire a need of the client opens a server that enforces": brokenDecide({
      denials: (denials, { judgement }) => (anyOf(judgement.client) ? denials.filter(({ layer }) => layer !== "segment-server") : denials),
    }),
  },
});
