/** calendar/ keeps what people declare of an organisation's rhythm, and reads calendars of files. */
import type { DeclaredEvent } from "@bulkhead/core/map/calendar/declared-events";
import { join } from "node:path";
import { addLines, type Chained, type ChainedFile, chainedLines } from "../chained-lines.ts";

/** Who said it, when, and why. */
export interface Said {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly because: string | null;
}

/** An event that stands, with who declared it. */
export type KeptEvent = DeclaredEvent & Said;

type Line = (KeptEvent & { readonly act: "declare" }) | (Said & { readonly act: "withdraw"; readonly name: string });

const fileIn = (dataDirectory: string): ChainedFile => ({
  path: join(dataDirectory, "calendar.jsonl"),
  what: "an event of the calendar",
  mend: "bring the file back from a backup, or move it away and declare the events again",
});

/** Keeps declared events for good; the last of a name is the one that stands. */
export const declareEvents = (dataDirectory: string, events: readonly KeptEvent[]): Promise<void> =>
  addLines(
    fileIn(dataDirectory),
    events.map((event) => ({ act: "declare", ...event })),
  );

/** Takes an event back; that it was declared stays on record. */
export const withdrawEvent = (dataDirectory: string, withdrawn: Said & { readonly name: string }): Promise<void> =>
  addLines(fileIn(dataDirectory), [{ act: "withdraw", ...withdrawn }]);

/** The events that stand, in the order in which they were declared first. */
export async function eventsIn(dataDirectory: string): Promise<readonly KeptEvent[]> {
  const standing = new Map<string, KeptEvent>();
  for (const line of await chainedLines<Line>(fileIn(dataDirectory), isWhole)) {
    if (line.act === "withdraw") standing.delete(line.name);
    else standing.set(line.name, eventOf(line));
  }
  return [...standing.values()];
}

function eventOf({ name, kind, app, dates, every, by, at, because }: KeptEvent & Chained): KeptEvent {
  return { name, kind, app, dates, every, by, at, because };
}

function isWhole(line: Line): boolean {
  if (![line.name, line.by, line.at].every((value) => typeof value === "string")) return false;
  if (line.act === "withdraw") return true;
  return (
    line.act === "declare" &&
    typeof line.kind === "string" &&
    [line.app, line.every].every((value) => value === null || typeof value === "string") &&
    Array.isArray(line.dates) &&
    line.dates.every(Number.isInteger)
  );
}
