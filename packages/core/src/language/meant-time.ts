import { instantOf, instantText, midnightOf, second } from "../base/instant.ts";
import { oneOf, quoted } from "./reading.ts";

/** What to type for a time that cannot be read: the days that `12/15/2026` or `15.12.2026` can mean, or `2026-12-15 18:00` with its zone. */
export function timeHelp(text: string): string {
  const days = daysMeant(text);
  if (/^\d{10}$/.test(text)) return `write ${quoted(instantText(Number(text) * second))}`;
  const [, year = "", month = ""] = /^(\d{4})-(0[1-9]|1[0-2])-\d\d$/.exec(text) ?? [];
  if (month !== "") return `that month ends on ${quoted(lastDayOf(Number(year), Number(month)))}`;
  const [, date = "", clock = "", seconds = ":00", zone = "Z"] = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d)(:\d\d)? ?(Z|[+-]\d\d:\d\d)?$/i.exec(text) ?? [];
  const whole = `${date}T${clock}${seconds}${zone.toUpperCase()}`;
  if (instantOf(whole) !== undefined) return `write ${quoted(whole)}`;
  if (days.length > 0) return `write ${oneOf(days)}`;
  return "write a date such as `2026-12-15`, or a time with its zone such as `2026-12-15T18:00:00Z`";
}

/** Day 0 of the next month is the last of this one. */
const lastDayOf = (year: number, month: number): string => new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);

/** The days that three numbers can mean: the year is the one of four digits, and which of the others is the month is known only where one is above 12. */
function daysMeant(text: string): readonly string[] {
  const numbers = /^(\d{1,4})[/. -]+(\d{1,2})[/. -]+(\d{1,4})$/.exec(text.trim())?.slice(1) ?? [];
  const [first = "", second = "", third = ""] = numbers;
  const orders =
    first.length === 4
      ? [[first, second, third]]
      : third.length === 4
        ? [
            [third, first, second],
            [third, second, first],
          ]
        : [];
  const days = orders.map(([year, month, day]) => `${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}`);
  return [...new Set(days)].filter((day) => midnightOf(day) !== undefined);
}
