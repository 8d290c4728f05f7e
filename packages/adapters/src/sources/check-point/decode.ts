import type { FlowFormat } from "@bulkhead/core/outside";
import { cefTold } from "../cef.ts";
import { firstLines } from "../first-lines.ts";
import { joinedDecoder, type Part } from "../joined-lines.ts";
import { leefTold } from "../leef.ts";
import { equalPairs, type Pairs, quotedPairs, separatedPairs } from "../pairs.ts";
import { nothing } from "../record.ts";
import { envelopeOf } from "../syslog.ts";
import { checkPointPart } from "./connection.ts";

const sign = /\b(action|loguid|origin|ifdir|rule_uid|product)[:=]"?.*\b(src|dst|loguid|ifname|origin)[:=]"?/;
const own = /CheckPoint|loguid[:=]|ifdir[:=]|originsicname[:=]|product[:=]"?(?:VPN-1|Firewall|SmartDefense|Application Control|URL Filtering)/;

/** Connections of Check Point's firewalls, as the Log Exporter sends them. */
export const checkPoint: FlowFormat = {
  name: "check-point",
  tells: {
    reads: 'Check Point\'s Log Exporter: its syslog form (`key:"value"`), generic and Splunk forms (`key=value`), CEF and LEEF',
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
    gaps: "a connection is written when it begins; only rules with accounting write again what it counted, as a record of its own where that comes late; lines without two addresses are counted as no flows",
  },
  recognises: (head) => firstLines(head).some((line) => isCheckPoint(line.slice(0, 4096))),
  // Few rules count; what comes soon is joined, and nothing is kept back for long.
  decoder: (input) => joinedDecoder("check-point", input, (line): Part => (line.trim() === "" ? nothing : partOf(line)), 64),
};

const isCheckPoint = (line: string): boolean => own.test(line) && sign.test(line);

function partOf(line: string): Part {
  const common = cefTold(line) ?? leefTold(line);
  if (common !== null) return common;
  const begin = /(?:^|[\s[|])(?:action|flags|ifdir|time|hostname|loguid|origin|product)[:=]/.exec(line);
  if (begin === null) return { kind: "notice", reason: "a line that is no log of a Check Point" };
  return (
    checkPointPart(pairsIn(line.slice(begin.index)), envelopeOf(line.slice(0, begin.index))) ?? {
      kind: "notice",
      reason: "a log of a Check Point that is no flow",
    }
  );
}

/** `key:"value"; `, `key="value"`, `key=value|`, whichever the line has. */
function pairsIn(text: string): Pairs {
  if (/[:=]"/.test(text)) return quotedPairs(text);
  return /\|[\w.-]+=/.test(text) ? separatedPairs(text, "|") : equalPairs(text);
}
