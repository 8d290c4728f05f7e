import fc from "fast-check";
import { expect } from "vitest";
import type { PolicySet, Stage, Stages } from "../../model/policy-set.ts";
import { brokenDecide } from "../testing/broken-decide.ts";
import { expectNothingLetIn, expectSame, law } from "../testing/law.ts";
import { arbitraryWorld } from "../testing/random-world.ts";
import { somewhere } from "../testing/small-pools.ts";
import { boundaryNames, stagesAt } from "../testing/stages-at.ts";

interface Dial {
  readonly dial: "boundary" | "inside" | "in" | "out";
  readonly turn: number;
}

/** The set with one stage of one zone or segment at what `change` makes of it. */
function withStage(set: PolicySet, { dial, turn }: Dial, change: (stage: Stage) => Stage): PolicySet {
  const { zones, segments } = set.stages;
  if (dial === "boundary" || dial === "inside") {
    const names = boundaryNames(set);
    const name = names[turn % names.length]!;
    const known = zones.find((one) => one.name === name) ?? { name, boundary: null, inside: null, at: somewhere };
    return { ...set, stages: { segments, zones: [...zones.filter((one) => one !== known), { ...known, [dial]: change(known[dial] ?? "observe") }] } };
  }
  const name = set.policies[turn % Math.max(1, set.policies.length)]?.name;
  if (name === undefined) return set;
  const known = segments.find((one) => one.name === name) ?? { name, in: null, out: null, at: somewhere };
  return { ...set, stages: { zones, segments: [...segments.filter((one) => one !== known), { ...known, [dial]: change(known[dial] ?? "observe") }] } };
}

const next: Readonly<Record<Stage, Stage>> = { observe: "warn", warn: "enforce", enforce: "enforce" };
const raising = fc.record({ dial: fc.constantFrom<Dial["dial"]>("boundary", "inside", "in", "out"), turn: fc.nat(4), isLast: fc.boolean() });

law({
  sentence: "law 23: raising a stage never lets traffic in",
  property: (ask) =>
    fc.property(arbitraryWorld, fc.array(raising, { minLength: 2, maxLength: 4 }), ({ set, inventory, questions }, raises) => {
      for (const { isLast, ...dial } of raises) {
        // Somewhere on the way, or the last step, after which everything enforces.
        const low = isLast ? withStage({ ...set, stages: stagesAt(set, "enforce") }, dial, () => "observe") : set;
        const high = withStage(low, dial, (stage) => (isLast ? "enforce" : next[stage]));
        const [before, after] = [ask(low, inventory), ask(high, inventory)];
        for (const question of questions) {
          const [was, is] = [before(question), after(question)];
          expectNothingLetIn(was, is);
          expectSame({ ...was, effect: "pass" }, { ...is, effect: "pass" });
        }
      }
    }),
  broken: {
    "a server whose segment enforces, with or without a point, relieves its clients": brokenDecide({
      denials: (denials) =>
        denials.some(({ layer, stage }) => layer === "segment-server" && stage === "enforce")
          ? denials.filter(({ layer }) => layer !== "segment-client")
          : denials,
    }),
    "only the strictest layer is looked at": brokenDecide({
      denials: (denials) => {
        const first = denials.find(({ stage }) => stage === "enforce")?.layer ?? denials[0]?.layer;
        return denials.filter(({ layer }) => layer === first);
      },
    }),
  },
});

const observed: Stages = { zones: [], segments: [] };
law({
  sentence: "law 23: `observe` everywhere blocks nothing but quarantine",
  property: (ask) =>
    fc.property(arbitraryWorld, fc.constantFrom<Stage | null>(null, "observe", "warn"), ({ set, inventory, questions }, stage) => {
      const answer = ask({ ...set, stages: stage === null ? observed : stagesAt(set, stage) }, inventory);
      for (const question of questions) {
        const { effect, by } = answer(question);
        if (effect === "block" && !by.some((name) => name.startsWith("quarantine/"))) expect(by).toContain("a quarantine");
      }
    }),
  broken: {
    "forbids enforce at once": brokenDecide({ denials: (denials) => denials.map((one) => (one.layer === "forbid" ? { ...one, stage: "enforce" } : one)) }),
    "a closed zone enforces by itself": brokenDecide({
      denials: (denials, { matter: { server } }) =>
        server.isGuarded && server.policy === null ? denials.map((one) => (one.layer === "segment-server" ? { ...one, stage: "enforce" } : one)) : denials,
    }),
    "`warn` blocks": brokenDecide({ denials: (denials) => denials.map((one) => (one.stage === "warn" ? { ...one, stage: "enforce" } : one)) }),
    "a closed egress enforces by itself": brokenDecide({
      denials: (denials) => denials.map((one) => (one.layer === "egress" ? { ...one, stage: "enforce" } : one)),
    }),
  },
});

law({
  sentence: "what the policy allows is never blocked, whatever the stages",
  property: (ask) =>
    fc.property(arbitraryWorld, ({ set, inventory, questions }) => {
      const answer = ask({ ...set, stages: stagesAt(set, "enforce") }, inventory);
      for (const question of questions) {
        const { verdict, effect } = answer(question);
        if (verdict === "allow" && effect !== "pass") expect(effect).toBe("pass");
      }
    }),
  broken: {
    "a client out of its segment needs a rule of its own, always": brokenDecide({
      denials: (denials, { matter: { client }, judgement: { client: own } }) =>
        client.isGuarded && own.allows.length + own.exceptions.length === 0
          ? [...denials, { layer: "egress", end: "client", stage: "enforce", hasPoint: true }]
          : denials,
    }),
  },
});
