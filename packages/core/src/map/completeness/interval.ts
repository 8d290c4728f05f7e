import type { Moments } from "./visits.ts";

/** A number that will come, and between which bounds nine times in ten. */
export interface Interval {
  readonly dependencies: number;
  readonly low: number;
  readonly high: number;
}

export const level = 0.9;
// The normal distribution leaves 5 % on each side.
const z = 1.6448536269514722;

/** The interval of a gamma distribution with this mean and variance (Wilson and Hilferty 1931): never below zero, longer upwards. */
export function gammaInterval({ mean, variance }: Moments): Interval {
  if (!(mean > 0)) return { dependencies: 0, low: 0, high: Math.ceil(z * Math.sqrt(Math.max(0, variance))) };
  const shape = (mean * mean) / Math.max(variance, 1e-9);
  const quantile = (at: number): number => mean * Math.max(0, 1 - 1 / (9 * shape) + at / (3 * Math.sqrt(shape))) ** 3;
  const low = Math.floor(quantile(-z));
  return { dependencies: Math.round(mean), low, high: Math.max(low, Math.ceil(quantile(z))) };
}

/** The interval of a share of cases (Wilson 1927), 95 %. Nothing is known without cases. */
export function wilson(part: number, whole: number): { readonly low: number; readonly high: number } | null {
  if (!(whole > 0)) return null;
  const square = 1.959963984540054 ** 2;
  const share = Math.min(1, Math.max(0, part / whole));
  const centre = (share + square / (2 * whole)) / (1 + square / whole);
  const half = (Math.sqrt(square) * Math.sqrt((share * (1 - share)) / whole + square / (4 * whole * whole))) / (1 + square / whole);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
