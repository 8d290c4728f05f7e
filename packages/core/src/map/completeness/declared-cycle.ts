/** What an organisation says of its own rhythm: a month end, a release, a test. */
export interface DeclaredCycle {
  readonly name: string;
  /** `weekly`, `monthly`, `quarterly`, `yearly`, `irregular`, `release`, … */
  readonly kind: string;
  /** The application whose release it is. */
  readonly app: string | null;
  /** Days, rising; empty when only the rhythm is declared. */
  readonly dates: readonly number[];
}

/** Whether a declared date was watched, for the most part of its day and of what is known. */
export const wasWatched = ({ dates }: DeclaredCycle, { days, inSight }: { readonly days: number; readonly inSight: readonly number[] }): boolean =>
  dates.some((day) => day >= 0 && day < days && inSight[day]! >= 0.5);

/** Whether one lies in the days after. */
export const isAhead = ({ dates }: DeclaredCycle, { days, horizon }: { readonly days: number; readonly horizon: number }): boolean =>
  dates.some((day) => day >= days && day < days + horizon);
