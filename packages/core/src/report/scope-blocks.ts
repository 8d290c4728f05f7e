import { someOf } from "../base/some-of.ts";
import { byCodePoint } from "../base/order.ts";
import type { ArchivedSource } from "../outside.ts";
import { type Table, type Words, words } from "./document.ts";
import type { Told } from "./front-matter.ts";
import { timeText } from "./time-text.ts";

/** What each format cannot tell, in words, by its name. */
export type CannotTell = Readonly<Record<string, string>>;

/** Which conversations a deliverable is about. */
export function windowWords({ since, until }: Pick<Told, "since" | "until">): Words {
  if (since === null && until === null) return words("Everything that was ingested.");
  return words(
    `Conversations that began ${since === null ? "" : `from ${timeText(since)!} `}${until === null ? "" : `before ${timeText(until)!}`}`.trim() + ".",
  );
}

export const attributionWords = words(
  "Flow records say who opened a connection to whom, when and how much; no payload is kept. Every address is attributed by the lease of the time of its flow; where two claim one, neither is believed.",
);

const observersMost = 6;

/** Who saw it, in a few words: those with most records first, and how many more. */
export function observersText(sources: readonly ArchivedSource[]): string {
  if (sources.length === 0) return "nothing was ingested";
  const records = new Map<string, number>();
  for (const { observer, source, records: count } of sources) records.set(observer ?? source, (records.get(observer ?? source) ?? 0) + count);
  const names = [...records].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b)).map(([name]) => name);
  return `seen by ${someOf(names, observersMost)}`;
}

/** What was ingested, and what it cannot tell. */
export function sourcesTable({ sources, cannotTell }: { readonly sources: readonly ArchivedSource[]; readonly cannotTell: CannotTell }): Table {
  return {
    kind: "table",
    id: "sources",
    title: "Sources",
    columns: ["format", "observer", "file", "records", "first", "last", "cannot tell"],
    rows: sources.map(({ source, observer, file, records, first, last }) => [
      source,
      observer,
      file,
      records,
      timeText(first),
      timeText(last),
      cannotTell[source] ?? null,
    ]),
    empty: "Nothing was ingested. Next: `bulkhead ingest PATH…`.",
  };
}
