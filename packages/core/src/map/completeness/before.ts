import { dayText, type Instant } from "../../base/instant.ts";
import type { ArchivedSource } from "../../outside.ts";
import { daysMost } from "./watch.ts";

/** Records of files that end before the days that count. */
export interface Before {
  readonly records: number;
  readonly first: Instant;
  readonly last: Instant;
}

/** What was recorded before the first of the days that count; null where nothing was. */
export function beforeOf(sources: readonly ArchivedSource[], since: Instant): Before | null {
  const spans = sources.flatMap(({ records, first, last }) => (first === null || (last ?? first) >= since ? [] : [{ records, first, last: last ?? first }]));
  return spans.reduce<Before | null>(
    (all, one) => ({
      records: (all?.records ?? 0) + one.records,
      first: Math.min(all?.first ?? Infinity, one.first),
      last: Math.max(all?.last ?? -Infinity, one.last),
    }),
    null,
  );
}

/** That other days were recorded, too, and count for nothing. */
export function beforeText({ records, first, last }: Before): string {
  const [from, until] = [dayText(first), dayText(last)];
  return `only the last ${daysMost} days count; before them: ${records === 1 ? "1 record" : `${records} records`} of ${from === until ? from : `${from} until ${until}`}`;
}
