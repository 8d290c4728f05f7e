import { areEqual } from "../base/lists.ts";
import type { Answer, Question } from "../model/question.ts";
import { decide } from "./decide.ts";
import { everyRule } from "./every-rule.ts";
import { questionJson } from "./question-line.ts";
import type { World } from "./world.ts";

/** Published verdicts asked again of `decide`, which reads every question by itself and knows no index. */
export interface SecondEngine {
  /** How many verdicts were published, and how many of them were asked again. */
  readonly verdicts: number;
  readonly askedAgain: number;
  /** How those were chosen; null where it was all of them. */
  readonly sample: { readonly how: string; readonly seed: number } | null;
  /** How many got another answer. One is enough: then no verdict beside it can be trusted. */
  readonly disagreements: number;
  /** The first of them, with what is needed to ask again. */
  readonly examples: readonly Disagreement[];
}

export interface Disagreement {
  /** Of which policy it is the answer, where there are two. */
  readonly policy: "old" | "new" | null;
  /** A line of `decide --questions`. */
  readonly question: object;
  readonly published: Said;
  readonly decided: Answer;
}

/** What was published of an answer: the verdict and what happens on the wire, and where it is told, layer and rules. */
export type Said = Pick<Answer, "verdict" | "effect"> & Partial<Answer>;

/** What was published about one question, policy by policy; null where the answer, whatever it is, is that of the policy before. */
export interface Published {
  readonly question: Question;
  readonly of: readonly { readonly world: World; readonly policy: Disagreement["policy"]; readonly said: Said | null }[];
}

/** The second engine; a test may put a broken one in its place. */
export type Engine = (world: World, question: Question) => Answer;

export interface Rechecking {
  /** Asks for a published verdict again, and returns what the second engine says, policy by policy. */
  readonly ask: (published: Published) => readonly Answer[];
  readonly result: (of: Pick<SecondEngine, "sample"> & { readonly verdicts?: number }) => SecondEngine;
}

// Enough to see what they have in common.
const examplesMost = 20;

/** Nothing asked again yet. */
export function rechecking(engine: Engine = decide): Rechecking {
  const examples: Disagreement[] = [];
  let [askedAgain, disagreements] = [0, 0];
  return {
    ask({ question, of }) {
      const answers = of.map(({ world }) => engine(world, question));
      askedAgain += 1;
      const wrong = of.flatMap(({ policy, said }, at): readonly Disagreement[] => {
        const published = said ?? saidIn(answers[Math.max(0, at - 1)]!);
        return isAs(answers[at]!, published) ? [] : [{ policy, question: questionJson(question), published, decided: answers[at]! }];
      });
      if (wrong.length > 0) disagreements += 1;
      examples.push(...wrong.slice(0, examplesMost - examples.length));
      return answers;
    },
    result: ({ verdicts = askedAgain, sample }) => ({ verdicts, askedAgain, sample, disagreements, examples }),
  };
}

const saidIn = ({ verdict, effect }: Answer): Said => ({ verdict, effect });

/** Whether an answer is what was said of it. */
const isAs = (answer: Answer, { verdict, effect, layer, by }: Said): boolean =>
  answer.verdict === verdict && answer.effect === effect && (layer === undefined || answer.layer === layer) && (by === undefined || areEqual(by, answer.by));

/** How many of a class of verdicts are asked again, between 200 and `most`: `decide` looks at every rule, and a dozen classes are to take a second or two. */
export const sampleFor = ({ set }: World, most: number): number => Math.max(200, Math.min(most, Math.floor(1_000_000 / (1 + everyRule(set).length))));

/** Several recheckings, one at least, as one. */
export function addedUp(all: readonly SecondEngine[]): SecondEngine {
  const sum = (pick: (one: SecondEngine) => number): number => all.reduce((total, one) => total + pick(one), 0);
  const samples = all.flatMap(({ sample }) => (sample === null ? [] : [sample]));
  return {
    verdicts: sum(({ verdicts }) => verdicts),
    askedAgain: sum(({ askedAgain }) => askedAgain),
    sample: samples[0] === undefined ? null : { how: [...new Set(samples.map(({ how }) => how))].join("; "), seed: samples[0].seed },
    disagreements: sum(({ disagreements }) => disagreements),
    examples: all.flatMap(({ examples }) => examples).slice(0, examplesMost),
  };
}
