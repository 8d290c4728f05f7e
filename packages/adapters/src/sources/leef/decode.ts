import type { FlowFormat } from "@bulkhead/core/outside";
import { firstLines } from "../first-lines.ts";
import { isLeef, leefTold } from "../leef.ts";
import { lineDecoder } from "../line-decoder.ts";
import { nothing } from "../record.ts";
import { runningYear } from "../when.ts";

/** Events in IBM's Log Event Extended Format, whoever wrote them. */
export const leef: FlowFormat = {
  name: "leef",
  tells: {
    reads: "Log Event Extended Format 1 and 2, over syslog or in files, of any product",
    opener: ["stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "sometimes",
    counts: ["both", "one", "none"],
    connections: ["records", "windows"],
    bytes: ["unsaid"],
    sampling: "unsaid",
    labels: ["user", "host", "process"],
    times: "first and last",
    gaps: "events without two addresses and a protocol are counted as no flows; what a product leaves out of its events is not said",
  },
  recognises: (head) => firstLines(head).some(isLeef),
  decoder(input) {
    const yearOf = input.year === undefined ? null : runningYear(input.year);
    return lineDecoder("leef", input, (line) =>
      line.trim() === "" ? nothing : (leefTold(line, yearOf) ?? { kind: "notice", reason: "a line that is no LEEF event" }),
    );
  },
};
