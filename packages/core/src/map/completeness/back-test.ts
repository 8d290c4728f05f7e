import type { Interval } from "./interval.ts";
import { forecast, type Forecast } from "./unseen.ts";
import { newBetween, type Watched, watchedUntil } from "./watched.ts";

/** What would have been said on an earlier day, and what really came. */
export interface Trial {
  /** The first day of the horizon, counted as in what was watched. */
  readonly from: number;
  readonly came: number;
  readonly said: Interval | null;
  readonly silent: string | null;
}

/** The estimate of today beside those of earlier days. */
export interface TriedForecast {
  readonly forecast: Forecast;
  /** Earliest first. */
  readonly trials: readonly Trial[];
}

const trialsMost = 6;
// How many trials the spread measured on generated organisations is worth; a few of this network's own correct it slowly.
const spreadWorth = 12;
// One surprise must not make every later answer useless.
const surpriseMost = 9;

/** Estimates, and tells how the same estimate would have fared on this network: what it missed widens it, what it overdid narrows it. */
export function triedForecast(watched: Watched, horizon: number): TriedForecast {
  const trials: (Trial & { readonly surprise: number | null })[] = [];
  for (let from = watched.days - horizon; from > 0 && trials.length < trialsMost; from -= horizon) trials.unshift(trialAt(watched, from, horizon));
  const surprises = trials.flatMap(({ surprise }) => (surprise === null ? [] : [surprise]));
  const spread = (spreadWorth + surprises.reduce((sum, one) => sum + Math.min(surpriseMost, one), 0)) / (spreadWorth + surprises.length);
  return {
    forecast: forecast(watched, { horizon, spread }),
    trials: trials.filter(({ said, silent }) => said !== null || silent !== null).map(({ from, came, said, silent }) => ({ from, came, said, silent })),
  };
}

function trialAt(watched: Watched, from: number, horizon: number): Trial & { readonly surprise: number | null } {
  const came = newBetween(watched, { from, until: from + horizon });
  const then = forecast(watchedUntil(watched, from), { horizon });
  if (then.kind === "silent") return { from, came, said: null, silent: then.why, surprise: null };
  const { mean, variance } = then.moments;
  return { from, came, said: then.interval, silent: null, surprise: (came - mean) ** 2 / variance };
}
