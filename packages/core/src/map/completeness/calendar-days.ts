/** What is special about a day; weekday 0 is Monday, month 0 January. Holidays nobody told. */
export interface CalendarDay {
  readonly weekday: number;
  readonly isWorkday: boolean;
  readonly dayOfMonth: number;
  readonly daysInMonth: number;
  readonly month: number;
}

const dayMs = 86_400_000;
const workdays = 5;

/** A day of UTC, counted from 1970-01-01. */
export function calendarDay(day: number): CalendarDay {
  const date = new Date(day * dayMs);
  const [weekday, month] = [(date.getUTCDay() + 6) % 7, date.getUTCMonth()];
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return { weekday, isWorkday: weekday < workdays, dayOfMonth: date.getUTCDate(), daysInMonth, month };
}

/** So many days from `origin`, which counts from 1970-01-01. */
export const calendarDays = (origin: number, count: number): readonly CalendarDay[] => Array.from({ length: count }, (_, at) => calendarDay(origin + at));
