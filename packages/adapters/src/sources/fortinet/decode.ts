import type { FlowFormat } from "@bulkhead/core/outside";
import { cefTold } from "../cef.ts";
import { firstLines } from "../first-lines.ts";
import { joinedDecoder, type Part } from "../joined-lines.ts";
import { leefTold } from "../leef.ts";
import { noticeWords } from "../notice-words.ts";
import { equalPairs } from "../pairs.ts";
import { nothing } from "../record.ts";
import { fortinetPart } from "./traffic.ts";

const start = /\b(?:date=|devname=|logver=|itime=|timestamp=|eventtime=|log_id=|logid=|device_id=)/;
const sign = /\b(?:devid|device_id|logid|log_id)="?[A-Z0-9]{8,20}"?.*\btype="?(?:traffic|event|utm)"?|\btype="?traffic"?.*\bsubtype="?\w+"?.*\b(?:srcip|src)=/;

/** Traffic logs of Fortinet's FortiGate. A session's start and end are one record. */
export const fortinet: FlowFormat = {
  name: "fortinet",
  tells: {
    reads: "FortiOS traffic logs, versions 4 to 7, as key=value in files or over syslog; its CEF form",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "never",
    counts: ["both", "one", "none"],
    connections: ["records", "windows"],
    bytes: ["unsaid"],
    sampling: "unsaid",
    labels: ["user", "host"],
    times: "first and last",
    gaps: "sessions are written when they end, if their policy logs; event and UTM lines are counted as no flows; a FortiGate that logs to syslog over UDP loses lines and says nothing",
  },
  recognises: (head) => firstLines(head).some((line) => sign.test(line.slice(0, 4096))),
  decoder(input) {
    const word = noticeWords();
    return joinedDecoder("fortinet", input, (line) => partOf(line, word));
  },
};

function partOf(line: string, word: (type: string) => string): Part {
  if (line.trim() === "") return nothing;
  const found = start.exec(line);
  const common = cefTold(line) ?? leefTold(line);
  if (common !== null) return common;
  if (found === null) return { kind: "notice", reason: "a line that is no log of FortiOS" };
  const pairs = equalPairs(line.slice(found.index));
  return (
    fortinetPart(pairs, line.slice(0, found.index)) ?? { kind: "notice", reason: `a line of type ${word(pairs.get("type") ?? "unknown")}, which is no flow` }
  );
}
