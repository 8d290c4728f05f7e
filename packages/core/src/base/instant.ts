/** base/ holds the small exact things everything else is made of: time, addresses, order, assertions. */

/** An instant in whole microseconds since 1970-01-01T00:00:00Z. Exact in a double until the year 2255. */
export type Instant = number;

/** Lengths of time in the unit of {@link Instant}. */
export const second = 1_000_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

// RFC 3339 §5.6 with the zone required; leap seconds (60) are not instants of POSIX time and are refused.
const fullTime = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;
const bareDate = /^\d{4}-\d\d-\d\d$/;

/** The instant of an RFC 3339 time with a zone, or undefined when the text is not one. Digits beyond microseconds are cut. */
export function instantOf(text: string): Instant | undefined {
  const [, date, time, fraction = "", zone] = fullTime.exec(text) ?? [];
  if (date === undefined || midnightOf(date) === undefined) return undefined;
  const ms = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** 00:00 UTC of a bare date such as `2026-12-15`, or undefined when there is no such day. */
export function midnightOf(text: string): Instant | undefined {
  if (!bareDate.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // Date.parse rolls 31 November over to 1 December.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return undefined;
  return ms * 1000;
}

/** RFC 3339 in UTC with as many fractional digits as the instant needs: `2026-11-25T12:00:00.123456Z`. */
export function instantText(at: Instant): string {
  const ms = Math.floor(at / 1000);
  const micros = at - Math.floor(at / second) * second;
  const whole = new Date(ms).toISOString().slice(0, 19);
  if (micros === 0) return `${whole}Z`;
  return `${whole}.${String(micros).padStart(6, "0").replace(/0+$/, "")}Z`;
}

/** The day in UTC on which an instant lies: `2026-11-25`. */
export const dayText = (at: Instant): string => instantText(at).slice(0, 10);
