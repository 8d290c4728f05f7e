import { someOf } from "../base/some-of.ts";
import { number } from "../base/number.ts";
import type { PolicySet } from "../model/policy-set.ts";
import { horizon, type SegmentSight } from "./segment-sight.ts";
import { type Counted, outcomes, type SegmentTraffic, type Simulation } from "./simulation.ts";

/**
 * `would break`: a connection would be denied that was answered, or of which nobody could tell; attempts without the answer that their protocol needs are no dependency.
 * `safe`: none would, and all that matters was observed. `unknown`: none would of what was observed, and that is not all.
 */
export type Word = "safe" | "would break" | "unknown";

export interface SegmentVerdict extends SegmentTraffic {
  readonly word: Word;
  /** Why the observation is not complete, a clause each; empty where it is. */
  readonly incomplete: readonly string[];
  /** Null where nothing was watched. */
  readonly sight: SegmentSight | null;
}

/** A simulation with its verdicts: of every segment, and of all of it. */
export interface Verdicts extends Omit<Simulation, "segments"> {
  readonly word: Word;
  /** Of all that was observed, whichever segment it is about. */
  readonly incomplete: readonly string[];
  readonly segments: readonly SegmentVerdict[];
  /** Declared events that no sensor recorded in this time: what they need was not judged. */
  readonly unseenEvents: readonly string[];
}

/** Judges a simulation of a policy by what it counted and by how much of it could be observed. */
export function verdictsOf(set: Pick<PolicySet, "zones" | "forbids">, simulation: Simulation, sights: readonly SegmentSight[]): Verdicts {
  const bySegment = new Map(sights.map((sight) => [sight.segment, sight]));
  const breaking = new Set(simulation.spanning.flatMap(({ denied, segments }) => (denied === null ? [] : segments)));
  const segments = simulation.segments.map((one): SegmentVerdict => {
    const sight = bySegment.get(one.segment) ?? null;
    const incomplete = incompleteOf(one.totals, sight);
    return { ...one, word: wordOf(isDependedOn(one.totals.denied) || breaking.has(one.segment), incomplete), incomplete, sight };
  });
  const all = bySegment.get(null) ?? null;
  const incomplete = incompleteOf(simulation.totals, all);
  const isBroken = isDependedOn(simulation.totals.denied) || simulation.spanning.some(({ denied }) => denied !== null);
  const isSafe =
    segments.every(({ word }) => word === "safe") && (isGuardedBeyond(set, segments) ? incomplete.length === 0 : simulation.totals.unknown === null);
  return { ...simulation, word: isBroken ? "would break" : isSafe ? "safe" : "unknown", incomplete, segments, unseenEvents: all?.unseenEvents ?? [] };
}

/** Whether more is guarded than segments: else what is about none passes, whatever of it was observed. */
const isGuardedBeyond = ({ zones, forbids }: Pick<PolicySet, "zones" | "forbids">, segments: readonly SegmentVerdict[]): boolean =>
  segments.length === 0 || forbids.length > 0 || zones.some(({ name }) => name !== "unplaced");

const isDependedOn = (denied: Counted | null): boolean => denied !== null && denied.connections > denied.attempts;

const wordOf = (isBroken: boolean, incomplete: readonly string[]): Word => (isBroken ? "would break" : incomplete.length === 0 ? "safe" : "unknown");

/** Why an observation is not complete. */
function incompleteOf(totals: SegmentTraffic["totals"], sight: SegmentSight | null): readonly string[] {
  const all = outcomes.flatMap((outcome) => totals[outcome] ?? []);
  if (all.length === 0 || sight === null) return ["nothing of it was observed"];
  const sum = (pick: (one: Counted) => number): number => all.reduce((total, one) => total + pick(one), 0);
  const connections = sum((one) => one.connections);
  const of = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${number(count)} of ${number(connections)} connections ${what}`]);
  return [
    ...of(totals.unknown?.connections ?? 0, "cannot be told"),
    ...of(
      sum(({ observed }) => observed.oneDirection),
      "recorded in one direction only",
    ),
    ...of(
      sum(({ observed }) => observed.sampled),
      "sampled: there were more",
    ),
    ...(sight.darkDays > 0 ? [`on ${daysText(sight.darkDays, sight.days)} no sensor saw anything`] : []),
    ...(sight.partlyDays > 0 ? [`on ${daysText(sight.partlyDays, sight.days)} a part of it was out of sight, as its sensors declare`] : []),
    ...(sight.silent > 0 ? [`${number(sight.silent)} of ${number(sight.members)} ${sight.members === 1 ? "workload was" : "workloads were"} never seen`] : []),
    ...(sight.unseenEvents.length > 0 ? [`declared and not recorded: ${someOf(sight.unseenEvents, eventsNamed)}`] : []),
    ...(sight.undatedEvents.length > 0 ? [`declared without dates, so that nobody can look for it: ${someOf(sight.undatedEvents, eventsNamed)}`] : []),
    ...(sight.before > 0 ? [`${dependenciesText(sight.before, sight.dependencies)} seen before this time only`] : []),
    ...unseenText(sight),
  ];
}

/** What is still to come, unless it is at most one dependency nine times in ten. */
function unseenText({ unseen, dependencies, once }: SegmentSight): readonly string[] {
  switch (unseen.kind) {
    case "silent":
      return [`nobody can say what is still to come: ${unseen.why}`];
    case "few":
      // Good and Turing: the share of what was never seen is about that of what was seen once.
      return once === 0 ? [] : [`${dependenciesText(once, dependencies)} seen on a single day, so more are to come`];
    case "estimate":
      return unseen.dependencies === 0 && unseen.high <= 1
        ? []
        : [`about ${counted(unseen.dependencies)} (${number(unseen.low)} to ${number(unseen.high)}) will be seen for the first time within ${horizon} days`];
  }
}

const daysText = (part: number, whole: number): string => `${number(part)} of ${number(whole)} ${whole === 1 ? "day" : "days"}`;
const dependenciesText = (part: number, whole: number): string => `${number(part)} of ${counted(whole)}`;
const counted = (dependencies: number): string => `${number(dependencies)} ${dependencies === 1 ? "dependency" : "dependencies"}`;
const eventsNamed = 5;
