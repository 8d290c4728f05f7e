import type { FlowFormat } from "@bulkhead/core/outside";
import { cefTold } from "../cef.ts";
import { commaColumns } from "../comma-columns.ts";
import { firstLines } from "../first-lines.ts";
import { joinedDecoder, type Part } from "../joined-lines.ts";
import { leefTold } from "../leef.ts";
import { noticeWords } from "../notice-words.ts";
import { nothing } from "../record.ts";
import { envelopeOf } from "../syslog.ts";
import { panPart } from "./columns.ts";

// FUTURE_USE, receive time, serial number, type: what every line of PAN-OS begins with, whatever stands before it.
const start = /(?:^|[\s:>])("?\d{0,3}"?,"?\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d"?,"?[\w-]{0,40}"?,"?[A-Z]{2,20}"?,)/;

/** Traffic and threat logs of Palo Alto's PAN-OS. A session's start and end are one record. */
export const panOs: FlowFormat = {
  name: "pan-os",
  tells: {
    reads: "PAN-OS traffic and threat logs as CSV, in files or over syslog, by the column order that all versions share; its CEF and LEEF forms",
    opener: ["stated"],
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
    gaps: "sessions are written when they end, if their rule logs; a threat line tells of a session that a traffic line may tell of too; times have no zone before PAN-OS 10",
  },
  recognises: (head) => firstLines(head).some((line) => start.test(line)),
  decoder(input) {
    const word = noticeWords();
    return joinedDecoder("pan-os", input, (line) => partOf(line, word));
  },
};

function partOf(line: string, word: (type: string) => string): Part {
  if (line.trim() === "") return nothing;
  const found = start.exec(line);
  if (found === null) return cefTold(line) ?? leefTold(line) ?? { kind: "notice", reason: "a line that is no log of PAN-OS" };
  const from = found.index + found[0].length - found[1]!.length;
  const columns = commaColumns(line.slice(from));
  const type = columns[3] ?? "";
  return panPart(columns, envelopeOf(line.slice(0, from))) ?? { kind: "notice", reason: `a log of type ${word(type)}, which is no flow` };
}
