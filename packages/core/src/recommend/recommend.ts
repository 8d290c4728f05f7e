import { day, dayText } from "../base/instant.ts";
import { everyRule } from "../decide/every-rule.ts";
import { type PolicyFile, readPolicySet } from "../language/read.ts";
import type { Flow } from "../model/flow.ts";
import { dependenciesOf } from "./dependencies.ts";
import type { Dependency, HeldOut, Likely, ProposalWorkload, RuleDraft, RuleEvidence } from "./dependency.ts";
import { draftRules, unique } from "./draft-rules.ts";
import { type Draft, filesOf, fullNameOf, type WrittenFile } from "./files.ts";
import { coveredOf, likelyOf } from "./likely.ts";
import { likelyRules } from "./likely-rules.ts";
import { populationOf } from "./population.ts";
import { proven } from "./proven.ts";
import { type SegmentSum, segmentSums, sumText } from "./segment-sums.ts";
import { labelOf, type Sides, sidesOf } from "./sides.ts";
import { tooWideAmong } from "./too-wide.ts";

/** Policy text proposed from flows, with the evidence of each rule, and what it leaves out. */
export interface Recommendation {
  readonly files: readonly WrittenFile[];
  readonly rules: readonly (RuleEvidence & { readonly name: string } & Pick<RuleDraft, "kind" | "crosses" | "likely">)[];
  readonly segments: readonly SegmentSum[];
  readonly zones: number;
  readonly heldOut: readonly HeldOut[];
  /** The rules of the policy that is there, with what was seen behind each; forbids have nothing behind them. */
  readonly kept: readonly (RuleEvidence & { readonly name: string })[];
}

export interface RecommendOptions {
  /** What the policy directory holds already: its networks and zones are used, its segments are left alone. */
  readonly present?: readonly PolicyFile[];
  /** Labels that a segment must have to be written, and that a crossing must touch. */
  readonly scope?: Readonly<Record<string, string>>;
  /** The labels by which rules name workloads: app, env, role. */
  readonly labels?: readonly string[];
}

const reviewAfter = 180 * day;

/** Recommends policy from what was seen. Nothing of its own evidence is denied, no rule is needless; suspicious flows are listed, never allowed. */
export function recommend(flows: readonly Flow[], workloads: readonly ProposalWorkload[], options: RecommendOptions = {}): Recommendation {
  const there = options.present ?? [];
  const present = readPolicySet(there).set;
  const labels = options.labels ?? ["app", "env", "role"];
  const sides = sidesOf(workloads, present, labels);
  const { dependencies, heldOut, population } = namedAmong(flows, { workloads, sides });
  const inScope = scopeOf(options.scope ?? {});
  const touchesScope = ({ client, server }: Pick<Dependency, "client" | "server">): boolean =>
    [client, server].some((side) => side.peer.kind === "labels" && inScope(side.peer.labels));
  const segments = new Map([...sides.segments].filter(([, segment]) => inScope({ app: segment.app, env: segment.env })));
  const wanted = dependencies.filter(touchesScope);
  const likely = likelyOf(dependencies, population).filter(touchesScope);
  const covered = coveredOf(likely, dependencies);
  const drafted = draftRules([...wanted, ...[...covered].map(unseen)], population);
  const guesses = likelyRules(likely.filter((one) => !covered.has(one)));
  const last = flows.reduce((most, flow) => Math.max(most, flow.last ?? 0), 0);
  const draft: Draft = {
    zones: sides.zones,
    labels,
    segments,
    rules: unique(
      [...drafted, ...guesses].filter(({ segment }) => segment === null || segments.has(segment)),
      everyRule(present).map(({ name }) => name),
    ),
    evidence: new Map(),
    sums: new Map(),
    heldOut,
    workloads,
    present,
    taken: new Set(there.map(({ path }) => path)),
    review: dayText(last + reviewAfter),
  };
  const { rules, evidence, denied, kept } = proven(draft, wanted, { there, isWhole: options.scope === undefined });
  const all = [...heldOut, ...denied];
  const sums = segmentSums({ segments, workloads, rules, evidence, dependencies: wanted });
  return {
    files: filesOf({ ...draft, rules, evidence, heldOut: all, sums: new Map(sums.map((one) => [one.name, sumText(one)])) }),
    segments: sums,
    rules: rules.map((rule) => ({ name: fullNameOf(rule), kind: rule.kind, crosses: rule.crosses, likely: rule.likely, ...evidence.get(fullNameOf(rule))! })),
    zones: sides.zones.size,
    heldOut: all,
    kept,
  };
}

/** What a rule can name without naming many others with it; the rest is held out. */
function namedAmong(flows: readonly Flow[], { workloads, sides }: { readonly workloads: readonly ProposalWorkload[]; readonly sides: Sides }) {
  const { dependencies, heldOut } = dependenciesOf(flows, (end) => sides.of(end));
  const population = populationOf(workloads, sides, dependencies);
  const isTooWide = tooWideAmong(dependencies, population);
  const wide = dependencies.filter(isTooWide).flatMap((one) => one.flows.map((flow): HeldOut => ({ why: "label missing", flow })));
  return { dependencies: dependencies.filter((one) => !isTooWide(one)), heldOut: [...heldOut, ...wide], population };
}

/** A dependency without flows: its rules need other evidence to stay. */
const unseen = ({ client, server, service }: Likely): Dependency => ({ client, server, service, flows: [] });

function scopeOf(scope: Readonly<Record<string, string>>): (labels: Readonly<Record<string, string>>) => boolean {
  return (labels) => Object.entries(scope).every(([key, value]) => labelOf(labels, key) === value);
}
