import { instantText } from "../base/instant.ts";
import { questionJson } from "../decide/question-line.ts";
import type { Difference, DifferenceLine } from "./difference.ts";

const times: ReadonlySet<string> = new Set(["since", "until", "from", "first", "last"]);

/** The line as JSON writes it; its witness is a line of `decide --questions`. */
export function lineJson({ witness, ...line }: DifferenceLine): object {
  return { ...line, witness: { ...witness, question: questionJson(witness.question) } };
}

/** A difference, and what belongs to it, as one JSON object; instants are RFC 3339 texts. */
export function differenceJson(difference: Difference, more: object): string {
  const whole = { ...difference, lines: difference.lines.map(lineJson), ...more };
  return `${JSON.stringify(whole, (key, value: unknown) => (times.has(key) && typeof value === "number" ? instantText(value) : value))}\n`;
}
