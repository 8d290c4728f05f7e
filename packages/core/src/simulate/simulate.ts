import type { Instant } from "../base/instant.ts";
import type { Engine } from "../decide/second-engine.ts";
import type { World } from "../decide/world.ts";
import { groupingBy, type Labelled } from "../map/group.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { changesOf, stretchAt } from "./changes.ts";
import { flowJudge } from "./flow-judge.ts";
import { flowsRechecking } from "./flows-recheck.ts";
import { bookOf } from "./book.ts";
import type { Names } from "./pair-tallies.ts";
import type { Gap, Simulation, Spanning } from "./simulation.ts";

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
  /** `decide`, unless a test wants to know that a disagreement is found. */
  readonly engine?: Engine | undefined;
}

/** Begins a simulation of recorded traffic under the policy of a world. */
export function simulating(world: World, workloads: Iterable<Labelled>, options: SimulateOptions = {}): Simulating {
  const changes = changesOf(world.set);
  const judge = flowJudge(world);
  const by = options.by ?? ["app", "env", "role"];
  const grouping = groupingBy(by, workloads, options.broadcast ?? new Set());
  const book = bookOf(world, options.gaps ?? []);
  const again = flowsRechecking(world);
  const spanning: Spanning[] = [];

  const namesOf = (flow: Flow): Names => ({ from: grouping.of(flow.client), to: grouping.of(flow.server), service: serviceText(flow) });
  const count = (flow: Flow, answer: Answer | null): void => {
    book.count(flow, namesOf(flow), answer);
    if (answer !== null) again.publish(flow, flow.first, answer);
  };

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
    result: () => ({
      since: options.since ?? null,
      until: options.until ?? null,
      by,
      ...book.statements(),
      spanning,
      secondEngine: again.result(options.engine),
    }),
  };
}

/** The instants that stand for all of a flow: its first, and each change up to its last. */
function instantsOf({ first, last }: Flow, changes: readonly Instant[]): readonly (Instant | null)[] {
  if (first === null || last === null) return [first];
  return [first, ...changes.slice(stretchAt(changes, first), stretchAt(changes, last))];
}

const isSame = (a: Answer, b: Answer): boolean =>
  a.verdict === b.verdict && a.layer === b.layer && a.effect === b.effect && a.by.length === b.by.length && a.by.every((name, at) => name === b.by[at]);
