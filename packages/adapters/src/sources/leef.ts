import { type CommonEvent, eventTold } from "./event-flow.ts";
import { separatedPairs } from "./pairs.ts";
import type { Told } from "./record.ts";
import { envelopeOf } from "./syslog.ts";
import type { YearOf } from "./when.ts";

const mark = /\bLEEF: ?[12](?:\.\d)?\|/;

/** Whether a line holds an event in IBM's Log Event Extended Format. */
export const isLeef = (line: string): boolean => mark.test(line);

/** What a LEEF line tells, or null when it is none. */
export function leefTold(line: string, yearOf: YearOf | null = null): Told | null {
  const event = leefEvent(line, yearOf);
  if (event === null) return null;
  return eventTold(event) ?? { kind: "notice", reason: "a LEEF event that is no flow" };
}

/** The event of a LEEF line, or null. */
export function leefEvent(line: string, yearOf: YearOf | null): CommonEvent | null {
  const found = mark.exec(line);
  if (found === null) return null;
  const parts = line.slice(found.index).split("|", 7);
  if (parts.length < 5) return null;
  const isSecond = parts[0]!.includes(":2") || parts[0]!.includes(": 2");
  const named = isSecond && parts.length > 5 ? separatorOf(parts[5]!) : null;
  const head = parts.slice(0, named === null ? 5 : 6).join("|").length + 1;
  const body = line.slice(found.index + head);
  // Version 1 has tabs; some write bars all the same.
  const separator = named ?? (body.includes("\t") ? "\t" : body.includes("|") ? "|" : "\t");
  return { vendor: parts[1]!, pairs: separatedPairs(body, separator), envelope: envelopeOf(line.slice(0, found.index), yearOf) };
}

/** Version 2 names its separator: one character, or its code as `x5E` or `0x5E`; null when this is no name of one. */
function separatorOf(text: string): string | null {
  const [, code] = /^0?x([0-9a-f]{1,4})$/i.exec(text) ?? [];
  if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
  if (text === "") return "\t";
  return text.length === 1 ? text : null;
}
