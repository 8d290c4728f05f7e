import type { RouteMap } from "@stricli/core";
import type { Context } from "./context.ts";

/** The verbs in the order in which one meets them; a verb that this program does not have is left out. */
const journey: readonly { readonly title: string; readonly verbs: readonly string[] }[] = [
  {
    title: "See what is there",
    verbs: ["inventory", "decode", "ingest", "listen", "watch", "sources", "flows", "map", "functions", "translations", "declared", "completeness", "calendar"],
  },
  { title: "Write policy", verbs: ["init", "recommend", "check", "test", "lint", "fmt"] },
  { title: "Ask before anything is enforced", verbs: ["decide", "explain", "simulate", "diff", "reach", "relabel"] },
  { title: "Put it into force", verbs: ["compile", "agent"] },
  { title: "Tell others", verbs: ["report", "replay"] },
  { title: "Practise", verbs: ["lab"] },
];

/** What `bulkhead --help` prints: every verb with its sentence, in the order of the journey. */
export function journeyText(routes: RouteMap<Context>): string {
  const briefs = new Map(routes.getAllEntries().map(({ name, target }) => [name["convert-camel-to-kebab"], target.brief]));
  const named = new Set(journey.flatMap(({ verbs }) => verbs));
  const rest = [...briefs.keys()].filter((verb) => !named.has(verb));
  const widest = Math.max(...[...briefs.keys()].map((verb) => verb.length));
  const stretch = ({ title, verbs }: (typeof journey)[number]): string =>
    [title, ...verbs.flatMap((verb) => (briefs.has(verb) ? [`  ${verb.padEnd(widest)}  ${briefs.get(verb)!}`] : []))].join("\n");
  return [
    `bulkhead: ${routes.brief}`,
    ...[...journey, { title: "And", verbs: rest }].filter(({ verbs }) => verbs.some((verb) => briefs.has(verb))).map(stretch),
    "`bulkhead VERB --help` says what a verb takes. Begin with `bulkhead inventory import FILE`, `bulkhead ingest PATH…` and `bulkhead map`.\n" +
      "Results on standard output, the rest on standard error; --json for machines. Exit 0: yes. 1: no. 2: could not tell.\n" +
      "State lives in ./.bulkhead, or where --data DIR or BULKHEAD_DATA says.\n",
  ].join("\n\n");
}
