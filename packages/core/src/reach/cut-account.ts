import { fewestBetween } from "./cut-between.ts";
import { aloneRules, type CutRules, cutRules } from "./cut-rules.ts";
import { fewestSteps } from "./cut-steps.ts";
import type { Graph } from "./graph.ts";
import type { Parted } from "./parted.ts";
import { type StepAccount, stepAccount, type Telling } from "./step-account.ts";
import { chokePoints, shortestWay } from "./steps.ts";
import type { Sides } from "./whom.ts";

/** What would part one side from the other. */
export interface CutAccount {
  /** The fewest steps between classes, those nearest to where ways end; null where more would be needed than are looked for. */
  readonly steps: { readonly count: number; readonly shown: readonly StepAccount[] } | null;
  /** The rules that those steps rest on; null where one of them rests on none, and on the wire, where what passes may rest on none. */
  readonly rules: CutRules | null;
  /** Each of these rules alone, in the order of a shortest way: without it, no way was left when that was tried; null where too many would have to be tried, and on the wire. */
  readonly aloneRules: readonly string[] | null;
  /** Each of these alone is on every way. */
  readonly chokePoints: readonly string[];
  /** The fewest in between without whom no way is left; `next` where a step leads there, `more` where more would be needed than are looked for. */
  readonly between: { readonly kind: "cut"; readonly names: readonly string[] } | { readonly kind: "next" | "more" };
}

// A longer list is for machines, and they can ask again.
const shownMost = 50;

/** Finds the fewest steps, and the fewest in between, without which nobody of `from` reaches `to`. */
export function cutAccount(telling: Telling, graph: Graph, { parted, sides }: { readonly parted: Parted; readonly sides: Sides }): CutAccount {
  const [steps, between] = [fewestSteps(graph, parted), fewestBetween(graph, parted)];
  const { names } = telling;
  const asked = { sides, isThroughAddresses: parted.through === null };
  return {
    steps:
      steps.kind === "more" ? null : { count: steps.by.length, shown: steps.by.slice(0, shownMost).map(([one, other]) => stepAccount(telling, one, other)) },
    rules: steps.kind === "more" || telling.basis === "wire" ? null : cutRules(telling, steps.by, asked),
    aloneRules: telling.basis === "wire" ? null : aloneRules(telling, shortestWay(graph, parted) ?? [], asked),
    chokePoints: chokePoints(graph, parted).map(names.of),
    between: between.kind === "cut" ? { kind: "cut", names: between.by.map(names.of) } : { kind: between.kind },
  };
}
