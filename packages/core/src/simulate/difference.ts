import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { Engine, SecondEngine } from "../decide/second-engine.ts";
import { usualPoint } from "../decide/service-space.ts";
import type { World } from "../decide/world.ts";
import type { Labelled } from "../map/group.ts";
import type { Answer, Question } from "../model/question.ts";
import { type Comparison, comparisonOf } from "./difference-comparison.ts";
import { type During, instantIn } from "../decide/asked-ends.ts";
import type { Conditions } from "../decide/known-facts.ts";
import type { Block } from "./difference-lines.ts";
import type { Reach } from "./difference-reach.ts";
import { meetingOf } from "./difference-rows.ts";
import { servicesText } from "../decide/services-text.ts";
import { type DifferenceRechecking, differenceRechecking } from "./difference-recheck.ts";
import { type Ends, sidesOf } from "./difference-sides.ts";
import { type Cause, type Said, transitionIn } from "./difference-transition.ts";

/** `gained`: it is allowed, and was not. `lost`: it was, and is not. `unclear`: denied and unknown changed places. `wire`: only what points do changes. */
export type Change = "gained" | "lost" | "unclear" | "wire";

/** One change of access: the same for every one of its clients, servers, services, times and facts. */
export interface DifferenceLine {
  readonly change: Change;
  /** What it rests on; `rules` where both sides have the same people. */
  readonly cause: Cause;
  readonly before: Said;
  readonly after: Said;
  readonly from: Ends;
  readonly to: Ends;
  /** As policy text has them; `any` for all, `any other protocol` for those that no rule names. */
  readonly over: readonly string[];
  readonly times: readonly During[];
  /** Any of these has to be known; one empty one where nothing has. */
  readonly conditions: readonly Conditions[];
  /** A question that shows it, and what `decide` itself says to it. */
  readonly witness: { readonly question: Question; readonly before: Answer; readonly after: Answer };
}

/** The exact difference between two worlds, from an instant on. */
export interface Difference {
  readonly from: Instant | null;
  readonly lines: readonly DifferenceLine[];
  readonly reach: Reach;
  readonly secondEngine: SecondEngine;
  /** Why nothing can be said of some clients; empty where everything was compared. */
  readonly untold: readonly string[];
}

export interface DifferenceAsked {
  readonly before: World;
  readonly after: World;
  /** Only what is so from this instant on; null for all time. */
  readonly from: Instant | null;
  /** Label keys of the groups; `app`, `env`, `role` when nothing else is asked. */
  readonly by?: readonly string[];
  /** `decide`, unless a test wants to know that a disagreement is found. */
  readonly engine?: Engine;
}

/** Compares everything that can be asked of two worlds: classes of ends, intervals of services, stretches of time, kinds of facts. Nothing is sampled. */
export function differenceOf({ by = ["app", "env", "role"], ...compared }: DifferenceAsked): Difference {
  const { before, after, from } = compared;
  const comparison = comparisonOf(compared);
  const { classes, blocks, untold } = comparison;
  const workloads = new Map<string, Labelled>([...before.inventory.workloads, ...after.inventory.workloads].map((one) => [one.id, one]));
  const sides = kept(sidesOf(classes, { workloads: [...workloads.values()], by }));
  const again = differenceRechecking(compared);
  const lines = blocks.map((block) => lineOf({ comparison, sides, again }, block));
  return {
    from,
    lines: inOrder(lines),
    reach: comparison.reach(sides),
    secondEngine: again.result(comparison),
    untold: untold.length === 0 ? [] : sides(untold).parts.map((part) => `${part}: its rules demand more kinds of facts than can be gone through`),
  };
}

/** Names each list once: blocks share theirs. */
function kept(sides: (some: readonly number[]) => Ends): (some: readonly number[]) => Ends {
  const known = new WeakMap<readonly number[], Ends>();
  return (some) => {
    const ends = known.get(some) ?? sides(some);
    known.set(some, ends);
    return ends;
  };
}

interface Around {
  readonly comparison: Comparison;
  readonly sides: (some: readonly number[]) => Ends;
  readonly again: DifferenceRechecking;
}

function lineOf({ comparison, sides, again }: Around, block: Block): DifferenceLine {
  const { space, stretches } = comparison;
  const question = witnessOf(comparison, block);
  const said = transitionIn(block.transition);
  return {
    change: changeOf(said.before, said.after),
    ...said,
    from: sides(block.clients),
    to: sides(block.servers),
    over: servicesText(space, block.intervals),
    times: joined(block.times.map((time) => stretches[time]!)),
    conditions: block.conditions,
    witness: { question, ...again.ask(question, said) },
  };
}

function changeOf(before: Said, after: Said): Change {
  if (before.verdict === after.verdict) return "wire";
  if (after.verdict === "allow") return "gained";
  return before.verdict === "allow" ? "lost" : "unclear";
}

/** A question of a block that two members of its classes can ask. */
function witnessOf({ classes, space, stretches }: Comparison, { clients, servers, intervals, times, facts }: Block): Question {
  const meeting = meetingOf({ client: classes[clients[0]!]!, server: classes[servers[0]!]!, during: stretches[times[0]!]! });
  return { from: meeting!.from.text, to: meeting!.to.text, over: usualPoint(space, intervals), at: instantIn(meeting!.when), facts };
}

/** Stretches that follow each other become one. */
function joined(stretches: readonly During[]): readonly During[] {
  const all: During[] = [];
  for (const stretch of stretches) {
    const before = all.at(-1);
    if (before !== undefined && before.until !== null && before.until === stretch.since) all[all.length - 1] = { ...before, until: stretch.until };
    else all.push(stretch);
  }
  return all;
}

const order: readonly Change[] = ["gained", "lost", "unclear", "wire"];

/** Gained first; of them, what comes from the internet and what goes there; then by who, to whom, over what. */
function inOrder(lines: readonly DifferenceLine[]): readonly DifferenceLine[] {
  const wide = ({ from, to }: DifferenceLine): number => (from.isPublic ? 0 : to.isPublic ? 1 : 2);
  const texts = lines.map((line) => ({ line, text: [line.from, line.to].map(({ parts }) => parts.slice(0, 3).join()).join(" ") + line.over.join() }));
  return texts
    .sort((a, b) => order.indexOf(a.line.change) - order.indexOf(b.line.change) || wide(a.line) - wide(b.line) || byCodePoint(a.text, b.text))
    .map(({ line }) => line);
}
