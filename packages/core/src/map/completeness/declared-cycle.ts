/** What an organisation says of its own rhythm: a month end, a release, a test. */
export interface DeclaredCycle {
  readonly name: string;
  /** `weekly`, `monthly`, `quarterly`, `yearly`, `irregular`, `release`, `month-end`, … */
  readonly kind: string;
  /** The application whose release it is. */
  readonly app: string | null;
  /** Days, rising; empty when only the rhythm is declared. */
  readonly dates: readonly number[];
}

/** Whether a day was watched, for the most part of it and of what is known. */
export const isWatchedOn = (day: number, { days, inSight }: { readonly days: number; readonly inSight: readonly number[] }): boolean =>
  day >= 0 && day < days && inSight[day]! >= 0.5;

/** Whether a declared date was watched. */
export const wasWatched = ({ dates }: DeclaredCycle, watched: { readonly days: number; readonly inSight: readonly number[] }): boolean =>
  dates.some((day) => isWatchedOn(day, watched));

/** Whether one lies in the days after. */
export const isAhead = ({ dates }: DeclaredCycle, { days, horizon }: { readonly days: number; readonly horizon: number }): boolean =>
  dates.some((day) => day >= days && day < days + horizon);
