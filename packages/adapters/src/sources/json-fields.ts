import { instantOf } from "@bulkhead/core/base/instant";
import { countOf, noLabels } from "./record.ts";

/** What JSON calls an object; its values are whatever somebody wrote. */
export type JsonObject = Readonly<Record<string, unknown>>;

const none: JsonObject = Object.freeze(Object.create(null) as JsonObject);

/** The value if it is an object, else one without anything in it. */
export const objectIn = (value: unknown): JsonObject => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : none);

/** The value if it is a list, else an empty one. */
export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

// Names of Kubernetes have at most 253 characters, paths of processes a few hundred.
const textMax = 1024;

/** The value if it is a text that says something: `-` and nothing are none. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value !== "-" && value.length <= textMax ? value : undefined;

/** A whole number that is not negative, written as a number or, as protobuf's JSON writes 64 bits, as a text; else null. */
export function wholeIn(value: unknown): number | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : null;
  return typeof value === "string" ? countOf(value) : null;
}

/** A port, or null. */
export function portIn(value: unknown): number | null {
  const port = wholeIn(value);
  return port !== null && port <= 65_535 ? port : null;
}

/** An RFC 3339 time, or null. */
export const timeIn = (value: unknown): number | null => (typeof value === "string" ? (instantOf(value) ?? null) : null);

/** A number of units since 1970 in whole microseconds, or null; zero is no time. */
export function timeOfUnits(value: unknown, microsPerUnit: number): number | null {
  const units = typeof value === "string" ? Number(value) : value;
  if (typeof units !== "number" || !(units > 0)) return null;
  const micros = Math.trunc(units * microsPerUnit);
  return Number.isSafeInteger(micros) ? micros : null;
}

/** Labels of those values that are there. */
export function labelsOf(told: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const entries = Object.entries(told).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length === 0 ? noLabels : Object.fromEntries(entries);
}
