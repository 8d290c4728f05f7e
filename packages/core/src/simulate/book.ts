import { areEqual } from "../base/lists.ts";
import { byCodePoint } from "../base/order.ts";
import { everyRule } from "../decide/every-rule.ts";
import { demandsFacts } from "../decide/match.ts";
import type { World } from "../decide/world.ts";
import type { Flow } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { outcomeOfAnswer } from "./outcome.ts";
import { type Meaning, type Names, type PairTally, pairTallies } from "./pair-tallies.ts";
import { type Counted, type Gap, type LayerStatement, type Outcome, outcomes, type PairStatement, type RuleStatement, type Simulation } from "./simulation.ts";
import { addFlow, addTally, countedOf, type Example, gapsWithin, type Tally, tallyFor } from "./tally.ts";

/** The statements while they grow. */
export interface Book {
  /** Counts a flow; null is an answer that changed and can be told apart no further. */
  count(flow: Flow, names: Names, of: { readonly answer: Answer | null; readonly segments: readonly string[] }): void;
  /** Counts what another book of the same policy has. */
  add(pairs: readonly PairTally[]): void;
  pairs(): readonly PairTally[];
  statements(gaps: readonly Gap[]): Pick<Simulation, "gaps" | "totals" | "pairs" | "rules" | "layers" | "segments" | "unused" | "blind">;
}

type Keyed<Key> = Map<string, { readonly key: Key; readonly tally: Tally }>;

/** What equal answers about the same segments have in common, found once. */
interface Line {
  readonly number: number;
  readonly meaning: Meaning;
  readonly isBlocked: boolean;
}

/** Everything that is counted under the policy of a world. One number is kept for each pair, service and meaning; all statements are sums of them. */
export function bookOf(world: World): Book {
  const pairs = pairTallies();
  const lines = new Map<Answer | null, Map<readonly string[], Line>>();

  function lineOf(answer: Answer | null, segments: readonly string[]): Line {
    let ofAnswer = lines.get(answer);
    if (ofAnswer === undefined) lines.set(answer, (ofAnswer = new Map()));
    const known = ofAnswer.get(segments);
    if (known !== undefined) return known;
    const meaning: Meaning = { outcome: outcomeOfAnswer(answer), layer: answer?.layer ?? "changing", by: answer?.by ?? [], segments };
    const line = { number: pairs.numberOf(meaning), meaning, isBlocked: answer?.effect === "block" };
    ofAnswer.set(segments, line);
    return line;
  }

  return {
    count(flow, names, { answer, segments }) {
      const { meaning, number, isBlocked } = lineOf(answer, segments);
      addFlow(pairs.of(names, meaning, number, flow), flow, isBlocked);
    },
    add(others) {
      // What is one meaning is one object there.
      const numbers = new Map<Meaning, number>();
      for (const { names, meaning, tally } of others) {
        const number = numbers.get(meaning) ?? pairs.numberOf(meaning);
        numbers.set(meaning, number);
        addTally(pairs.of(names, meaning, number, tally.example), tally);
      }
    },
    pairs: () => pairs.sorted(),
    statements: (gaps) => statementsOf(world, pairs.sorted(), gaps),
  };
}

function statementsOf(world: World, pairs: readonly PairTally[], gaps: readonly Gap[]): ReturnType<Book["statements"]> {
  const totals: Keyed<Outcome> = new Map();
  const rules: Keyed<Pick<RuleStatement, "rule" | "outcome">> = new Map();
  const layers: Keyed<Pick<LayerStatement, "layer" | "outcome">> = new Map();
  const segments: Keyed<{ readonly segment: string; readonly outcome: Outcome }> = new Map();
  // Pairs of one meaning, of which there are few, count in the same sums.
  const sums = new Map<Meaning, readonly Tally[]>();
  const sumsOf = (meaning: Meaning, { example }: Tally): readonly Tally[] => {
    const { outcome, layer, by } = meaning;
    const all = [tallyIn(totals, outcome, example), tallyIn(layers, { layer, outcome }, example)];
    if (layer !== "contested") all.push(...by.map((rule) => tallyIn(rules, { rule, outcome }, example)));
    all.push(...(meaning.segments ?? []).map((segment) => tallyIn(segments, { segment, outcome }, example)));
    sums.set(meaning, all);
    return all;
  };
  for (const { meaning, tally } of pairs) for (const sum of sums.get(meaning) ?? sumsOf(meaning, tally)) addTally(sum, tally);
  const counted = (tally: Tally | undefined): Counted | null => (tally === undefined ? null : countedOf(world, tally, gaps));
  const ordered = <Key extends object>(keyed: Keyed<Key>): readonly (Key & Counted)[] =>
    [...keyed].sort(([a], [b]) => byCodePoint(a, b)).map(([, { key, tally }]) => ({ ...key, ...countedOf(world, tally, gaps) }));
  const byOutcome = (of: (outcome: Outcome) => Tally | undefined) =>
    Object.fromEntries(outcomes.map((outcome) => [outcome, counted(of(outcome))])) as Simulation["totals"];
  const spans = [...totals.values()].flatMap(({ tally }) => gapsWithin(gaps, tally));
  return {
    gaps: gaps.filter((gap) => spans.includes(gap)),
    totals: byOutcome((outcome) => totals.get(JSON.stringify(outcome))?.tally),
    pairs: joined(pairs).map((pair) => pairStatement(pair, countedOf(world, pair.tally, gaps))),
    rules: ordered(rules),
    layers: ordered(layers),
    segments: world.set.policies
      .map(({ name }) => name)
      .sort(byCodePoint)
      .map((segment) => ({ segment, totals: byOutcome((outcome) => segments.get(JSON.stringify({ segment, outcome }))?.tally) })),
    ...silentRules(world, new Set([...rules.values()].map(({ key }) => key.rule))),
  };
}

function tallyIn<Key>(keyed: Keyed<Key>, key: Key, example: Example): Tally {
  const text = JSON.stringify(key);
  const one = keyed.get(text) ?? { key, tally: tallyFor(example) };
  keyed.set(text, one);
  return one.tally;
}

/** What differs by segments only is one statement: it stands side by side. */
function joined(pairs: readonly PairTally[]): readonly PairTally[] {
  const found: PairTally[] = [];
  for (const pair of pairs) {
    const last = found.at(-1);
    if (last === undefined || !isOneStatement(last, pair)) found.push(pair);
    else {
      const tally = tallyFor(last.tally.example);
      addTally(tally, last.tally);
      addTally(tally, pair.tally);
      found[found.length - 1] = { ...last, tally };
    }
  }
  return found;
}

const isOneStatement = (a: PairTally, b: PairTally): boolean =>
  a.names.from === b.names.from &&
  a.names.to === b.names.to &&
  a.names.service === b.names.service &&
  a.meaning.outcome === b.meaning.outcome &&
  a.meaning.layer === b.meaning.layer &&
  areEqual(a.meaning.by, b.meaning.by);

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
    attempts: counted.attempts,
    untold: counted.untold,
    blocked: counted.blocked,
    first: counted.first,
    last: counted.last,
    observed: counted.observed,
    records: counted.records,
  };
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
      .filter(demandsFacts)
      .map(({ name }) => name)
      .sort(byCodePoint),
  };
}
