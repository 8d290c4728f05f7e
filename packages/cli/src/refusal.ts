import { formatMessageForArgumentScannerError, type RouteMap } from "@stricli/core";
import type { Context } from "./context.ts";

/** What is wrong with a word of the command line, as one sentence. */
export function refusal(error: unknown): string {
  const sentence = formatMessageForArgumentScannerError(error as Parameters<typeof formatMessageForArgumentScannerError>[0], {
    FlagNotFoundError: ({ input, corrections }) => `there is no flag --${input}${meant(corrections.map((word) => `--${word}`))}`,
    AliasNotFoundError: ({ input }) => `there is no flag -${input}`,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder, exception }) =>
      `--${externalFlagNameOrPlaceholder}: ${exception instanceof Error ? exception.message : String(exception)}`,
    EnumValidationError: ({ externalFlagName, input, values }) => `--${externalFlagName} is \`${input}\`, and can only be ${values.join(", ")}`,
    UnsatisfiedFlagError: ({ externalFlagName, nextFlagName }) =>
      nextFlagName === undefined ? `--${externalFlagName} is missing` : `--${externalFlagName} has no value before --${nextFlagName}`,
    UnsatisfiedPositionalError: ({ placeholder }) => `no ${placeholder} is named`,
    UnexpectedPositionalError: ({ input }) => `\`${input}\` is one word too many`,
  });
  return `bulkhead: ${sentence}`;
}

/** That there is no such verb, and which was probably meant. */
export const noSuchVerb = ({ input, corrections }: { readonly input: string; readonly corrections: readonly string[] }): string =>
  `bulkhead: there is no verb \`${input}\`${meant(corrections)}`;

/** Where a person reads what they could have written: the help of the verb that the words begin with. */
export function helpFor(words: readonly string[], routes: RouteMap<Context>): string {
  const verbs: string[] = [];
  let target: ReturnType<RouteMap<Context>["getRoutingTargetForInput"]> = routes;
  for (const word of words) {
    target = target !== undefined && "getAllEntries" in target ? target.getRoutingTargetForInput(word) : undefined;
    if (target === undefined) break;
    verbs.push(word);
  }
  return `  next: \`${["bulkhead", ...verbs, "--help"].join(" ")}\` says what ${verbs.length === 0 ? "there is" : "it takes"}\n`;
}

const meant = (corrections: readonly string[]): string => (corrections.length === 0 ? "" : `; did you mean ${corrections.map(plain).join(" or ")}?`);

// stricli hands verbs over in the marks of its own sentence.
const plain = (word: string): string => `\`${word.replaceAll("`", "")}\``;
