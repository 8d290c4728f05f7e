import { extname } from "node:path";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

// A folder of something else has thousands; three show what they are.
const namedMost = 3;
// Most reasons are a handful of sentences; some carry a number of the file.
const reasonsMost = 50;
const endingsMost = 100;
const endingsShown = 5;

/** Counts files that were not read. */
export interface UnreadFiles {
  readonly files: number;
  /** The line to say about one more; empty where it is only counted. */
  add(file: { readonly file: string; readonly why: string; readonly isPart: boolean }): string;
  /** The lines about those that were only counted. */
  rest(): readonly string[];
}

/**
 * Files that were not read: the first few of each reason are named as they come, the rest is summed up by the ending of its name, unless
 * all are asked for. Null where a verb has no --rejects to ask with.
 */
export function unreadFiles(isListing: boolean | null): UnreadFiles {
  const reasons = new Map<string, { named: number; readonly endings: Map<string, number> }>();
  let files = 0;
  return {
    get files() {
      return files;
    },
    add({ file, why, isPart }) {
      files += 1;
      const reason = reasons.has(why) || reasons.size < reasonsMost ? why : "other reasons";
      const known = reasons.get(reason) ?? { named: 0, endings: new Map<string, number>() };
      reasons.set(reason, known);
      known.named += 1;
      if (isListing === true || known.named <= namedMost) return `bulkhead: ${printable(file)} was not read${isPart ? " to its end" : ""}: ${printable(why)}\n`;
      const own = extname(file);
      const ending = known.endings.has(own) || known.endings.size < endingsMost ? own : "others";
      known.endings.set(ending, (known.endings.get(ending) ?? 0) + 1);
      return "";
    },
    rest: () =>
      [...reasons].flatMap(([why, { named, endings }]) => {
        const more = named - namedMost;
        if (endings.size === 0) return [];
        const [reason = ""] = why.split("; ");
        const next = isListing === null ? "" : "; --rejects names every one";
        return [
          `bulkhead: ${counted(more, "file")} more (${endingsText(endings)}) ${more === 1 ? "was" : "were"} not read for the same reason: ${printable(reason)}${next}\n`,
        ];
      }),
  };
}

/** `60 .png, 57 .txt, 3 without an ending`. */
function endingsText(endings: ReadonlyMap<string, number>): string {
  const all = [...endings].sort(([, a], [, b]) => b - a);
  const shown = all.slice(0, endingsShown).map(([ending, count]) => `${count} ${ending === "" ? "without an ending" : printable(ending.slice(0, 20))}`);
  const rest = all.slice(endingsShown).reduce((sum, [, count]) => sum + count, 0);
  return [...shown, ...(rest > 0 ? [`${rest} others`] : [])].join(", ");
}
