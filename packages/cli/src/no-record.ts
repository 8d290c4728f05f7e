import { instantText } from "@bulkhead/core/base/instant";
import { sortedOnce } from "@bulkhead/core/base/order";
import { nearest } from "@bulkhead/core/language/hints";
import type { ArchivedSource, ConnectionFilter } from "@bulkhead/core/outside";
import { counted } from "./counted.ts";

/** What was asked of the records, as it was asked. */
export type RecordsAsked = Pick<ConnectionFilter, "client" | "server" | "since" | "until" | "observer" | "source" | "limit"> & {
  readonly service?: string | undefined;
};

const listedMost = 8;

/** Says that no record is what was asked, what that was, and what would be next. */
export function noRecord(asked: RecordsAsked, sources: readonly ArchivedSource[]): string {
  const all = sources.reduce((sum, { records }) => sum + records, 0);
  if (all === 0) return "nothing was ingested yet\nnext: `bulkhead ingest PATH…` reads captures and flow logs\n";
  const { since, until, limit, ...ends } = asked;
  const times = { ...(since === undefined ? {} : { since: instantText(since) }), ...(until === undefined ? {} : { until: instantText(until) }) };
  const words = Object.entries({ ...ends, ...times }).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]));
  const said = limit === 0 ? "--limit 0 asks for none" : `none of ${counted(all, "record")} has ${words.join(" ") || "what was asked"}`;
  return `${said}\nnext: ${nextOf(asked, sources)}\n`;
}

function nextOf({ since, until, observer, source }: RecordsAsked, sources: readonly ArchivedSource[]): string {
  const formats = sortedOnce(sources.map((one) => one.source));
  if (source !== undefined && !formats.includes(source)) return meantOr("--source", source, formats);
  const observers = sortedOnce(sources.flatMap((one) => one.observer ?? []));
  if (observer !== undefined && !observers.includes(observer)) return meantOr("--observer", observer, observers);
  const first = sources.reduce<number>((least, one) => Math.min(least, one.first ?? Infinity), Infinity);
  const last = sources.reduce<number>((most, one) => Math.max(most, one.last ?? -Infinity), -Infinity);
  if (first <= last && ((since !== undefined && since > last) || (until !== undefined && until <= first)))
    return `they were seen from ${instantText(first)} to ${instantText(last)}`;
  return "`bulkhead flows` lists them all; leave a flag out to see more";
}

function meantOr(flag: string, word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  if (meant !== null) return `did you mean \`${flag} ${meant}\`?`;
  return known.length === 0
    ? `no record names one; leave ${flag} out`
    : `${flag} can be ${known.slice(0, listedMost).join(", ")}${known.length > listedMost ? " or another" : ""}`;
}
