import fc from "fast-check";
import { day, minute } from "../../base/instant.ts";
import type { PolicySet, Rule } from "../../model/policy-set.ts";
import type { Facts } from "../../model/question.ts";
import { brokenDecide } from "../testing/broken-decide.ts";
import { changedRules, rulesIn } from "../testing/changed-set.ts";
import { rejudgedWith } from "../testing/rejudged.ts";
import { expectNothingLetIn, expectSame, law } from "../testing/law.ts";
import { arbitraryFacts } from "../testing/random-inventory.ts";
import { arbitraryFactDemand } from "../testing/random-rule.ts";
import { arbitraryWorld } from "../testing/random-world.ts";
import { borders } from "../testing/small-pools.ts";
import { isMet } from "../match.ts";

const withRule = (set: PolicySet, name: string, change: (rule: Rule) => Rule | null): PolicySet =>
  changedRules(set, (rule) => (rule.name === name ? change(rule) : rule));

const endsMovedBy = (micros: number) =>
  brokenDecide({ set: (set) => changedRules(set, (rule) => ({ ...rule, end: rule.end === null ? null : rule.end + micros })) });

law({
  sentence: "law 5: a rule ends exactly at its end",
  property: (ask) =>
    fc.property(arbitraryWorld, fc.nat(), fc.constantFrom(...borders), ({ set, inventory, questions }, turn, end) => {
      const rules = rulesIn(set);
      const one = rules[turn % Math.max(1, rules.length)];
      if (one === undefined) return;
      const { name } = one.rule;
      const ending = ask(
        withRule(set, name, (rule) => ({ ...rule, start: null, end })),
        inventory,
      );
      const endless = ask(
        withRule(set, name, (rule) => ({ ...rule, start: null, end: null })),
        inventory,
      );
      const starting = ask(
        withRule(set, name, (rule) => ({ ...rule, start: end, end: null })),
        inventory,
      );
      const without = ask(
        withRule(set, name, () => null),
        inventory,
      );
      for (const question of questions) {
        const [last, first] = [
          { ...question, at: end - 1 },
          { ...question, at: end },
        ];
        expectSame(endless(last), ending(last));
        expectSame(without(first), ending(first));
        expectSame(without(last), starting(last));
        expectSame(endless(first), starting(first));
      }
    }),
  broken: {
    "the end is inclusive": endsMovedBy(1),
    "a rule ends a microsecond early": endsMovedBy(-1),
    "a rule ends with its day": endsMovedBy(day),
    "time is rounded to minutes": brokenDecide({
      judgement: (_, matter, world) => rejudgedWith({ ...matter, at: Math.round(matter.at / minute) * minute }, world, (rule) => rule),
    }),
    "the end of an exception is a reminder": brokenDecide({
      set: (set) => changedRules(set, (rule, place) => (place === "exceptions" || place === "own-exceptions" ? { ...rule, end: null } : rule)),
    }),
  },
});

const factNames = ["encrypted", "function", "process", "user", "name"] as const;

/** A world most of whose rules demand facts, and questions that carry them. */
const demandingWorld = fc
  .tuple(arbitraryWorld, fc.array(arbitraryFactDemand, { minLength: 1, maxLength: 3 }), fc.array(arbitraryFacts, { minLength: 1, maxLength: 3 }))
  .map(([{ set, inventory, questions }, demands, facts]) => {
    let turn = 0;
    const next = () => demands.slice((turn += 1) % (demands.length + 1)).slice(0, 1);
    return {
      set: changedRules(set, (rule) => ({ ...rule, where: next() })),
      inventory,
      questions: questions.flatMap((question) => facts.map((known) => ({ ...question, facts: known }))),
    };
  });

law({
  sentence: "law 24: making a known fact unknown never lets traffic in",
  property: (ask) =>
    fc.property(demandingWorld, fc.subarray([...factNames], { minLength: 1 }), fc.boolean(), ({ set, inventory, questions }, lost, isNull) => {
      const answer = ask(set, inventory);
      for (const question of questions) expectNothingLetIn(answer(question), answer({ ...question, facts: without(question.facts, lost, isNull) }));
    }),
  broken: {
    "an unknown fact counts as met in an allow": brokenDecide({
      judgement: (judgement, matter, world) => ({
        ...rejudgedWith(matter, world, (rule) => ({ ...rule, where: rule.where.filter((demand) => isMet(demand, matter) !== "unknown") })),
        forbids: judgement.forbids,
      }),
    }),
    "a forbid matches only if all its demands are met": brokenDecide({
      judgement: (judgement, matter, world) => ({
        ...judgement,
        forbids: rejudgedWith(matter, world, (rule) => (rule.where.some((demand) => isMet(demand, matter) === "unknown") ? { ...rule, services: [] } : rule))
          .forbids,
      }),
    }),
    "a question without facts meets every demand": brokenDecide({
      judgement: (judgement, matter, world) =>
        Object.keys(matter.facts).length === 0 ? rejudgedWith(matter, world, (rule) => ({ ...rule, where: [] })) : judgement,
    }),
  },
});

function without(facts: Facts, lost: readonly (typeof factNames)[number][], isNull: boolean): Facts {
  const left: Record<string, unknown> = { ...facts };
  for (const name of lost) {
    if (isNull && name in left) left[name] = null;
    else delete left[name];
  }
  return left;
}
