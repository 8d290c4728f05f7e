import type { Decoded, Decoder } from "@bulkhead/core/outside";
import { zoneless } from "./when.ts";

/** What whoever reads files states of times that leave something out. */
export interface Dated {
  /** The year of the first time that names none. */
  readonly year?: number;
  /** How far east of UTC times are that name no zone, in microseconds. */
  readonly east?: number;
}

/** The decoder, with times that name no zone as they are meant. */
export function datedDecoder(decoder: Decoder, { east }: Dated): Decoder {
  if (east === undefined) return decoder;
  const all = (decoded: Iterable<Decoded>): readonly Decoded[] => Array.from(decoded, (one) => meant(one, east));
  return {
    push: (bytes) => all(decoder.push(bytes)),
    end: () => all(decoder.end()),
    ...(decoder.rest === undefined ? {} : { rest: () => all(decoder.rest?.() ?? []) }),
  };
}

function meant(one: Decoded, east: number): Decoded {
  if (one.kind !== "connection") return one;
  const { first, last, note } = one.connection;
  const remarks = note?.split("; ") ?? [];
  if (!remarks.includes(zoneless)) return one;
  const kept = remarks.filter((remark) => remark !== zoneless);
  const shifted = (at: number | null): number | null => (at === null ? null : Math.max(0, at - east));
  return {
    kind: "connection",
    connection: { ...one.connection, first: shifted(first), last: shifted(last), note: kept.length === 0 ? null : kept.join("; ") },
  };
}
