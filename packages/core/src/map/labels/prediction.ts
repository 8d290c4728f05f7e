import { type Evidence, labelOf, strongestFirst, type Subject, type Vote } from "./evidence.ts";
import { type Trust, trustOf } from "./trust.ts";

/** What all evidence together says of one key of one workload. */
export interface Prediction {
  readonly value: string;
  /** The probability that the label is this one, as far as the labels that are known teach it. */
  readonly confidence: number;
  /** The strongest reason first; those that speak for another value begin with `but`. */
  readonly reasons: readonly string[];
}

export type Predictor = (subject: Subject) => Prediction | null;

/** What one kind of evidence says of a workload: logarithms of the probabilities of the values that it names, and of any other one. */
interface Opinion {
  readonly named: ReadonlyMap<string, number>;
  readonly other: number;
}

// Kinds of evidence repeat each other: how much each counts beside the others is tried out.
const weights = [0, 0.25, 0.5, 0.75, 1, 1.25];
const rounds = 2;
// Known labels from which the weights are learnt; more teach nothing new, and take longer.
const pupilsMax = 2000;
// What is less likely than this many others is no candidate.
const votesMost = 20;
// Nothing that is learnt is certain.
const mostCertain = 0.99;
// One kind of evidence that was right so often needs no other.
const aloneFrom = 0.93;
// Labels that are known are wrong now and then: no single one may teach more than this.
const surpriseMost = Math.log(0.02);

/**
 * Says which value a workload probably has. How far each kind of evidence is trusted, and how much it counts beside the others, is learnt on the
 * workloads whose label is known, each asked as if it were not: a product of experts whose weights make those labels most likely.
 */
export function predictorOf(key: string, kinds: readonly Evidence[], subjects: readonly Subject[]): Predictor {
  const evidence = kinds.map(remembered);
  const labelled = subjects.filter((subject) => labelOf(subject, key) !== undefined);
  const values = new Set(labelled.map((subject) => labelOf(subject, key)));
  const valueCount = Math.max(2, values.size);
  const trusts = evidence.map(({ votes }) =>
    trustOf(
      labelled.map((subject) => ({ top: votes(subject)[0], truth: labelOf(subject, key) })),
      0.5,
    ),
  );
  const opinionsOf = (subject: Subject): readonly (Opinion | null)[] =>
    evidence.map(({ votes }, index) => opinionOf(votes(subject), trusts[index]!, valueCount));
  const every = Math.max(1, Math.ceil(labelled.length / pupilsMax));
  const pupils = labelled.filter((_, index) => index % every === 0).map((subject) => ({ opinions: opinionsOf(subject), truth: labelOf(subject, key)! }));
  const counting = learnt(pupils, evidence.length, valueCount);
  const topOf = (opinions: readonly (Opinion | null)[]): Vote | undefined =>
    strongestFirst([...joined(opinions, counting, valueCount)].map(([value, score]) => ({ value, score, why: "" })))[0];
  // What comes of it is measured once more: a product is too sure of what it cannot tell apart.
  const trust = trustOf(
    pupils.map(({ opinions, truth }) => ({ top: topOf(opinions), truth })),
    1,
  );
  return (subject) => {
    const top = topOf(opinionsOf(subject));
    if (top === undefined) return null;
    const joint = { ...top, score: Math.min(top.score, trust(top)) };
    const alone = strongestFirst(
      evidence.flatMap(({ votes }, index) =>
        votes(subject)
          .slice(0, 1)
          .map((vote) => ({ ...vote, score: trusts[index]!(vote) })),
      ),
    )[0];
    const best = alone !== undefined && alone.score >= aloneFrom && alone.score > joint.score ? alone : joint;
    return { value: best.value, confidence: Math.min(mostCertain, best.score), reasons: reasonsFor(best.value, evidence, subject) };
  };
}

/** The same evidence, asked once about each workload. */
function remembered({ name, votes }: Evidence): Evidence {
  const known = new Map<Subject, readonly Vote[]>();
  return {
    name,
    votes(subject) {
      const before = known.get(subject);
      if (before !== undefined) return before;
      const fresh = votes(subject).slice(0, votesMost);
      known.set(subject, fresh);
      return fresh;
    },
  };
}

function opinionOf(votes: readonly Vote[], trust: Trust, valueCount: number): Opinion | null {
  const [top, ...rest] = votes;
  if (top === undefined) return null;
  const right = Math.min(0.99, Math.max(0.01, trust(top)));
  // What the strongest value leaves over goes half to the others that are named, and half to all there are.
  const others = rest.slice(0, 10);
  const spoken = others.reduce((sum, { score }) => sum + score, 0);
  const other = (1 - right) / 2 / valueCount;
  const named = new Map(others.map(({ value, score }) => [value, Math.log(other + ((1 - right) / 2) * (score / Math.max(spoken, 1e-9)))]));
  return { named: named.set(top.value, Math.log(right)), other: Math.log(spoken > 0 ? other : 2 * other) };
}

/** The probability of each value that any opinion names. */
function joined(opinions: readonly (Opinion | null)[], counting: readonly number[], valueCount: number): ReadonlyMap<string, number> {
  const named = new Set(opinions.flatMap((opinion) => [...(opinion?.named.keys() ?? [])]));
  const sumOf = (value: string | null): number =>
    opinions.reduce(
      (sum, opinion, index) => sum + (opinion === null ? 0 : counting[index]! * ((value === null ? undefined : opinion.named.get(value)) ?? opinion.other)),
      0,
    );
  const sums = [...named].map((value) => [value, sumOf(value)] as const);
  const silent = sumOf(null);
  const most = Math.max(silent, ...sums.map(([, sum]) => sum));
  const all = sums.reduce((total, [, sum]) => total + Math.exp(sum - most), Math.max(0, valueCount - named.size) * Math.exp(silent - most));
  return new Map(sums.map(([value, sum]) => [value, Math.exp(sum - most) / all]));
}

interface Pupil {
  readonly opinions: readonly (Opinion | null)[];
  readonly truth: string;
}

/** The weights that make the known labels most likely, one kind after the other. */
function learnt(pupils: readonly Pupil[], kinds: number, valueCount: number): readonly number[] {
  let best = Array.from({ length: kinds }, () => 1);
  const worth = (counting: readonly number[]): number =>
    pupils.reduce((sum, { opinions, truth }) => sum + Math.max(surpriseMost, Math.log(joined(opinions, counting, valueCount).get(truth) ?? 0)), 0);
  let most = worth(best);
  for (let turn = 0; turn < rounds * kinds; turn += 1)
    for (const weight of weights) {
      const next = best.with(turn % kinds, weight);
      const value = worth(next);
      if (value > most) [best, most] = [next, value];
    }
  return best;
}

function reasonsFor(value: string, evidence: readonly Evidence[], subject: Subject): readonly string[] {
  const tops = evidence.flatMap(({ votes }) => {
    const all = votes(subject);
    const own = all.find((vote) => vote.value === value);
    return [...(own === undefined ? [] : [own]), ...(all[0] !== undefined && all[0].value !== value && all[0].score > 0.5 ? [all[0]] : [])];
  });
  const sorted = strongestFirst(tops);
  return [...sorted.filter((vote) => vote.value === value), ...sorted.filter((vote) => vote.value !== value)].map((vote) =>
    vote.value === value ? vote.why : `but ${vote.why}`,
  );
}
