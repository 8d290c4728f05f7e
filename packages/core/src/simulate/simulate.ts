import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { addedUp, type Engine, type SecondEngine } from "../decide/second-engine.ts";
import type { World } from "../decide/world.ts";
import { groupingBy, type Labelled } from "../map/group.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow } from "../model/flow.ts";
import type { Answer } from "../model/question.ts";
import { changesOf, changesWithin, type Stretch, stretchesOf } from "../decide/stretches.ts";
import { flowJudge } from "./flow-judge.ts";
import { flowsRechecking } from "./flows-recheck.ts";
import { bookOf } from "./book.ts";
import type { Page } from "./page.ts";
import type { Names } from "./pair-tallies.ts";
import { segmentsOfFlow } from "./segments-of-flow.ts";
import type { Gap, Simulation, Spanning } from "./simulation.ts";
import { isSame, steadyAnswer } from "./steady-answer.ts";

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
  /** Ends a part and says what was counted in it. */
  turn(): Page;
  /** Counts a part that an earlier simulation of the same question has said. */
  addPage(page: Page): void;
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
  const segmentsOf = segmentsOfFlow(world);
  const parts = partsOf(world, options);

  const namesOf = (flow: Flow): Names => ({ from: grouping.of(flow.client), to: grouping.of(flow.server), service: serviceText(flow) });
  const count = (flow: Flow, answer: Answer | null): void => {
    const { book, again } = parts.open();
    book.count(flow, namesOf(flow), { answer, segments: segmentsOf(flow) });
    if (answer !== null) again.publish(flow, flow.first, answer);
  };

  return {
    add(flow) {
      const answer = steadyAnswer(judge, changes, flow);
      if (answer === null) return false;
      count(flow, answer);
      return true;
    },
    addWithin(flow, { until }) {
      const [{ first, last }, answer] = [flow, judge(flow, flow.first)];
      count(flow, answer);
      if (first === null || last === null || until === null || last < until) return;
      const later = [...changesWithin(changes, first, last), last].map((at) => ({ at, answer: judge(flow, at) }));
      if (later.every((one) => isSame(one.answer, answer))) return;
      const names = { ...namesOf(flow), segments: segmentsOf(flow) };
      const denied = later.find((one) => one.answer.verdict === "deny") ?? null;
      parts.open().spanning.push({ ...names, connections: flow.connections, began: { at: first, answer }, denied, ended: later.at(-1)! });
    },
    addChanging: (flow) => count(flow, null),
    stretches(first, last) {
      return stretchesOf(changesWithin(changes, first, last));
    },
    addPage: parts.add,
    turn: parts.turn,
    result: () => ({ since: options.since ?? null, until: options.until ?? null, by, ...parts.result() }),
  };
}

// Days of a month: together their samples are one of the usual size. A day does not know how many others there are.
const partsUsual = 30;

/** What is counted, part by part: the open one grows, the others are added up. */
function partsOf(world: World, { gaps = [], engine }: SimulateOptions) {
  const whole = bookOf(world);
  const [spanning, engines]: readonly [Spanning[], SecondEngine[]] = [[], []];
  const begun = () => ({ book: bookOf(world), again: flowsRechecking(world, null, partsUsual), spanning: [] as Spanning[] });
  let open = begun();
  const closed = (): Page => ({ pairs: open.book.pairs(), spanning: inOrder(open.spanning), secondEngine: open.again.result(engine) });
  const add = (page: Page): void => {
    whole.add(page.pairs);
    for (const one of page.spanning) spanning.push(one);
    engines.push(page.secondEngine);
  };
  return {
    open: () => open,
    add,
    turn() {
      const page = closed();
      open = begun();
      add(page);
      return page;
    },
    result() {
      if (engines.length > 0) return { ...whole.statements(gaps), spanning, secondEngine: addedUp(engines) };
      const { spanning: own, secondEngine } = closed();
      return { ...open.book.statements(gaps), spanning: own, secondEngine };
    },
  };
}

// An archive gives flows in any order.
const inOrder = (spanning: readonly Spanning[]): readonly Spanning[] =>
  [...spanning].sort((a, b) => a.began.at - b.began.at || byCodePoint(JSON.stringify(a), JSON.stringify(b)));
