import { type Instant, instantOf } from "@bulkhead/core/base/instant";

/** A time as a log writes it: `at` is null when it cannot be told (no year, no time), `isZoned` says whether the text names its zone. */
export interface When {
  readonly at: Instant | null;
  readonly isZoned: boolean;
}

export const never: When = { at: null, isZoned: false };

/** What a record's note says of a time that was written without a zone. */
export const zoneless = "time without a zone, read as UTC";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const zone = "(?: ?(Z|UTC|GMT|[+-]\\d\\d:?\\d\\d)(?![\\w]))?";
const clock = "(\\d\\d:\\d\\d:\\d\\d)(?:[.,](\\d{1,9}))?";
// 2026-11-25T12:00:00.123+01:00, 2026/11/25 12:00:00
const yearFirst = new RegExp(`^(\\d{4})[-/](\\d\\d)[-/](\\d\\d)[T ]${clock}${zone}`);
// Nov 25 2026 12:00:00.123 UTC
const monthFirst = new RegExp(`^([A-Z][a-z]{2}) {1,2}(\\d{1,2}) (\\d{4}) ${clock}${zone}`);
// Wed Nov 25 12:00:00 2026
const yearLast = new RegExp(`^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\\d{1,2}) ${clock}${zone} (\\d{4})(?!\\d)`);
// Nov 25 12:00:00, as RFC 3164 has it
const yearless = new RegExp(`^([A-Z][a-z]{2}) {1,2}(\\d{1,2}) ${clock}`);

/** The year of a time that names none, by its month. */
export type YearOf = (month: string) => string;

/**
 * The year of the first time that names none, and of those behind it: from December to January a year goes by, however the lines are mixed
 * there. Null where nobody stated it.
 */
export function runningYear(first: number | undefined): YearOf | null {
  if (first === undefined) return null;
  let [year, before] = [first, 0];
  return (month) => {
    const number = Number(month);
    if (before > 0 && before - number > 6) year += 1;
    else if (before > 0 && number - before > 6) year -= 1;
    before = number;
    return String(year).padStart(4, "0");
  };
}

/** The time at the start of a text, and how many characters it takes; null when the text does not start with one. */
export function whenAt(text: string, yearOf: YearOf | null = null): { readonly when: When; readonly length: number } | null {
  const first = yearFirst.exec(text);
  if (first !== null) return read(first, { year: first[1]!, month: first[2]!, day: first[3]!, time: first[4]!, fraction: first[5], zone: first[6] });
  const named = monthFirst.exec(text);
  if (named !== null) return read(named, { year: named[3]!, month: monthOf(named[1]!), day: named[2]!, time: named[4]!, fraction: named[5], zone: named[6] });
  const late = yearLast.exec(text);
  if (late !== null) return read(late, { year: late[6]!, month: monthOf(late[1]!), day: late[2]!, time: late[3]!, fraction: late[4], zone: late[5] });
  const bare = yearless.exec(text);
  if (bare === null) return null;
  const month = monthOf(bare[1]!);
  if (yearOf === null || month === "00") return { when: never, length: bare[0].length };
  return read(bare, { year: yearOf(month), month, day: bare[2]!, time: bare[3]!, fraction: bare[4], zone: undefined });
}

/** The time that a whole text says, in any of the forms logs use: calendar time, or seconds, milliseconds, microseconds, nanoseconds since 1970. */
export function whenOf(text: string | undefined): When {
  if (text === undefined) return never;
  const trimmed = text.trim();
  const since = /^(\d{9,19})(?:\.(\d{1,9}))?$/.exec(trimmed);
  if (since !== null) return { at: epochOf(since[1]!, since[2] ?? ""), isZoned: true };
  const read = whenAt(trimmed);
  return read !== null && read.length === trimmed.length ? read.when : never;
}

/** The offset that a time states, in microseconds east of UTC; null when it states none. */
export function offsetOf(text: string): number | null {
  const [, word, sign, hours, minutes] = /(Z|UTC|GMT|([+-])(\d\d):?(\d\d))$/.exec(text.trim()) ?? [];
  if (word === undefined) return null;
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000_000;
}

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly time: string;
  readonly fraction: string | undefined;
  readonly zone: string | undefined;
}

const monthOf = (name: string): string => String(months.indexOf(name) + 1).padStart(2, "0");

function read(found: RegExpExecArray, { year, month, day, time, fraction, zone: named }: Parts): { readonly when: When; readonly length: number } {
  const east = named === undefined || /^[ZUG]/.test(named) ? "Z" : named.replace(/^(...):?/, "$1:");
  const at = instantOf(`${year}-${month}-${day.padStart(2, "0")}T${time}${fraction === undefined ? "" : `.${fraction}`}${east}`) ?? null;
  return { when: { at: at !== null && at >= 0 ? at : null, isZoned: named !== undefined }, length: found[0].length };
}

// Ten digits are seconds until 2286, thirteen milliseconds, sixteen microseconds, nineteen nanoseconds.
function epochOf(whole: string, fraction: string): Instant | null {
  const digits =
    whole.length <= 10
      ? `${whole}${fraction.slice(0, 6).padEnd(6, "0")}`
      : whole.length <= 13
        ? `${whole}000`
        : whole.length <= 16
          ? whole
          : whole.slice(0, -3);
  const micros = Number(digits);
  return micros <= Number.MAX_SAFE_INTEGER ? micros : null;
}
