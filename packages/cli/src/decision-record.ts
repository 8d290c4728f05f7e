import { digestOf } from "@bulkhead/adapters/digest";
import type { Pinned } from "@bulkhead/adapters/records/pinned-inputs";
import { Failure } from "@bulkhead/core/base/failure";
import { boundedText } from "./bounded-text.ts";

const kinds = ["report architecture", "report register"] as const;

/** Which deliverable a record is of. */
export type ReportKind = (typeof kinds)[number];

/** What a result rests on and what came out: enough to compute it again and to see that it is the same. */
export interface DecisionRecord {
  readonly record: 1;
  readonly kind: ReportKind;
  /** The version that computed it; another may word things differently. */
  readonly bulkhead: string;
  readonly inputs: Pinned;
  /** SHA-256 of each file that was written. */
  readonly outputs: Readonly<Record<string, string>>;
}

export function recordText(record: DecisionRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

export function outputDigests(files: ReadonlyMap<string, string | Uint8Array>): DecisionRecord["outputs"] {
  return Object.fromEntries([...files].map(([name, content]) => [name, digestOf(content)]));
}

const bytesMax = 4 << 20;

/** Reads a decision record. */
export async function recordIn(path: string): Promise<DecisionRecord> {
  const wrong = (why: string): Failure => new Failure(`${path} is no decision record: ${why}`, "name the record.json that stands beside a report");
  let parsed: Partial<DecisionRecord>;
  try {
    parsed = JSON.parse(await boundedText(path, { bytesMax, next: "name the record.json that stands beside a report" })) as Partial<DecisionRecord>;
  } catch (error) {
    if (error instanceof SyntaxError) throw wrong(error.message);
    throw error;
  }
  if (typeof parsed !== "object" || parsed === null || parsed.record !== 1) throw wrong("it has no `record: 1`");
  const kind = kinds.find((one) => one === parsed.kind);
  if (kind === undefined) throw wrong(`its kind ${JSON.stringify(parsed.kind)?.slice(0, 60)} is not known here`);
  const { inputs, outputs, bulkhead } = parsed;
  if (typeof inputs?.digest !== "string" || typeof inputs.bytes !== "number" || typeof outputs !== "object" || outputs === null || typeof bulkhead !== "string")
    throw wrong("it names no inputs, no outputs or no version");
  return { record: 1, kind, bulkhead, inputs, outputs };
}
