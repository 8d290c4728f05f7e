import { day } from "../base/instant.ts";
import { grouped } from "../base/lists.ts";
import type { Dependency, ProposalWorkload, RuleDraft, RuleEvidence } from "./dependency.ts";
import { fullNameOf } from "./files.ts";
import { labelOf, type Segment } from "./sides.ts";
import { spanOf } from "./span.ts";

/** What a segment's own rules open, and what of it is still to be expected. */
export interface SegmentSum {
  readonly name: string;
  readonly workloads: number;
  readonly rules: number;
  /** Rules that nobody saw the use of. */
  readonly likely: number;
  /** Pairs of machines and services that its rules open, and those that were not seen. */
  readonly pairs: number;
  readonly excess: number;
  /** Dependencies that it takes part in, and those of them that were seen on one day only. */
  readonly dependencies: number;
  readonly once: number;
  /** New ones within fourteen days, at most about so many (Good and Turing: as many a day as were seen once); null where less than a week was seen. */
  readonly toCome: number | null;
}

const daysAhead = 14;
const daysLeast = 7;

interface Summed {
  readonly segments: ReadonlyMap<string, Segment>;
  readonly workloads: readonly ProposalWorkload[];
  readonly rules: readonly RuleDraft[];
  readonly evidence: ReadonlyMap<string, RuleEvidence>;
  readonly dependencies: readonly Dependency[];
}

/** A line for each segment, by name. */
export function segmentSums({ segments, workloads, rules, evidence, dependencies }: Summed): readonly SegmentSum[] {
  const members = grouped(workloads, ({ labels }) => segmentKey(labelOf(labels, "app"), labelOf(labels, "env")));
  const days = (spanOf(dependencies.flatMap(({ flows }) => flows)) ?? 0) / day;
  return [...segments].map(([name, { app, env }]): SegmentSum => {
    const own = rules.filter(({ segment }) => segment === name);
    const sum = (key: "pairs" | "excess"): number => own.reduce((total, rule) => total + (evidence.get(fullNameOf(rule))?.[key] ?? 0), 0);
    const seen = dependencies.filter(({ client, server }) => client.segment === name || server.segment === name);
    const once = seen.filter(({ flows }) => (spanOf(flows) ?? day) < day).length;
    return {
      name,
      workloads: members.get(segmentKey(app, env))?.length ?? 0,
      rules: own.length,
      likely: own.filter(({ likely }) => likely !== null).length,
      pairs: sum("pairs"),
      excess: sum("excess"),
      dependencies: seen.length,
      once,
      toCome: days < daysLeast ? null : Math.ceil((once * daysAhead) / days),
    };
  });
}

const count = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`;
const segmentKey = (app: string | null, env: string | null): string => JSON.stringify([app, env]);

/** What the file of a segment says of itself. */
export function sumText({ workloads, rules, pairs, excess, dependencies, once, toCome }: SegmentSum): string {
  const opened = `${count(workloads, "workload")}, ${count(rules, "rule")}: ${pairs - excess} of ${pairs} pairs of machines and services that they open were seen`;
  if (toCome === null) return `${opened}.`;
  return `${opened}. ${once} of ${dependencies} dependencies were seen within one day only, so at most about ${toCome} more are to be expected within ${daysAhead} days.`;
}

const shownMost = 5;

/** What a person asks first: how much the segments open, where most of it, and who has none. */
export function sumLines(
  { segments: sums, unplaced }: { readonly segments: readonly SegmentSum[]; readonly unplaced: number | null },
  workloads: readonly ProposalWorkload[],
): readonly string[] {
  const total = (key: "workloads" | "rules" | "pairs" | "excess"): number => sums.reduce((sum, one) => sum + one[key], 0);
  const widest = sums
    .filter(({ excess }) => excess > 0)
    .toSorted((a, b) => b.excess - a.excess)
    .slice(0, shownMost);
  const bare = workloads.filter(({ labels }) => labelOf(labels, "app") === null || labelOf(labels, "env") === null).length;
  return [
    `${count(sums.length, "segment")} with ${count(total("workloads"), "workload")} and ${count(total("rules"), "rule")} of their own: ${total("excess")} of ${total("pairs")} pairs of machines and services that they open were not seen`,
    ...(total("excess") === 0 ? [] : [`  most in ${widest.map(({ name, excess, pairs }) => `${name} (${excess} of ${pairs})`).join(", ")}`]),
    ...(bare === 0
      ? []
      : [
          `${bare} of ${workloads.length} workloads state no app or no env: no policy guards them, and between those of one zone all stays open, unless it is closed; \`bulkhead inventory suggest\` says what they may be`,
        ]),
    ...(unplaced === null
      ? []
      : [
          `${unplaced} of ${workloads.length} workloads ${unplaced === 1 ? "is" : "are"} in none of these zones: \`unplaced\` is closed, and only the common rules written for ${unplaced === 1 ? "it" : "them"} let anybody in`,
        ]),
  ];
}
