import { day, dayText, type Instant } from "../base/instant.ts";
import { differingInOne, type RulePart } from "../decide/differing-in-one.ts";
import { everyRule } from "../decide/every-rule.ts";
import { type PolicyFile, readPolicySet } from "../language/read.ts";
import type { Flow } from "../model/flow.ts";
import type { PolicySet } from "../model/policy-set.ts";
import type { DeclaredSeen } from "../map/declared-seen.ts";
import { declaredLikely } from "./declared-likely.ts";
import { dependenciesOf } from "./dependencies.ts";
import type { Dependency, HeldOut, Likely, ProposalWorkload, RuleDraft, RuleEvidence } from "./dependency.ts";
import { draftRules, unique } from "./draft-rules.ts";
import { type Draft, filesOf, fullNameOf, type WrittenFile } from "./files.ts";
import { coveredOf, likelyOf } from "./likely.ts";
import { likelyRules } from "./likely-rules.ts";
import { namedBest } from "./naming.ts";
import { populationOf } from "./population.ts";
import { proven } from "./proven.ts";
import { type SegmentSum, segmentSums, sumText } from "./segment-sums.ts";
import { heldOutWithin, isWithin, type Scope, touches } from "./scope.ts";
import { type Sides, sidesOf } from "./sides.ts";
import { subsumedBy } from "./subsumed.ts";
import { type Unstated, unstatedAmong } from "./unstated.ts";

/** Policy text proposed from flows, with the evidence of each rule, and what it leaves out. */
export interface Recommendation {
  readonly files: readonly WrittenFile[];
  readonly rules: readonly (RuleEvidence & { readonly name: string; readonly unstated: readonly Unstated[] } & Pick<
      RuleDraft,
      "kind" | "crosses" | "likely"
    >)[];
  readonly segments: readonly SegmentSum[];
  readonly zones: number;
  /** How many workloads are in none of them, where what no zone claims is closed; null where nothing is said of it. */
  readonly unplaced: number | null;
  readonly heldOut: readonly HeldOut[];
  /** The rules of the policy that is there, with what was seen behind each; forbids have nothing behind them. */
  readonly kept: readonly (RuleEvidence & { readonly name: string })[];
  /** Rules that stay apart, so that each has its own evidence and its own answer to why, though one rule could say them all. */
  readonly couldBeOne: readonly CouldBeOne[];
}

/** The names of rules of one place that differ in one part only. */
export interface CouldBeOne {
  readonly part: RulePart;
  readonly names: readonly string[];
}

export interface RecommendOptions {
  /** What the policy directory holds already: its networks and zones are used, its segments are left alone. */
  readonly present?: readonly PolicyFile[];
  /** Labels that a segment must have to be written. What touches it is proposed, everything else stays as it is: there are no new zones then. */
  readonly scope?: Scope;
  /** The labels by which rules name workloads: app, env, role. */
  readonly labels?: readonly string[];
  /** What was declared: of what nobody saw, rules of their own. */
  readonly declared?: readonly DeclaredSeen[];
  /** Today. A rule learned from an old record is reviewed after today, not in the past. */
  readonly at?: Instant;
}

const reviewAfter = 180 * day;

