import { number } from "@bulkhead/core/base/number";
import type { SecondEngine } from "@bulkhead/core/decide/second-engine";
import { printable } from "./context.ts";

const shownMost = 5;

/** What the second engine said, in one line; each disagreement with the question that shows it, as `decide --questions` reads it. */
export function secondEngineText({ verdicts, askedAgain, sample, disagreements, examples }: SecondEngine): string {
  const chosen = sample === null ? "" : ` (${sample.how}; seed ${sample.seed})`;
  const of = sample === null ? `${number(askedAgain)} ${askedAgain === 1 ? "verdict" : "verdicts"}` : `${number(askedAgain)} of ${number(verdicts)} verdicts`;
  const head = `second engine: ${of} asked again${chosen}, ${number(disagreements)} ${disagreements === 1 ? "disagreement" : "disagreements"}`;
  if (disagreements === 0) return head;
  return [
    `${head}: this is a fault of ours, and no verdict above can be trusted`,
    ...examples.slice(0, shownMost).map(({ policy, question, published, decided }) => {
      const under = policy === null ? "" : `, under the ${policy} policy`;
      return printable(
        `  published ${published.verdict} (${published.effect}), \`decide\` says ${decided.verdict} by ${decided.layer} (${decided.effect})${under}: ${JSON.stringify(question)}`,
      );
    }),
    ...(disagreements > shownMost ? [`  and more (--json lists the first ${number(examples.length)})`] : []),
    "  next: ask those questions with `bulkhead decide --questions`, and send them to us together with the policy",
  ].join("\n");
}
