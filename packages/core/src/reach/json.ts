import { instantText } from "../base/instant.ts";
import { questionJson } from "../decide/question-line.ts";
import type { CutAccount } from "./cut-account.ts";
import type { Reach } from "./reach.ts";
import type { StepAccount } from "./step-account.ts";

/** Reach as JSON has it: times as texts, questions as `decide --questions` reads them. */
export function reachJson({ at, ways, cut, ...reach }: Reach): object {
  return {
    at: instantText(at),
    ...reach,
    ways:
      ways?.map(({ path, administrationPath, ...way }) => ({
        ...way,
        path: path?.map(stepJson) ?? null,
        administrationPath: administrationPath?.map(stepJson) ?? null,
      })) ?? null,
    cut: cut === null ? null : cutJson(cut),
  };
}

const stepJson = ({ witness: { question, answer }, ...step }: StepAccount): object => ({ ...step, witness: { question: questionJson(question), answer } });

const cutJson = ({ steps, ...cut }: CutAccount): object => ({ ...cut, steps: steps === null ? null : { ...steps, shown: steps.shown.map(stepJson) } });
