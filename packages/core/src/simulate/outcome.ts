import type { Answer } from "../model/question.ts";
import type { Outcome } from "./simulation.ts";

/** What an answer means for traffic; open is not the same as allowed by rule. */
export function outcomeOfAnswer(answer: Pick<Answer, "verdict" | "layer"> | null): Outcome {
  if (answer === null || answer.verdict === "unknown") return "unknown";
  if (answer.verdict === "deny") return "denied";
  return answer.layer === "open" ? "open" : "allowed";
}
