import type { Instant } from "@bulkhead/core/base/instant";
import type { Decoder, FlowFormat } from "@bulkhead/core/outside";
import { type Dated, datedDecoder } from "../sources/dated.ts";
import { recognise } from "../sources/open.ts";
import { arrived } from "./arrival.ts";
import type { Inbox } from "./inbox.ts";
import { syslogLine } from "./syslog.ts";

/** Takes one message of syslog; false when there is no room, and a stream should wait. */
export type TakeLine = (text: string, sender: string, at: Instant) => void;

/** A program on a host, and how its lines are read once that is known. */
interface Speaker {
  decoder: Decoder | null;
  /** Whether the format is told by what the program said, without the envelope. */
  isBare: boolean;
  format: FlowFormat | null;
  tried: number;
}

// A program that says many things besides flows is tried often, then now and then.
const triesMax = 1000;
const triesEvery = 100;
const speakersMax = 10_000;
const utf8 = new TextEncoder();

/** Hands the lines of each program on each host to the decoder that recognises them. Times whose zone is stated are of the year in which they come. */
export function linesInto(inbox: Inbox, dated: Dated = {}): TakeLine {
  const speakers = new Map<string, Speaker>();
  return (text, sender, at) => {
    const { host, program, said } = syslogLine(text);
    const who = [sender, ...(host === null || host === sender ? [] : [host]), ...(program === null ? [] : [programName(program)])].join(" ");
    const name = speakers.has(who) || speakers.size < speakersMax ? who : "too many senders";
    const speaker = speakers.get(name) ?? { decoder: null, isBare: false, format: null, tried: 0 };
    speakers.set(name, speaker);
    const file = `syslog ${name}`;
    const source = { name: file, format: speaker.format?.name ?? "syslog" };
    if (inbox.isFull) {
      inbox.drop(source, at);
      return;
    }
    const decoder =
      speaker.decoder ?? decoderOf(speaker, { text, said }, { file, before: inbox.recordsOf(source) ?? 0, year: new Date(at / 1000).getUTCFullYear() }, dated);
    if (decoder === null) {
      inbox.take(source, [{ kind: "notice", reason: "a line is of no format that is recognised" }], at);
      return;
    }
    inbox.take(
      { name: file, format: speaker.format?.name ?? "syslog" },
      Array.from(decoder.push(utf8.encode(`${speaker.isBare ? said : text}\n`)), (one) => arrived(one, at)),
      at,
    );
  };
}

// Cisco writes the number of the message where others write a program.
const programName = (program: string): string => (program.startsWith("%") ? "%" : program.slice(0, 48));

interface Begun {
  readonly file: string;
  readonly before: number;
  readonly year: number;
}

/** Tries to tell the format by a line, with its envelope and without. */
function decoderOf(speaker: Speaker, { text, said }: { readonly text: string; readonly said: string }, begun: Begun, dated: Dated): Decoder | null {
  speaker.tried += 1;
  if (speaker.tried > triesMax && speaker.tried % triesEvery !== 0) return null;
  for (const [line, isBare] of [
    [text, false],
    [said, true],
  ] as const) {
    const format = recognise(utf8.encode(`${line}\n`), begun.file);
    if (format === null) continue;
    speaker.format = format;
    speaker.isBare = isBare;
    speaker.decoder = datedDecoder(format.decoder(begun), dated);
    return speaker.decoder;
  }
  return null;
}
