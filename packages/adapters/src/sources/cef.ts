import { type CommonEvent, eventTold } from "./event-flow.ts";
import { extensionPairs } from "./pairs.ts";
import type { Told } from "./record.ts";
import { envelopeOf } from "./syslog.ts";
import type { YearOf } from "./when.ts";

// Fortinet writes a blank behind the colon.
const mark = /\bCEF: ?\d\|/;

/** Whether a line holds an event in ArcSight's Common Event Format. */
export const isCef = (line: string): boolean => mark.test(line);

/** What a CEF line tells, or null when it is none. */
export function cefTold(line: string, yearOf: YearOf | null = null): Told | null {
  const event = cefEvent(line, yearOf);
  if (event === null) return null;
  return eventTold(event) ?? { kind: "notice", reason: "a CEF event that is no flow" };
}

/** The event of a CEF line, or null. Bars and backslashes of the header are escaped by a backslash. */
export function cefEvent(line: string, yearOf: YearOf | null): CommonEvent | null {
  const found = mark.exec(line);
  if (found === null) return null;
  const text = line.slice(found.index);
  const header: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length && header.length < 7; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "|") {
      header.push(text.slice(from, at));
      from = at + 1;
    }
  }
  if (header.length < 7) return null;
  return { vendor: header[1]!, pairs: extensionPairs(text.slice(from)), envelope: envelopeOf(line.slice(0, found.index), yearOf) };
}
