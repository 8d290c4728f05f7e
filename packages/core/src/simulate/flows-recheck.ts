import type { Instant } from "../base/instant.ts";
import { stratifiedSample } from "../base/stratified-sample.ts";
import { type Disagreement, type Engine, rechecking, type Said, sampleFor, type SecondEngine } from "../decide/second-engine.ts";
import type { World } from "../decide/world.ts";
import { pointOf } from "../map/service-point.ts";
import { endText, type Flow } from "../model/flow.ts";
import type { Answer, Question } from "../model/question.ts";

/** Verdicts on flows while they are given; of each class of answers some are kept, to be asked again at the end. */
export interface FlowsRechecking {
  readonly publish: (flow: Flow, at: Instant | null, answer: Answer) => void;
  readonly result: (engine?: Engine) => SecondEngine;
}

const seed = 1;
const ofEachMost = 5000;

/** Keeps verdicts on flows under the policy of a world; which one, where there are two. Of so many parts, each keeps its share. */
export function flowsRechecking(world: World, policy: Disagreement["policy"] = null, parts = 1): FlowsRechecking {
  const ofEachClass = Math.ceil(sampleFor(world, ofEachMost) / parts);
  const sample = stratifiedSample<{ readonly flow: Flow; readonly at: Instant | null; readonly answer: Answer }>({ ofEachClass, seed });
  // Equal answers are one object, and there are millions of flows.
  const classes = new Map<Answer, string>();
  return {
    publish(flow, at, answer) {
      let ofClass = classes.get(answer);
      if (ofClass === undefined) classes.set(answer, (ofClass = `${answer.verdict} ${answer.layer} ${answer.effect}`));
      sample.offer(ofClass, { flow, at, answer });
    },
    result(engine) {
      const [again, kept] = [rechecking(engine), sample.kept()];
      for (const { flow, at, answer } of kept) again.ask({ question: questionOf(flow, at), of: [{ world, policy, said: saidOf(answer, at) }] });
      const how = `${ofEachClass} of each verdict, layer and effect, or all where there are fewer`;
      return again.result({ verdicts: sample.offered(), sample: kept.length === sample.offered() ? null : { how, seed } });
    },
  };
}

/** Without a time all that can be said is unknown: why, a flow may know better than a question, which cannot say who held its addresses. */
const saidOf = ({ verdict, effect, ...why }: Answer, at: Instant | null): Said => ({ verdict, effect, ...(at === null ? {} : why) });

/** What a flow asks at an instant. An address that nobody held, or several, says by itself at the time of the flow who it was. */
function questionOf(flow: Flow, at: Instant | null): Question {
  return { from: endText(flow.client), to: endText(flow.server), over: pointOf(flow), at, facts: {} };
}
