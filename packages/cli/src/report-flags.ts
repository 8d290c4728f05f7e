import { dataFlag } from "./place-flags.ts";
import type { Instant } from "@bulkhead/core/base/instant";
import { instantIn, sinceFlag, untilFlag } from "./instant-flag.ts";

export interface ReportFlags {
  readonly out: string;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly at?: Instant;
  readonly front?: string;
  readonly pdf: boolean;
  readonly json?: boolean;
  readonly data?: string;
}

/** What every deliverable takes. */
export const reportFlags = {
  out: { kind: "parsed", parse: String, placeholder: "directory", brief: "Where to write; an earlier report there is replaced, nothing else is" },
  since: sinceFlag,
  until: untilFlag,
  at: { kind: "parsed", parse: instantIn, optional: true, brief: "The time that the report bears; now when nothing else is said" },
  front: {
    kind: "parsed",
    parse: String,
    optional: true,
    placeholder: "file",
    brief: "JSON with what only people know: agency, system, scope statement, …",
  },
  pdf: { kind: "boolean", default: true, withNegated: true, brief: "Also write report.pdf" },
  json: { kind: "boolean", optional: true, brief: "Print the decision record" },
  data: dataFlag,
} as const;
