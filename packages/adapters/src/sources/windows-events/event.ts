import type { Told } from "../record.ts";

/** What one event says, by the lower-case names of its fields: those of its body, and `eventid`, `providername`, `channel`, `computer`, `systemtime`. */
export type EventFields = ReadonlyMap<string, string>;

/** An event, or why there is none. */
export type Found =
  | { readonly kind: "event"; readonly fields: EventFields; readonly line: number | null }
  | { readonly kind: "broken"; readonly told: Told; readonly line: number | null };

/** Finds the events in bytes, whatever their cut, in bounded memory. */
export interface EventReader {
  push(bytes: Uint8Array): void;
  end(): void;
}

/** The most fields that an event has; Sysmon's largest has under fifty. */
export const fieldsMax = 512;

/** The longest text of a field that is kept. */
export const textMax = 65_536;
