/** What is special about a day; weekday 0 is Monday. */
export interface CalendarDay {
  readonly weekday: number;
  readonly isWorkday: boolean;
  readonly dayOfMonth: number;
}

const dayMs = 86_400_000;

/** So many days from `origin`, which counts from 1970-01-01. */
export function calendarDays(origin: number, count: number): readonly CalendarDay[] {
  return Array.from({ length: count }, (_, at) => {
    const date = new Date((origin + at) * dayMs);
    const weekday = (date.getUTCDay() + 6) % 7;
    return { weekday, isWorkday: weekday < 5, dayOfMonth: date.getUTCDate() };
  });
}
