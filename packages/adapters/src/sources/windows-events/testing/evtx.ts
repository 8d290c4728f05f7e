/** Writes EVTX files byte by byte as Microsoft's format has them, so that tests need no file of a real machine. */
import { instantOf } from "@bulkhead/core/base/instant";

/** A value of a template: text, a number of so many bytes, a time, a security identifier. */
export type Value =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "u16" | "u32" | "u64" | "hex64"; readonly number: number }
  | { readonly type: "time"; readonly text: string }
  | { readonly type: "sid"; readonly parts: readonly number[] }
  | { readonly type: "event"; readonly names: readonly string[]; readonly values: readonly Value[] };

export interface EvtxEvent {
  readonly id: number;
  readonly provider: string;
  readonly channel: string;
  readonly computer: string;
  readonly time: string;
  readonly body: Readonly<Record<string, Value>>;
}

export const text = (words: string): Value => ({ type: "text", text: words });
export const u32 = (number: number): Value => ({ type: "u32", number });

const chunkBytes = 65_536;

/** An EVTX file with these events in one chunk. */
export function evtxFile(events: readonly EvtxEvent[]): Uint8Array {
  const file = new Uint8Array(4096 + chunkBytes);
  file.set(new TextEncoder().encode("ElfFile\0"), 0);
  const head = new DataView(file.buffer);
  head.setBigUint64(24, BigInt(events.length + 1), true);
  head.setUint32(32, 128, true);
  // Version 3.1, a head of 4 KiB, one chunk.
  head.setUint16(36, 1, true);
  head.setUint16(38, 3, true);
  head.setUint16(40, 4096, true);
  head.setUint16(42, 1, true);
  head.setUint32(124, checksum(file.subarray(0, 120)), true);
  file.set(chunkOf(events), 4096);
  return file;
}

/** CRC-32 as Ethernet has it. */
function checksum(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (0xedb8_8320 & -(sum & 1));
  }
  return ~sum >>> 0;
}

/** The same file cut behind its last event, as one that was being written: small enough to be damaged a million times. */
export function unfinished(file: Uint8Array): Uint8Array {
  return file.slice(0, 4096 + new DataView(file.buffer).getUint32(4096 + 48, true));
}

/** One chunk: its head, then records; templates and names stand where they are first used. */
function chunkOf(events: readonly EvtxEvent[]): Uint8Array {
  const pen = penAt(512);
  pen.bytes.set(new TextEncoder().encode("ElfChnk\0"), 0);
  let last = 512;
  for (const [nth, event] of events.entries()) {
    const start = (last = pen.at);
    pen
      .u32(0x0000_2a2a)
      .u32(0)
      .u64(nth + 1);
    pen.u64(Number(fileTime(event.time)));
    writeEvent(pen, event);
    while ((pen.at - start) % 8 !== 4) pen.u8(0);
    const size = pen.at + 4 - start;
    pen.u32(size);
    pen.view.setUint32(start + 4, size, true);
  }
  for (const [place, number] of [
    [8, 1],
    [16, events.length],
    [24, 1],
    [32, events.length],
  ] as const)
    pen.view.setBigUint64(place, BigInt(number), true);
  pen.view.setUint32(40, 128, true);
  pen.view.setUint32(44, last, true);
  pen.view.setUint32(48, pen.at, true);
  pen.view.setUint32(52, checksum(pen.bytes.subarray(512, pen.at)), true);
  const head = Uint8Array.from([...pen.bytes.subarray(0, 120), ...pen.bytes.subarray(128, 512)]);
  pen.view.setUint32(124, checksum(head), true);
  return pen.bytes;
}

const systemNames = ["Provider", "EventID", "TimeCreated", "Channel", "Computer"];

function writeEvent(pen: Pen, event: EvtxEvent): void {
  const names = Object.keys(event.body);
  const values: readonly Value[] = [
    text(event.provider),
    { type: "u16", number: event.id },
    { type: "time", text: event.time },
    text(event.channel),
    text(event.computer),
    { type: "event", names, values: Object.values(event.body) },
  ];
  pen.u8(0x0f).u8(1).u8(1).u8(0);
  template(pen, `event`, () => {
    element(pen, "Event", [["xmlns", "http://schemas.microsoft.com/win/2004/08/events/event"]], () => {
      element(pen, "System", [], () => {
        for (const [nth, name] of systemNames.entries()) {
          if (name === "Provider") element(pen, name, [["Name", nth]], null);
          else if (name === "TimeCreated") element(pen, name, [["SystemTime", nth]], null);
          else element(pen, name, [], () => substitution(pen, nth));
        }
      });
      substitution(pen, 5);
    });
  });
  writeValues(pen, values);
  pen.u8(0);
}

