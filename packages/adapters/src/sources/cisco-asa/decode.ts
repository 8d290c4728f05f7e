import type { Instant } from "@bulkhead/core/base/instant";
import type { Decoder, DecoderInput, FlowFormat } from "@bulkhead/core/outside";
import { firstLines } from "../first-lines.ts";
import { joinedDecoder, type Part } from "../joined-lines.ts";
import { noteOf, zoneRemark } from "../notes.ts";
import { noticeWords } from "../notice-words.ts";
import { type Known, nothing } from "../record.ts";
import { runningYear } from "../when.ts";
import { type Envelope, envelopeOf } from "../syslog.ts";
import { connectionPart } from "./connection.ts";
import { ownTimes, threatDefence } from "./ftd.ts";
import { packetTold } from "./packet.ts";

const tag = /%(?:ASA|FTD|PIX|FWSM)-(?:[a-z]{1,10}-)?\d-(\d{6}): ?/;
// A line with more text than this is none of a firewall; patterns look at no more.
const messageMax = 16_384;

/** Messages of Cisco's ASA (and PIX, FWSM, FTD) over syslog: connections built and torn down are one record, denied packets one each. */
export const ciscoAsa: FlowFormat = {
  name: "cisco-asa",
  tells: {
    reads: "syslog of Cisco ASA, PIX and FWSM, and of Firepower Threat Defense: connections and denied packets, by message number",
    opener: ["handshake", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "sometimes",
    counts: ["both", "one", "none"],
    connections: ["records", "windows"],
    bytes: ["unsaid"],
    sampling: "unsaid",
    labels: ["user"],
    times: "first and last",
    gaps: "messages that are no flows are counted by number; syslog over UDP loses messages and says nothing; without a year in the time there is no time, unless `--year` says it or `bulkhead listen` hears it come; bytes of an ASA are those of both directions together, and stand in the note",
  },
  recognises: (head) => firstLines(head).some((line) => tag.test(line)),
  decoder: (input) => asaDecoder(input, noticeWords()),
};

function asaDecoder(input: DecoderInput, word: (number: string) => string): Decoder {
  const yearOf = runningYear(input.year);
  return joinedDecoder("cisco-asa", input, (line) => {
    if (line.trim() === "") return nothing;
    const found = tag.exec(line);
    if (found === null) return { kind: "notice", reason: "a line that is no message of an ASA" };
    const text = line.slice(found.index + found[0].length, found.index + found[0].length + messageMax).trim();
    const [number, envelope] = [found[1]!, envelopeOf(line.slice(0, found.index), yearOf)];
    const part = partOf({ number, text }, envelope.when.at);
    if (part === null) return { kind: "notice", reason: `message ${word(number)}, which is no flow` };
    if (part.kind === "connection") return { ...part, known: enveloped(part.known, envelope) };
    if (!("key" in part)) return part;
    // Connection numbers are one device's own.
    return { ...part, key: `${envelope.host ?? ""} ${part.key}`, known: enveloped(part.known, envelope) };
  });
}

function partOf({ number, text }: { readonly number: string; readonly text: string }, at: Instant | null): Part | null {
  if (number.startsWith("302")) return connectionPart(number, text, at);
  return number.startsWith("430") ? threatDefence(number, text) : packetTold(number, text);
}

function enveloped(known: Known, { host, when }: Envelope): Known {
  const observer = known.observer ?? host;
  // Firepower writes its own times into the message.
  if (known.note === ownTimes) return { ...known, observer };
  return { ...known, observer, first: known.first ?? when.at, last: known.last ?? when.at, note: noteOf(known.note ?? null, zoneRemark(when)) };
}
