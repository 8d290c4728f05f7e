import { byCodePoint } from "../base/order.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { World } from "../decide/world.ts";
import type { Flow } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { outcomeOfAnswer } from "./outcome.ts";
import { type Meaning, type Names, type PairTally, pairTallies } from "./pair-tallies.ts";
import { type Counted, type Gap, type LayerStatement, type Outcome, outcomes, type PairStatement, type RuleStatement, type Simulation } from "./simulation.ts";
import { addFlow, countedOf, gapsWithin, type Tally, tallyFor } from "./tally.ts";

/** The statements while they grow. */
export interface Book {
  /** Counts a flow in every statement that it is about, once in each; null is an answer that changed and can be told apart no further. */
  count(flow: Flow, names: Names, answer: Answer | null): void;
  statements(): Pick<Simulation, "gaps" | "totals" | "pairs" | "rules" | "layers" | "unused" | "blind">;
}

type Keyed<Key> = Map<string, { readonly key: Key; readonly tally: Tally }>;

/** What equal answers have in common, found once: their meaning, and the statements that all their flows count in. */
interface Line {
  readonly number: number;
  readonly meaning: Meaning;
  readonly isBlocked: boolean;
  readonly tallies: readonly Tally[];
}

/** Every statement of a simulation under the policy of a world. */
export function bookOf(world: World, gaps: readonly Gap[]): Book {
  const totals: Keyed<Outcome> = new Map();
  const rules: Keyed<Pick<RuleStatement, "rule" | "outcome">> = new Map();
  const layers: Keyed<Pick<LayerStatement, "layer" | "outcome">> = new Map();
  const pairs = pairTallies();
  const lines = new Map<Answer | null, Line>();

  function lineOf(answer: Answer | null, flow: Flow): Line {
    const known = lines.get(answer);
    if (known !== undefined) return known;
    const meaning: Meaning = { outcome: outcomeOfAnswer(answer), layer: answer?.layer ?? "changing", by: answer?.by ?? [] };
    const { outcome, layer, by } = meaning;
    const tallies = [tallyIn(totals, outcome, flow), tallyIn(layers, { layer, outcome }, flow)];
    if (layer !== "contested") tallies.push(...by.map((rule) => tallyIn(rules, { rule, outcome }, flow)));
    const line = { number: pairs.numberOf(meaning), meaning, isBlocked: answer?.effect === "block", tallies };
    lines.set(answer, line);
    return line;
  }

  return {
    count(flow, names, answer) {
      const line = lineOf(answer, flow);
      for (const tally of line.tallies) addFlow(tally, flow, line.isBlocked);
      addFlow(pairs.of(names, line.meaning, line.number, flow), flow, line.isBlocked);
    },
    statements() {
      const ordered = <Key>(keyed: Keyed<Key>): readonly (readonly [Key, Counted])[] =>
        [...keyed].sort(([a], [b]) => byCodePoint(a, b)).map(([, { key, tally }]) => [key, countedOf(world, tally, gaps)]);
      const named = <Key extends object>(keyed: Keyed<Key>): readonly (Key & Counted)[] => ordered(keyed).map(([key, counted]) => ({ ...key, ...counted }));
      const found = new Map(ordered(totals));
      const spans = [...totals.values()].flatMap(({ tally }) => gapsWithin(gaps, tally));
      return {
        gaps: gaps.filter((gap) => spans.includes(gap)),
        totals: Object.fromEntries(outcomes.map((outcome) => [outcome, found.get(outcome) ?? null])) as Record<Outcome, Counted | null>,
        pairs: pairs.sorted().map((pair) => pairStatement(pair, countedOf(world, pair.tally, gaps))),
        rules: named(rules),
        layers: named(layers),
        ...silentRules(world, new Set([...rules.values()].map(({ key }) => key.rule))),
      };
    },
  };
}

// One literal: an object that begins with a spread is ten times as slow to make, and there are tens of thousands.
function pairStatement({ names, meaning }: PairTally, counted: Counted): PairStatement {
  return {
    from: names.from,
    to: names.to,
    service: names.service,
    outcome: meaning.outcome,
    layer: meaning.layer,
    by: meaning.by,
    connections: counted.connections,
    answered: counted.answered,
    unanswered: counted.unanswered,
    untold: counted.untold,
    blocked: counted.blocked,
    first: counted.first,
    last: counted.last,
    observed: counted.observed,
    records: counted.records,
  };
}

function tallyIn<Key>(keyed: Keyed<Key>, key: Key, flow: Flow): Tally {
  const text = JSON.stringify(key);
  const one = keyed.get(text) ?? { key, tally: tallyFor(flow) };
  keyed.set(text, one);
  return one.tally;
}

/** The rules that determined nothing, and those that no flow record can speak for. */
function silentRules(world: World, used: ReadonlySet<string>): Pick<Simulation, "unused" | "blind"> {
  const every = everyRule(world.set);
  return {
    unused: every
      .map(({ name }) => name)
      .filter((name) => !used.has(name))
      .sort(byCodePoint),
    blind: every
      .filter(({ where }) => where.some(({ kind }) => kind !== "tier"))
      .map(({ name }) => name)
      .sort(byCodePoint),
  };
}
