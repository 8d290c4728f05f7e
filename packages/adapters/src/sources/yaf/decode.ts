import type { FlowFormat } from "@bulkhead/core/outside";
import { firstLines } from "../first-lines.ts";
import { lineDecoder } from "../line-decoder.ts";
import { nothing, type Told } from "../record.ts";
import { isSentence, sentenceTold } from "./sentence.ts";
import { isTabular, tabularTold } from "./tabular.ts";

/** What yafscii prints of YAF's flows, with `--tabular` or as sentences. */
export const yaf: FlowFormat = {
  name: "yaf",
  tells: {
    reads: "yafscii's text of YAF flows, tabular or in its default form",
    opener: ["handshake", "first-packet", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both", "one"],
    connections: ["records", "windows"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: [],
    times: "first and last",
    gaps: "a flow that YAF made one-way (no answer, or `--uniflow`) looks the same, so what came back is not told; packets that the sensor dropped are not seen",
  },
  recognises: (head) => firstLines(head).some((line) => isTabular(line) || isSentence(line)),
  decoder: (input) =>
    lineDecoder("yaf", input, (line): Told => {
      if (line.trim() === "" || /^\s*start-time\s*\|/.test(line)) return nothing;
      return tabularTold(line) ?? sentenceTold(line) ?? { kind: "notice", reason: "a line that is no flow of YAF" };
    }),
};
