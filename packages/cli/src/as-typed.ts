import { shellWord } from "@bulkhead/core/base/shell-word";

/** A text whose commands can be typed as they stand: where this line was given a `--data`, they get it, too. */
export function asTyped(text: string, words: readonly string[]): string {
  const given = givenData(words);
  if (given === undefined || !text.includes("`bulkhead ")) return text;
  // The agent and the lab keep directories of their own: theirs are not those of the map.
  const isApart = apart.has(words[0] ?? "");
  return text.replace(command, (whole, line: string, verb: string) =>
    apart.has(verb) === isApart && !/ --(data|help)\b/.test(line) ? `\`${line} --data ${shellWord(given)}\`` : whole,
  );
}

/** The flags with which another command finds the same data directory, with a space before them; nothing where none was given. */
export const dataWords = (given: string | undefined): string => (given === undefined ? "" : ` --data ${shellWord(given)}`);

const apart: ReadonlySet<string> = new Set(["agent", "lab"]);
const command = /`(bulkhead (ingest|flows|map|init|recommend|simulate|explain|compile|inventory|agent|lab)\b[^`\n]*)`/g;

function givenData(words: readonly string[]): string | undefined {
  const at = words.indexOf("--data");
  return at >= 0 ? words[at + 1] : words.find((word) => word.startsWith("--data="))?.slice("--data=".length);
}