/** Recommends policy from what was seen. Nothing of its own evidence is denied, no rule is needless; suspicious flows are listed, never allowed. */
export function recommend(flows: readonly Flow[], known: readonly ProposalWorkload[], options: RecommendOptions = {}): Recommendation {
  const there = options.present ?? [];
  const present = readPolicySet(there).set;
  const workloads = sayableIn(present, known);
  const labels = options.labels ?? ["app", "env", "role"];
  const sides = sidesOf(workloads, present, { keys: labels, isWhole: options.scope === undefined });
  const { dependencies, heldOut: suspected, population, closed } = namedAmong(flows, { workloads, sides, scope: options.scope ?? null });
  const scope = options.scope ?? {};
  const touchesScope = touches(scope);
  const segments = new Map([...sides.segments].filter(([, { app, env }]) => isWithin({ app, env }, scope)));
  const { zones, isBounded } = sides;
  const wanted = dependencies.filter(touchesScope);
  const isSubsumed = subsumedBy(wanted);
  const likely = likelyOf(dependencies, population).filter((one) => touchesScope(one) && !isSubsumed(one));
  const covered = coveredOf(likely, dependencies);
  const guards = { segments, closed };
  const drafted = (possible: readonly Dependency[]) => draftRules([...possible, ...[...covered].map(unseen)], { population, ...guards, isBounded });
  const declared = declaredLikely(options.declared ?? [], sides).filter(touchesScope);
  const guesses = likelyRules([...likely.filter((one) => !covered.has(one)), ...declared], guards);
  const last = flows.reduce((most, flow) => Math.max(most, flow.last ?? 0), 0);
  const today = options.at ?? last;
  const draftFor = (possible: readonly Dependency[]): Draft => ({
    zones,
    closed,
    unplaced: sides.closing,
    labels,
    segments,
    rules: unique(
      [...drafted(possible), ...guesses].filter(({ kind, segment }) => (segment === null || segments.has(segment)) && (kind !== "conduit" || isBounded)),
      everyRule(present).map(({ name }) => name),
    ),
    evidence: new Map(),
    sums: new Map(),
    heldOut: suspected,
    workloads,
    present,
    taken: new Set(there.map(({ path }) => path)),
    unstatedOf: unstatedAmong({ workloads, labels }),
    review: dayText((last + reviewAfter > today ? last : today) + reviewAfter),
  });
  const { draft, rules, evidence, heldOut, kept } = proven(draftFor, wanted, there);
  const sums = segmentSums({ segments, workloads, rules, evidence, dependencies: wanted });
  return {
    files: filesOf({ ...draft, rules, evidence, heldOut, sums: new Map(sums.map((one) => [one.name, sumText(one)])) }),
    segments: sums,
    rules: rules.map((rule) => ({
      name: fullNameOf(rule),
      kind: rule.kind,
      crosses: rule.crosses,
      likely: rule.likely,
      unstated: draft.unstatedOf(rule),
      ...evidence.get(fullNameOf(rule))!,
    })),
    zones: zones.size,
    unplaced: sides.closing,
    heldOut,
    kept,
    couldBeOne: couldBeOneAmong(rules),
  };
}

/** The workloads without labels whose value the label schema that is there does not know: no rule can be written with it. */
function sayableIn({ labels: schema }: PolicySet, workloads: readonly ProposalWorkload[]): readonly ProposalWorkload[] {
  const values = new Map(schema.flatMap((one) => (one.values === null ? [] : [[one.key, one.values] as const])));
  const isSayable = ([key, value]: readonly [string, string]): boolean => values.get(key)?.includes(value) !== false;
  return values.size === 0 ? workloads : workloads.map((one) => ({ ...one, labels: Object.fromEntries(Object.entries(one.labels).filter(isSayable)) }));
}

/** Only rules of one file can be one; what is only likely, or joins environments, keeps a rule of its own. */
const couldBeOneAmong = (rules: readonly RuleDraft[]): readonly CouldBeOne[] =>
  differingInOne(rules, ({ kind, segment, likely, crosses }) => [kind, segment, likely !== null, crosses]).map(({ part, rules: alike }) => ({
    part,
    names: alike.map(fullNameOf),
  }));

interface Asked {
  readonly workloads: readonly ProposalWorkload[];
  readonly sides: Sides;
  readonly scope: Scope | null;
}

/** What a rule can name without naming many others with it; the rest is held out, as far as it touches the scope. */
function namedAmong(flows: readonly Flow[], { workloads, sides, scope }: Asked) {
  const { dependencies, heldOut } = dependenciesOf(flows, sides);
  const population = populationOf(workloads, sides, dependencies);
  const { named, wide, closed } = namedBest(dependencies, { workloads, sides, population });
  const all = [...heldOut, ...wide.flatMap((one) => one.flows.map((flow): HeldOut => ({ why: "label missing", flow })))];
  return {
    dependencies: named,
    heldOut: scope === null ? all : heldOutWithin(all, { workloads, scope }),
    population,
    closed,
  };
}

/** A dependency without flows: its rules need other evidence to stay. */
const unseen = ({ client, server, service }: Likely): Dependency => ({ client, server, service, flows: [] });
