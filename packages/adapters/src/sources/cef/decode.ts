import type { FlowFormat } from "@bulkhead/core/outside";
import { cefTold, isCef } from "../cef.ts";
import { firstLines } from "../first-lines.ts";
import { lineDecoder } from "../line-decoder.ts";
import { nothing } from "../record.ts";
import { runningYear } from "../when.ts";

/** Events in ArcSight's Common Event Format, whoever wrote them. */
export const cef: FlowFormat = {
  name: "cef",
  tells: {
    reads: "Common Event Format over syslog or in files, of any product; the dialects of Palo Alto, Fortinet and Check Point are known",
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
  recognises: (head) => firstLines(head).some(isCef),
  decoder(input) {
    const yearOf = input.year === undefined ? null : runningYear(input.year);
    return lineDecoder("cef", input, (line) =>
      line.trim() === "" ? nothing : (cefTold(line, yearOf) ?? { kind: "notice", reason: "a line that is no CEF event" }),
    );
  },
};
