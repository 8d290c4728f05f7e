import { offsetOf } from "@bulkhead/adapters/sources/when";
import type { Dated } from "@bulkhead/adapters/sources/dated";

/** What the flags --year and --zone say of times that leave something out. */
export interface DatedFlags {
  readonly year?: number;
  readonly zone?: number;
}

/** How files are read. */
export interface ReadingFlags extends DatedFlags {
  readonly format?: string;
  readonly mapping?: string;
}

/** The year that a flag names. */
function yearIn(text: string): number {
  if (!/^(19|20|21)\d\d$/.test(text)) throw new SyntaxError(`\`${text}\` is no year: write 2026`);
  return Number(text);
}

/** The zone that a flag names, in microseconds east of UTC. */
function zoneIn(text: string): number {
  const east = /^(Z|UTC|[+-](0\d|1[0-4]):?[0-5]\d)$/.test(text) ? offsetOf(text) : null;
  if (east === null) throw new SyntaxError(`\`${text}\` is no zone: write +01:00, -05:00 or UTC`);
  return east;
}

export function datedBy({ year, zone }: DatedFlags): Dated {
  return { ...(year === undefined ? {} : { year }), ...(zone === undefined ? {} : { east: zone }) };
}

const yearFlag = { kind: "parsed", parse: yearIn, optional: true, brief: "The year of the first time that names none, as syslog's do not" } as const;
export const zoneFlag = {
  kind: "parsed",
  parse: zoneIn,
  optional: true,
  brief: "The zone of times that name none: +01:00 (else UTC, and the note says so)",
} as const;

export const readingFlags = {
  format: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "Read every file as this format, whatever it looks like (docs/reference/flow-sources.md names them)",
  },
  mapping: { kind: "parsed", parse: String, optional: true, brief: "For CSV: which column is what (docs/reference/csv-mapping.md)" },
  year: yearFlag,
  zone: zoneFlag,
} as const;
