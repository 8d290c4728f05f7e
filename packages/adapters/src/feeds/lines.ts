import type { Instant } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoded, Decoder, FlowFormat } from "@bulkhead/core/outside";
import { type Dated, datedDecoder } from "../sources/dated.ts";
import { recognise } from "../sources/open.ts";
import { zoneless } from "../sources/when.ts";
import { arrived } from "./arrival.ts";
import type { Inbox } from "./inbox.ts";
import { syslogLine } from "./syslog.ts";

/** Lines of syslog on their way to the decoders of those who say them. */
export interface Lines {
  /** Takes one message; what finds no room is counted. */
  readonly take: (text: string, sender: string, at: Instant) => void;
  /** Nothing more comes: what the decoders still hold back, such as connections that began and did not end, goes into the inbox. */
  readonly end: () => Promise<void>;
}

/** A program on a host, and how its lines are read once that is known. */
interface Speaker {
  decoder: Decoder | null;
  /** Whether the format is told by what the program said, without the envelope. */
  isBare: boolean;
  format: FlowFormat | null;
  tried: number;
  /** When it last said something. */
  heard: Instant;
}

// A program that says many things besides flows is tried often, then now and then.
const triesMax = 1000;
const triesEvery = 100;
const speakersMax = 10_000;
const utf8 = new TextEncoder();

/** Hands the lines of each program on each host to the decoder that recognises them. Times whose zone is stated are of the year in which they come. */
export function linesInto(inbox: Inbox, dated: Dated = {}): Lines {
  const speakers = new Map<string, Speaker>();
  const take: Lines["take"] = (text, sender, at) => {
    const { host, program, said } = syslogLine(text);
    const who = [sender, ...(host === null || host === sender ? [] : [host]), ...(program === null ? [] : [programName(program)])].join(" ");
    const name = speakers.has(who) || speakers.size < speakersMax ? who : "too many senders";
    const speaker = speakers.get(name) ?? { decoder: null, isBare: false, format: null, tried: 0, heard: at };
    speaker.heard = at;
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
  const end = async (): Promise<void> => {
    for (const [name, { decoder, format, heard }] of speakers) {
      const rest = decoder === null ? [] : Array.from(decoder.end(), (one) => begun(one, heard));
      if (rest.length > 0) await giveLast(inbox, { source: { name: `syslog ${name}`, format: format?.name ?? "syslog" }, rest, heard });
    }
    speakers.clear();
  };
  return { take, end };
}

/** What a decoder held back: a time of its beginning that is known stands, even where its end is not. */
const begun = (one: Decoded, heard: Instant): Decoded =>
  one.kind === "connection" && one.connection.first !== null && one.connection.last === null && !isZoneless(one.connection) ? one : arrived(one, heard);

const isZoneless = ({ note }: Connection): boolean => note?.split("; ").includes(zoneless) ?? false;

interface Last {
  readonly source: { readonly name: string; readonly format: string };
  readonly rest: readonly Decoded[];
  readonly heard: Instant;
}

/** Decoders may hold back more than the queue has room for, so it is flushed between them; on a full disk the rest is counted. */
async function giveLast(inbox: Inbox, { source, rest, heard }: Last): Promise<void> {
  if (inbox.isFull) await inbox.flush();
  if (!inbox.isFull) inbox.take(source, rest, heard);
  else for (const { kind } of rest) if (kind === "connection") inbox.drop(source, heard);
}

// Cisco writes the number of the message where others write a program.
const programName = (program: string): string => (program.startsWith("%") ? "%" : program.slice(0, 48));

interface Beginning {
  readonly file: string;
  readonly before: number;
  readonly year: number;
}

/** Tries to tell the format by a line, with its envelope and without. */
function decoderOf(speaker: Speaker, { text, said }: { readonly text: string; readonly said: string }, beginning: Beginning, dated: Dated): Decoder | null {
  speaker.tried += 1;
  if (speaker.tried > triesMax && speaker.tried % triesEvery !== 0) return null;
  for (const [line, isBare] of [
    [text, false],
    [said, true],
  ] as const) {
    const format = recognise(utf8.encode(`${line}\n`), beginning.file);
    if (format === null) continue;
    speaker.format = format;
    speaker.isBare = isBare;
    speaker.decoder = datedDecoder(format.decoder(beginning), dated);
    return speaker.decoder;
  }
  return null;
}
