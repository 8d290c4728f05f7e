import type { Instant } from "../base/instant.ts";
import type { Document } from "./document.ts";
import { timeText } from "./time-text.ts";

/** What only people know, by name; a line without a text shows that nobody said it. */
export const frontNames: readonly string[] = [
  "agency",
  "system",
  "FISMA system id",
  "FIPS 199 level",
  "HVA",
  "authorisation boundary",
  "distribution",
  "scope statement",
  "author",
  "reviewer",
  "system owner",
];

/** What every deliverable is told beside its facts. */
export interface Told {
  /** The version of bulkhead. */
  readonly version: string;
  readonly generatedAt: Instant;
  /** The window of the traffic; null is open. */
  readonly since: Instant | null;
  readonly until: Instant | null;
  /** Front matter that only people know, by name. */
  readonly front: Readonly<Record<string, string>>;
}

interface Own {
  readonly phase: string;
  readonly limitations: readonly string[];
  /** Lines that only this deliverable has. */
  readonly more?: Document["front"];
}

/** The head of a deliverable (REQUIREMENTS §10): who, what, when, and what it cannot say. */
export function frontMatter({ version, generatedAt, since, until, front }: Told, { phase, limitations, more = [] }: Own): Document["front"] {
  const stated = new Map(Object.entries(front));
  return [
    ...frontNames.map((name) => [name, stated.get(name) ?? "not stated"] as const),
    ["phase", phase],
    ["from", timeText(since) ?? "the first record"],
    ["until", timeText(until) ?? "the last record"],
    ...more,
    ["generated", timeText(generatedAt)!],
    ["bulkhead", version],
    ["limitations", limitations.join("; ")],
  ];
}