/** The body is a fragment of its own inside a value, with a template of its own. */
function bodyFragment(pen: Pen, names: readonly string[], values: readonly Value[]): void {
  pen.u8(0x0f).u8(1).u8(1).u8(0);
  template(pen, `body ${names.join(" ")}`, () => {
    element(pen, "EventData", [], () => {
      for (const [nth, name] of names.entries()) element(pen, "Data", [["Name", name]], () => substitution(pen, nth));
    });
  });
  writeValues(pen, values);
  pen.u8(0);
}

function template(pen: Pen, key: string, body: () => void): void {
  const known = pen.templates.get(key);
  pen.u8(0x0c).u8(1).u32(7);
  if (known !== undefined) {
    pen.u32(known);
    return;
  }
  const place = pen.at + 4;
  pen.templates.set(key, place);
  pen.u32(place).u32(0);
  for (let at = 0; at < 16; at += 1) pen.u8(at);
  const size = pen.at;
  pen.u32(0);
  pen.u8(0x0f).u8(1).u8(1).u8(0);
  body();
  pen.u8(0);
  pen.view.setUint32(size, pen.at - size - 4, true);
}

type Attribute = readonly [name: string, value: string | number];

function element(pen: Pen, name: string, attributes: readonly Attribute[], content: (() => void) | null): void {
  pen.u8(attributes.length > 0 ? 0x41 : 0x01).u16(0xffff);
  const size = pen.at;
  pen.u32(0);
  writeName(pen, name);
  if (attributes.length > 0) {
    const list = pen.at;
    pen.u32(0);
    for (const [nth, [key, value]] of attributes.entries()) {
      pen.u8(nth + 1 < attributes.length ? 0x46 : 0x06);
      writeName(pen, key);
      if (typeof value === "number") substitution(pen, value);
      else pen.u8(0x05).u8(0x01).u16(value.length).wide(value);
    }
    pen.view.setUint32(list, pen.at - list - 4, true);
  }
  if (content === null) pen.u8(0x03);
  else {
    pen.u8(0x02);
    content();
    pen.u8(0x04);
  }
  pen.view.setUint32(size, pen.at - size - 4, true);
}

function writeName(pen: Pen, name: string): void {
  const known = pen.names.get(name);
  if (known !== undefined) {
    pen.u32(known);
    return;
  }
  const place = pen.at + 4;
  pen.names.set(name, place);
  pen.u32(place).u32(0).u16(0).u16(name.length).wide(name).u16(0);
}

const substitution = (pen: Pen, nth: number): void => void pen.u8(0x0e).u16(nth).u8(0x01);

const types: Readonly<Record<Value["type"], number>> = { text: 0x01, u16: 0x06, u32: 0x08, u64: 0x0a, hex64: 0x15, time: 0x11, sid: 0x13, event: 0x21 };

function writeValues(pen: Pen, values: readonly Value[]): void {
  pen.u32(values.length);
  const sizes = pen.at;
  for (const { type } of values) pen.u16(0).u8(types[type]).u8(0);
  for (const [nth, value] of values.entries()) {
    const start = pen.at;
    writeValue(pen, value);
    pen.view.setUint16(sizes + nth * 4, pen.at - start, true);
  }
}

function writeValue(pen: Pen, value: Value): void {
  switch (value.type) {
    case "text":
      pen.wide(value.text);
      return;
    case "u16":
      pen.u16(value.number);
      return;
    case "u32":
      pen.u32(value.number);
      return;
    case "u64":
    case "hex64":
      pen.u64(value.number);
      return;
    case "time":
      pen.view.setBigUint64(pen.at, fileTime(value.text), true);
      pen.at += 8;
      return;
    case "sid":
      pen.u8(1).u8(value.parts.length).u8(0).u8(0).u8(0).u8(0).u8(0).u8(5);
      for (const part of value.parts) pen.u32(part);
      return;
    case "event":
      bodyFragment(pen, value.names, value.values);
  }
}

const fileTime = (time: string): bigint => (BigInt(instantOf(time) ?? 0) + 11_644_473_600_000_000n) * 10n;

interface Pen {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly names: Map<string, number>;
  readonly templates: Map<string, number>;
  at: number;
  u8(value: number): Pen;
  u16(value: number): Pen;
  u32(value: number): Pen;
  u64(value: number): Pen;
  wide(words: string): Pen;
}

function penAt(start: number): Pen {
  const bytes = new Uint8Array(chunkBytes);
  const view = new DataView(bytes.buffer);
  const moved = (size: number): Pen => {
    pen.at += size;
    return pen;
  };
  const pen: Pen = {
    bytes,
    view,
    names: new Map(),
    templates: new Map(),
    at: start,
    u8: (value) => (view.setUint8(pen.at, value), moved(1)),
    u16: (value) => (view.setUint16(pen.at, value, true), moved(2)),
    u32: (value) => (view.setUint32(pen.at, value, true), moved(4)),
    u64: (value) => (view.setBigUint64(pen.at, BigInt(value), true), moved(8)),
    wide(words) {
      for (let at = 0; at < words.length; at += 1) pen.u16(words.charCodeAt(at));
      return pen;
    },
  };
  return pen;
}
