/** laws/ holds the laws of MEANING §6 that concern verdict and effect, each with broken variants that it catches. */
import fc from "fast-check";
import type { PolicySet } from "../../model/policy-set.ts";
import { brokenDecide } from "../testing/broken-decide.ts";
import { added, arbitraryException, arbitraryForbidding, arbitraryOpening } from "../testing/changed-set.ts";
import { expectNothingLetIn, expectNothingTakenAway, expectSame, law } from "../testing/law.ts";
import { arbitraryWorld } from "../testing/random-world.ts";
import { arbitraryRule } from "../testing/random-rule.ts";
import { anyOf } from "../judgement.ts";
import { coversService, isPeer } from "../match.ts";

law({
  sentence: "law 2: adding an allow, common rule, conduit or exception never takes traffic away, in verdict or effect",
  property: (ask) =>
    fc.property(arbitraryWorld, arbitraryOpening, ({ set, inventory, questions }, opening) => {
      const [before, after] = [ask(set, inventory), ask(added(set, opening), inventory)];
      for (const question of questions) expectNothingTakenAway(before(question), after(question));
    }),
  broken: {
    "a server that is named in an allow is closed for every other service": brokenDecide({
      judgement: (judgement, { server, over }, { set }) => {
        const isNamed = set.policies.some(({ allow }) =>
          allow.some(({ to, services }) => to.some((peer) => isPeer(peer, server, 2)) && !services.some((one) => coversService(one, over))),
        );
        return isNamed ? { ...judgement, forbids: ["closed"] } : judgement;
      },
    }),
    "two conduits that match cancel each other": brokenDecide({
      judgement: (judgement) => (judgement.conduits.length > 1 ? { ...judgement, conduits: [] } : judgement),
    }),
    "an exception of the architects replaces the conduits": brokenDecide({
      judgement: (judgement, _, { set }) => (set.exceptions.length > 0 ? { ...judgement, conduits: [] } : judgement),
    }),
  },
});

law({
  sentence: "law 3: adding a forbid never lets traffic in, in verdict or effect",
  property: (ask) =>
    fc.property(arbitraryWorld, arbitraryForbidding, ({ set, inventory, questions }, forbid) => {
      const [before, after] = [ask(set, inventory), ask(added(set, forbid), inventory)];
      for (const question of questions) expectNothingLetIn(before(question), after(question));
    }),
  broken: {
    "a layer that only observes hides one that enforces": brokenDecide({
      denials: (denials) => denials.filter(({ layer }) => layer === denials[0]?.layer),
    }),
    "two forbids that match cancel each other": brokenDecide({
      judgement: (judgement) => (judgement.forbids.length > 1 ? { ...judgement, forbids: [] } : judgement),
    }),
    "a forbid that does not match stands for permission": brokenDecide({
      judgement: (judgement, _, { set }) =>
        set.forbids.length > 0 && judgement.forbids.length === 0 ? { ...judgement, commons: ["common/implied"] } : judgement,
    }),
  },
});

/** Everything open but for the forbids. */
const openButForForbids = (set: PolicySet): PolicySet => ({
  ...set,
  zones: set.zones.map((zone) => ({ ...zone, inside: "open" as const })),
  conduits: [{ ...anywhere, name: "conduit/all" }],
  commons: [{ ...anywhere, name: "common/all" }],
  exceptions: [],
});
const anywhere = {
  ...fc.sample(arbitraryRule("common"), { numRuns: 1, seed: 1 })[0]!,
  from: [{ kind: "anyone" as const }],
  to: [{ kind: "anyone" as const }],
  over: ["any"],
  services: [{ protocol: null, low: 0, high: 65535 }],
  where: [],
  start: null,
  end: null,
};

law({
  sentence: "law 4: an exception never outweighs a forbid",
  property: (ask) =>
    fc.property(
      arbitraryWorld,
      fc.array(arbitraryException, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      ({ set, inventory, questions }, exceptions, isWide) => {
        const additions = isWide ? exceptions.map((one) => ({ ...one, rule: { ...anywhere, where: one.rule.where } })) : exceptions;
        const excepted = additions.reduce(added, set);
        const [before, after, alone] = [ask(set, inventory), ask(excepted, inventory), ask(openButForForbids(set), inventory)];
        for (const question of questions) {
          const denied = before(question);
          if (denied.layer !== "forbid") continue;
          const excused = after(question);
          const isBlocked = alone(question).effect === "block";
          expectSame({ ...denied, effect: isBlocked ? "block" : excused.effect }, excused);
        }
      },
    ),
  broken: {
    "forbids are looked at after the architects' exceptions": brokenDecide({
      judgement: (judgement) => (judgement.exceptions.length > 0 ? { ...judgement, forbids: [] } : judgement),
    }),
    "an exception in a policy file lifts a forbid": brokenDecide({
      judgement: (judgement) => ([...judgement.server.exceptions, ...judgement.client.exceptions].length > 0 ? { ...judgement, forbids: [] } : judgement),
    }),
    "on the wire a forbid gives way to an exception": brokenDecide({
      denials: (denials, { judgement: { exceptions } }) => (exceptions.length > 0 ? [] : denials),
    }),
    "a server's owner may permit what is forbidden": brokenDecide({
      judgement: (judgement) => (anyOf(judgement.server) && judgement.server.exceptions.length > 0 ? { ...judgement, forbids: [] } : judgement),
    }),
  },
});
