import { fractions } from "../../../base/stratified-sample.ts";
import type { DeclaredCycle } from "../declared-cycle.ts";
import type { Dependency, Watched, WatchedGroup } from "../watched.ts";
import { calendarDays } from "../calendar-days.ts";

/** Numbers from 0 to 1, the same for the same seed, and for neighbouring seeds far from each other. */
export const chances = (seed: number): (() => number) => fractions(seed * 2_654_435_761);

/** What lives: how many dependencies of which kind. */
export interface Life {
  readonly seed: number;
  readonly days: number;
  /** With rates spread over four orders of magnitude. */
  readonly ordinary: number;
  /** Applications to which an administrator comes in visits; ten groups each. */
  readonly visited?: number;
  /** On the last day of each month. */
  readonly monthEnd?: number;
  readonly cycles?: readonly DeclaredCycle[];
  /** A Monday unless said. */
  readonly origin?: number;
}

// 2026-03-02, a Monday.
export const monday = Date.UTC(2026, 2, 2) / 86_400_000;
const groupsVisited = 10;

/** A network that was watched for so many days, and everything that lives in it, seen or not. The unseen have no day. */
export function lived(life: Life): Watched {
  const { seed, days, ordinary, visited = 0, monthEnd = 0, cycles = [], origin = monday } = life;
  const next = chances(seed);
  const groups: WatchedGroup[] = Array.from({ length: 40 }, (_, at) => ({ id: `g${at}`, labels: { app: `a${at % 8}` }, since: 0 }));
  const dependencies: Dependency[] = [];
  const add = (one: Pick<Dependency, "client" | "server" | "service">, own: readonly number[]): void => {
    if (own.length > 0) dependencies.push({ ...one, days: own, hours: [], since: 0, sight: 0 });
  };
  const all = Array.from({ length: days }, (_, day) => day);
  for (let at = 0; at < ordinary; at += 1) {
    const rate = 0.25 * Math.exp(2 * gaussian(next));
    const chance = -Math.expm1(-rate);
    add(
      { client: `g${at % 40}`, server: `g${(at * 7 + 3) % 40}`, service: `tcp/${1000 + at}` },
      all.filter(() => next() < chance),
    );
  }
  const calendar = calendarDays(origin, days + 1);
  for (let at = 0; at < monthEnd; at += 1)
    add(
      { client: `g${at % 40}`, server: `g${(at * 3 + 1) % 40}`, service: `tcp/${9000 + at}` },
      all.filter((day) => calendar[day + 1]!.dayOfMonth === 1),
    );
  for (let app = 0; app < visited; app += 1) {
    const visits = all.filter(() => next() < 1 / 12);
    for (let group = 0; group < groupsVisited; group += 1) {
      const id = `v${app}-${group}`;
      groups.push({ id, labels: { app: `v${app}` }, since: 0 });
      // Everybody is seen by somebody from another application, so that it is known to be there.
      add({ client: "g0", server: id, service: "tcp/9100" }, all);
      const touch = 0.15 + 0.75 * next();
      add(
        { client: "bastion", server: id, service: "tcp/22" },
        visits.filter(() => next() < touch),
      );
    }
  }
  return { origin, days, isObserved: all.map(() => true), sights: [all.map(() => 1)], inSight: all.map(() => 1), dependencies, groups, cycles };
}

// Irwin and Hall: the sum of twelve is close enough to a normal distribution.
const gaussian = (next: () => number): number => Array.from({ length: 12 }, next).reduce((sum, one) => sum + one, -6);
