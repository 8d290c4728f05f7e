import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { World } from "../decide/world.ts";
import { groupingBy, type Labelled } from "../map/group.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow } from "../model/flow.ts";
import type { Answer, Layer } from "../model/question.ts";
import { changesOf, stretchAt } from "./changes.ts";
import { flowJudge } from "./flow-judge.ts";
import { type Counted, type Gap, type Outcome, outcomes, type Simulation, type Spanning } from "./simulation.ts";
import { addFlow, countedOf, gapsWithin, type Tally, tallyFor } from "./tally.ts";

/** A stretch of time without a change of rules; null is open. */
export interface Stretch {
  readonly since: Instant | null;
  readonly until: Instant | null;
}

/** A simulation while it runs: flows go in by portions, statements come out. Memory grows with the statements, not with the flows. */
export interface Simulating {
  /**
   * Judges a flow by its first instant. Where rules start or end between its first and last conversation and its answer changes with them,
   * nothing is counted and false comes back: its conversations must come again, a stretch at a time.
   */
  add(flow: Flow): boolean;
  /** Judges the conversations of a flow that began within one stretch; what was still open under another answer is listed. */
  addWithin(flow: Flow, stretch: Stretch): void;
  /** Counts as unknown what can be told apart no further. */
  addChanging(flow: Flow): void;
  /** The stretches in which conversations between two instants begin. */
  stretches(first: Instant, last: Instant): readonly Stretch[];
  result(): Simulation;
}

export interface SimulateOptions {
  /** Label keys of the groups; `app`, `env`, `role` when nothing else is asked. */
  readonly by?: readonly string[];
  readonly since?: Instant | null;
  readonly until?: Instant | null;
  /** Addresses that stand for many receivers. */
  readonly broadcast?: ReadonlySet<string>;
  /** Declared by those who run the sensors. */
  readonly gaps?: readonly Gap[];
}

/** Begins a simulation of recorded traffic under the policy of a world. */
export function simulating(world: World, workloads: Iterable<Labelled>, options: SimulateOptions = {}): Simulating {
  const changes = changesOf(world.set);
  const judge = flowJudge(world);
  const by = options.by ?? ["app", "env", "role"];
  const grouping = groupingBy(by, workloads, options.broadcast ?? new Set());
  const book = bookOf(world, options.gaps ?? []);
  const spanning: Spanning[] = [];

  const namesOf = (flow: Flow) => ({ from: grouping.of(flow.client), to: grouping.of(flow.server), service: serviceText(flow) });
  const count = (flow: Flow, answer: Answer | null): void => book.count(flow, namesOf(flow), answer);

  return {
    add(flow) {
      const answers = instantsOf(flow, changes).map((at) => judge(flow, at));
      if (answers.some((answer) => !isSame(answer, answers[0]!))) return false;
      count(flow, answers[0]!);
      return true;
    },
    addWithin(flow, { until }) {
      const [{ first, last }, answer] = [flow, judge(flow, flow.first)];
      count(flow, answer);
      if (first === null || last === null || until === null || last < until) return;
      const ended = judge(flow, last);
      if (!isSame(ended, answer))
        spanning.push({ ...namesOf(flow), connections: flow.connections, began: { at: first, answer }, ended: { at: last, answer: ended } });
    },
    addChanging: (flow) => count(flow, null),
    stretches(first, last) {
      const inner = changes.slice(stretchAt(changes, first), stretchAt(changes, last));
      return [null, ...inner].map((since, at) => ({ since, until: inner[at] ?? null }));
    },
    result: () => ({ since: options.since ?? null, until: options.until ?? null, by, ...book.statements(), spanning }),
  };
}

/** The instants that stand for all of a flow: its first, and each change up to its last. */
function instantsOf({ first, last }: Flow, changes: readonly Instant[]): readonly (Instant | null)[] {
  if (first === null || last === null) return [first];
  return [first, ...changes.slice(stretchAt(changes, first), stretchAt(changes, last))];
}

const isSame = (a: Answer, b: Answer): boolean =>
  a.verdict === b.verdict && a.layer === b.layer && a.effect === b.effect && a.by.length === b.by.length && a.by.every((name, at) => name === b.by[at]);

/** What an answer means for traffic; open is not the same as allowed by rule. */
export function outcomeOfAnswer(answer: Pick<Answer, "verdict" | "layer"> | null): Outcome {
  if (answer === null || answer.verdict === "unknown") return "unknown";
  if (answer.verdict === "deny") return "denied";
  return answer.layer === "open" ? "open" : "allowed";
}

type Keyed<Key> = Map<string, { readonly key: Key; readonly tally: Tally }>;
interface Names {
  readonly from: string;
  readonly to: string;
  readonly service: string;
}

/** Every statement, each counted once for each flow that it is about. */
function bookOf(world: World, gaps: readonly Gap[]) {
  const totals: Keyed<Outcome> = new Map();
  const pairs: Keyed<Names & { outcome: Outcome; layer: Layer | "changing"; by: readonly string[] }> = new Map();
  const rules: Keyed<{ rule: string; outcome: Outcome }> = new Map();
  const layers: Keyed<{ layer: Layer | "changing"; outcome: Outcome }> = new Map();
  const ordered = <Key>(all: Keyed<Key>): readonly (readonly [Key, Counted])[] =>
    [...all].sort(([a], [b]) => byCodePoint(a, b)).map(([, { key, tally }]) => [key, countedOf(world, tally, gaps)]);
  const named = <Key extends object>(all: Keyed<Key>): readonly (Key & Counted)[] => ordered(all).map(([key, counted]) => ({ ...key, ...counted }));
  return {
    count(flow: Flow, names: Names, answer: Answer | null): void {
      const outcome = outcomeOfAnswer(answer);
      const [layer, by] = [answer?.layer ?? "changing", answer?.by ?? []];
      const isBlocked = answer?.effect === "block";
      const put = <Key>(all: Keyed<Key>, key: Key): void => {
        const text = JSON.stringify(key);
        const known = all.get(text) ?? { key, tally: tallyFor(flow) };
        all.set(text, known);
        addFlow(known.tally, flow, isBlocked);
      };
      put(totals, outcome);
      put(pairs, { ...names, outcome, layer, by });
      put(layers, { layer, outcome });
      if (layer !== "contested") for (const rule of by) put(rules, { rule, outcome });
    },
    statements(): Pick<Simulation, "gaps" | "totals" | "pairs" | "rules" | "layers" | "unused" | "blind"> {
      const found = new Map(ordered(totals));
      const used = new Set([...rules.values()].map(({ key }) => key.rule));
      const all = everyRule(world.set);
      const spans = [...totals.values()].flatMap(({ tally }) => gapsWithin(gaps, tally));
      return {
        gaps: gaps.filter((gap) => spans.includes(gap)),
        totals: Object.fromEntries(outcomes.map((outcome) => [outcome, found.get(outcome) ?? null])) as Record<Outcome, Counted | null>,
        pairs: named(pairs),
        rules: named(rules),
        layers: named(layers),
        unused: all
          .map(({ name }) => name)
          .filter((name) => !used.has(name))
          .sort(byCodePoint),
        blind: all
          .filter(({ where }) => where.some(({ kind }) => kind !== "tier"))
          .map(({ name }) => name)
          .sort(byCodePoint),
      };
    },
  };
}
