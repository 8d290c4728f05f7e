import type { Fed } from "@bulkhead/adapters/feeds/fed";
import { silentSince } from "@bulkhead/adapters/feeds/fed";
import type { Feed } from "@bulkhead/adapters/feeds/feeds";
import { formatOf } from "@bulkhead/adapters/sources/open";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import type { ArchivedSource } from "@bulkhead/core/outside";
import { largest, smallest } from "@bulkhead/core/telemetry/account";
import { cannotTell } from "./cannot-tell.ts";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

/** What files told, by format and observer. */
export interface Told {
  readonly format: string;
  readonly observer: string | null;
  readonly files: number;
  readonly records: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

/** The archive's sources without those that feeds told, summed by format and observer. */
export function toldByFiles(sources: readonly ArchivedSource[], feeds: readonly Feed[]): readonly Told[] {
  const fed = new Set(feeds.flatMap((feed) => feed.fed.map(({ name }) => name)));
  const sums = new Map<string, Told>();
  for (const { source, file, observer, records, first, last } of sources) {
    if (fed.has(file)) continue;
    const key = JSON.stringify([source, observer]);
    const known = sums.get(key) ?? { format: source, observer, files: 0, records: 0, first: null, last: null };
    sums.set(key, { ...known, files: known.files + 1, records: known.records + records, first: smallest(known.first, first), last: largest(known.last, last) });
  }
  return [...sums.values()].sort((a, b) => b.records - a.records);
}

const timeOrNull = (at: Instant | null): string | null => (at === null ? null : instantText(at));
const blindOf = (format: string): readonly string[] => {
  const known = formatOf(format);
  return known === null ? [] : cannotTell(known.tells);
};

/** What feeds and files told, for machines. */
export function sourcesJson(feeds: readonly Feed[], told: readonly Told[], now: Instant): object {
  return {
    feeds: feeds.map(({ feed, isRunning, started, beat, kernelDrops, spooledBytes, damaged, fed }) => ({
      feed,
      isRunning,
      since: instantText(started),
      lastSeen: instantText(beat),
      kernelDrops,
      spooledBytes,
      damaged,
      sources: [...fed].sort(byRecords).map((one) => fedJson(one, isRunning, now)),
    })),
    files: told.map((one) => ({ ...one, first: timeOrNull(one.first), last: timeOrNull(one.last), cannotTell: blindOf(one.format) })),
  };
}

const byRecords = (a: Fed, b: Fed): number => b.records - a.records || (a.name < b.name ? -1 : 1);

function fedJson(fed: Fed, isRunning: boolean, now: Instant): object {
  const { name, format, records, rejects, notices, dropped } = fed;
  return {
    name,
    format,
    since: instantText(fed.since),
    lastHeard: instantText(fed.heard),
    records,
    lastRecord: timeOrNull(fed.latest),
    rejects,
    dropped,
    notices,
    usualSeconds: fed.usual === null ? null : fed.usual / 1e6,
    silentSince: isRunning ? timeOrNull(silentSince(fed, now)) : null,
    cannotTell: blindOf(format),
  };
}

/** What feeds and files told, for people. */
export function sourcesText(feeds: readonly Feed[], told: readonly Told[], now: Instant): string {
  return [...feeds.map((feed) => feedText(feed, now)), ...told.map(toldText)].join("\n");
}

const shownMax = 40;

function feedText({ feed, isRunning, started, beat, kernelDrops, spooledBytes, damaged, fed }: Feed, now: Instant): string {
  const drops = Object.entries(kernelDrops).flatMap(([where, count]) =>
    count > 0 ? [`  ${where}: the kernel dropped ${counted(count, "datagram")} before they could be read`] : [],
  );
  const shown = [...fed].sort(byRecords).slice(0, shownMax);
  return [
    `${printable(feed)}: ${isRunning ? "runs" : `does not run, last seen ${instantText(beat)}`}; since ${instantText(started)}`,
    ...drops,
    ...(spooledBytes > 0 ? [`  ${spooledBytes} bytes wait in the spool`] : []),
    ...damaged.map((path) => `  damaged: ${printable(path)}`),
    ...shown.flatMap((one) => fedText(one, isRunning, now)),
    ...(fed.length > shownMax ? [`  and ${fed.length - shownMax} more; --json lists all`] : []),
    "",
  ].join("\n");
}

function fedText(fed: Fed, isRunning: boolean, now: Instant): readonly string[] {
  const silent = isRunning ? silentSince(fed, now) : null;
  const notices = Object.entries(fed.notices).map(([reason, count]) => `${count} × ${printable(reason)}`);
  return [
    `  ${printable(fed.name)}: ${counted(fed.records, "record")} (${fed.format}) since ${instantText(fed.since)}, last heard ${instantText(fed.heard)}`,
    ...(silent === null ? [] : [`    silent since ${instantText(silent)}; it usually speaks every ${secondsText(fed.usual ?? 0)}`]),
    ...(fed.rejects > 0 ? [`    ${counted(fed.rejects, "record")} could not be read`] : []),
    ...(fed.dropped > 0 ? [`    ${fed.dropped} found no room in our queue`] : []),
    ...notices.map((notice) => `    ${notice}`),
    ...blindText(fed.format),
  ];
}

const blindText = (format: string): readonly string[] => {
  const blind = blindOf(format);
  return blind.length === 0 ? [] : [`    cannot tell ${blind.join(", ")}`];
};

const secondsText = (micros: number): string => (micros < 120_000_000 ? `${Math.round(micros / 1e6)} s` : `${Math.round(micros / 60e6)} min`);

function toldText({ format, observer, files, records, first, last }: Told): string {
  const span = first === null || last === null ? "without times" : `from ${instantText(first)} to ${instantText(last)}`;
  return [
    `${counted(files, "file")} of ${format}${observer === null ? "" : `, observer ${printable(observer)}`}: ${counted(records, "record")} ${span}`,
    ...blindText(format).map((line) => line.slice(2)),
    "",
  ].join("\n");
}
