import type { Decoded } from "@bulkhead/core/outside";
import { u16 } from "../big-endian.ts";
import { flowOf } from "./flow.ts";
import { fixedTemplate, headerAt, headerBytes, isKnown } from "./headers.ts";
import { domainOf, type Domain, type Memory, type Message, type Place } from "./memory.ts";
import { readSet, refuse, type Session } from "./sets.ts";
import { emptyValues, readRecord, type Template, viewOf } from "./template.ts";

/** A message whose header has been read. */
interface Open {
  readonly message: Message;
  readonly version: number;
  /** Bytes that are left of it; version 9 does not say how many it has. */
  left: number;
  /** How many records its header counts, and what was seen of it. */
  readonly counted: number;
  sets: number;
  records: number;
  /** Whether all its records could be counted. */
  isCounted: boolean;
  isBeyond: boolean;
}

/** Where the reading of a file stands. */
export interface Reading {
  readonly session: Session;
  readonly place: Place;
  open: Open | null;
  /** Bytes of a message that cannot be read, or of padding. */
  skip: number;
}

export function readingOf(memory: Memory, place: Place, give: (decoded: Decoded) => void): Reading {
  return { session: { memory, values: emptyValues(), give }, place, open: null, skip: 0 };
}

// What a step of reading answers when it needs more bytes, and when nothing behind can be trusted.
const more = 0;
const lost = -1;

/** Reads what is whole in these bytes and returns how much that was; -1 when nothing behind it can be trusted. */
export function readMessages(reading: Reading, bytes: Uint8Array, isLast: boolean): number {
  const { values } = reading.session;
  values.bytes = bytes;
  values.view = viewOf(bytes);
  let at = 0;
  while (at < bytes.length) {
    const step = stepAt(reading, bytes, at, isLast);
    if (step === lost) return lost;
    if (step === more) break;
    at += step;
  }
  if (!isLast) return at;
  close(reading, bytes, at);
  return bytes.length;
}

function stepAt(reading: Reading, bytes: Uint8Array, at: number, isLast: boolean): number {
  const { skip, open } = reading;
  if (skip > 0) {
    const skipped = Math.min(skip, bytes.length - at);
    reading.skip -= skipped;
    return skipped;
  }
  if (open === null) return begin(reading, bytes, at);
  const template = fixedTemplate(open.version);
  return template === null ? nextSet(reading, open, { bytes, at, isLast }) : nextRecords(reading, open, { bytes, at, template });
}

// Routers send 30 at most, all records of version 5 that a datagram can hold are 1,364.
const fixedMax = 1364;

/** Reads a header, or skips the padding before it. */
function begin(reading: Reading, bytes: Uint8Array, at: number): number {
  const padding = zerosAt(bytes, at);
  if (padding > 1) return padding - 1;
  if (at + 2 > bytes.length) return more;
  const version = u16(bytes, at);
  if (!isKnown(version)) return unknownVersion(reading, version);
  if (at + headerBytes(version) > bytes.length) return more;
  const header = headerAt(bytes, at);
  const { session, place } = reading;
  if (header.length < header.size || header.count > (version === 9 ? 65_535 : fixedMax)) {
    const claim = version === 10 ? `${header.length} bytes` : `${header.count} records`;
    refuse(session, reading, "absurd-length", `a message of version ${version} claims ${claim}; nothing behind it can be trusted`);
    return lost;
  }
  const domain = domainOf(session.memory, `${place.sender} ${version} ${header.domain}`);
  if (header.sampling !== null) domain.sampling = header.sampling;
  if (header.sequence !== null) follow(reading, domain, header.sequence);
  // Version 5 counts flows, version 9 messages; IPFIX counts records, which are added when they have been seen.
  const counted = version === 9 ? 1 : header.count;
  domain.expected = header.sequence === null ? -1 : (header.sequence + counted) % wrap;
  const message: Message = { source: version === 10 ? "ipfix" : "netflow", domain, place, exported: header.exported, uptime: header.uptime };
  const open = { message, version, left: header.length - header.size, counted: header.count, sets: 0, records: 0, isCounted: true, isBeyond: false };
  reading.open = open.left === 0 || (version === 10 && open.left < 4) ? null : open;
  if (reading.open === null) reading.skip = open.left;
  return header.size;
}

