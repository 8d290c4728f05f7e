import { instantOf, midnightOf, type Instant } from "@bulkhead/core/base/instant";

/** The instant that a flag names: a time with its zone, or a day for its first instant. One rule for every verb. */
export function instantIn(text: string): Instant {
  const at = instantOf(text) ?? midnightOf(text);
  if (at === undefined) throw new Error(`\`${text}\` is no time: write 2026-11-25T12:00:00Z, or 2026-11-25 for its first instant in UTC`);
  return at;
}

/** A window of time, by when a connection began. */
export const sinceFlag = { kind: "parsed", parse: instantIn, optional: true, brief: "Only connections that began at this time or later" } as const;
export const untilFlag = { kind: "parsed", parse: instantIn, optional: true, brief: "Only connections that began before this time" } as const;

/** Now, to the second. */
export function now(): Instant {
  return Math.floor(Date.now() / 1000) * 1_000_000;
}