function unknownVersion(reading: Reading, version: number): number {
  if (version === 8) refuse(reading.session, reading, "version-8", "NetFlow version 8 tells sums over many flows, not flows: let the router send version 9");
  else refuse(reading.session, reading, "no-message", `no message begins here: version ${version} is none of 1, 5, 7, 9 and 10`);
  return lost;
}

const wrap = 4_294_967_296;
// Beyond a million it is another exporter, or the same one started anew: not that much was lost at once.
const gapMax = 1_000_000;

/** Tells what the sequence number says of losses. */
function follow({ session }: Reading, { expected }: Domain, sequence: number): void {
  if (expected < 0 || expected === sequence) return;
  const gap = (sequence - expected + wrap) % wrap;
  if (gap <= gapMax) session.give({ kind: "notice", reason: "lost on the way, by the sequence numbers", count: gap });
  else session.give({ kind: "notice", reason: "the sequence numbers began anew" });
}

interface Stretch {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** Reads the next set of a message of version 9 or IPFIX. */
function nextSet(reading: Reading, open: Open, { bytes, at, isLast }: Stretch & { readonly isLast: boolean }): number {
  if (at + 4 > bytes.length) return more;
  const [id, length] = [u16(bytes, at), u16(bytes, at + 2)];
  if (open.version === 9) {
    // A padded datagram ends in zeros.
    if (id === 0 && length === 0) return 4;
    // Sets 2 to 255 are reserved: such a number begins the next message.
    if (id > 1 && id < 256) {
      reading.open = null;
      return begin(reading, bytes, at);
    }
  }
  if (length < 4 || length > open.left) return badSet(reading, open, `set ${id} claims ${length} bytes`);
  if (at + length > bytes.length) {
    if (isLast && id >= 256) take(reading, open, { id, from: at + 4, end: bytes.length });
    return more;
  }
  take(reading, open, { id, from: at + 4, end: at + length });
  open.left -= length;
  if (open.left >= 4) return length;
  // What is too short for another set is padding.
  reading.skip = open.left;
  finish(reading, open);
  return length;
}

function take({ session }: Reading, open: Open, body: { readonly id: number; readonly from: number; readonly end: number }): void {
  // Exporters count records, or wrongly sets: what exceeds both is no part of the message.
  if (open.version === 9 && open.sets >= open.counted && open.records >= open.counted) {
    if (!open.isBeyond) refuse(session, open.message, "beyond-count", `the message counts ${open.counted} records; what it holds beyond them is not believed`);
    open.isBeyond = true;
    return;
  }
  const records = readSet(session, open.message, body);
  open.sets += 1;
  if (records < 0) open.isCounted = false;
  else if (open.version === 9 || body.id >= 256) open.records += records;
}

function badSet(reading: Reading, open: Open, what: string): number {
  refuse(reading.session, reading, "bad-set", `${what}; the rest of the message cannot be read`);
  open.message.domain.expected = -1;
  reading.open = null;
  if (open.version === 9) return lost;
  // The header of the set is part of what is skipped.
  reading.skip = open.left - 4;
  return 4;
}

function nextRecords(reading: Reading, open: Open, { bytes, at, template }: Stretch & { readonly template: Template }): number {
  const { values, give } = reading.session;
  const end = Math.min(bytes.length, at + open.left);
  let from = at;
  for (let until = readRecord(values, template, from, end); until >= 0; until = readRecord(values, template, from, end)) {
    const connection = flowOf(values, open.message);
    if (connection !== null) give({ kind: "connection", connection });
    from = until;
  }
  open.left -= from - at;
  if (open.left === 0) reading.open = null;
  return from - at;
}

function finish(reading: Reading, { version, message, isCounted, records }: Open): void {
  if (version === 10) message.domain.expected = isCounted ? (message.domain.expected + records) % wrap : -1;
  reading.open = null;
}

function close(reading: Reading, bytes: Uint8Array, at: number): void {
  const { open, skip } = reading;
  const rest = bytes.length - at;
  const isWhole = open === null ? rest === zerosAt(bytes, at) && skip === 0 : open.version === 9 && rest < 4;
  if (!isWhole) refuse(reading.session, reading, "truncated", "the file ends inside a message");
}

function zerosAt(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && bytes[end] === 0) end += 1;
  return end - at;
}
