/** How a file of JSON is cut into the values that are read one at a time. */
export interface JsonCut {
  /** Lists under these names are taken apart, so that one big object needs no big memory. */
  readonly into: readonly string[];
  /** Objects under these names are looked into for such lists. */
  readonly through?: readonly string[];
}

/** One value as its text, or a place where there is none. Lines count from 1. */
export type JsonPart =
  { readonly kind: "value"; readonly text: string; readonly line: number } | { readonly kind: "broken"; readonly line: number; readonly why: string };

/** Cuts bytes into JSON values, whatever the cut of the chunks, in memory bounded by `valueMax`. */
export interface JsonSplitter {
  push(bytes: Uint8Array): void;
  end(): void;
}

/** The longest value that is read, in bytes: an hour of one busy network interface at Azure stays under 4 MiB, Loki's longest answer under 8. */
export const valueMax = 16 << 20;
// Nobody nests a flow log deeper than ten; a megabyte of brackets is somebody's attack.
const depthMax = 200;
const keyMax = 64;

const [newline, quote, backslash, comma, colon, opening, closing, openingList, closingList] = [10, 34, 92, 44, 58, 123, 125, 91, 93];
// What a frame is: an object or a list, and whether what stands in it is looked at.
const [aList, isOpen] = [1, 2];
// What may come next.
const [aValue, valueOrEnd, aKey, keyOrEnd, aColon, commaOrEnd] = [0, 1, 2, 3, 4, 5];
// Where the scan stands.
const [between, inKey, inText, inBare, lost] = [0, 1, 2, 3, 4];

interface Scan {
  readonly cut: JsonCut;
  readonly read: (part: JsonPart) => void;
  readonly frames: Uint8Array;
  depth: number;
  next: number;
  place: number;
  isEscaped: boolean;
  line: number;
  /** Whether the byte before was a newline, or none. */
  isLineStart: boolean;
  /** Whether something was broken: then commas and brackets may lie about. */
  wasBroken: boolean;
  key: string;
  /** Depth outside the value that is being kept; -1 without one. */
  outside: number;
  valueLine: number;
  isTooLong: boolean;
  /** Where the kept value goes on in this chunk, and what earlier chunks had of it. */
  from: number;
  held: number;
  kept: Uint8Array<ArrayBuffer>;
}

/**
 * Cuts JSON in any arrangement: a value a line, values one after the other, one list, or an object with a list in it.
 * After a mistake it goes on at the next line that begins with a bracket.
 */
export function jsonSplitter(cut: JsonCut, read: (part: JsonPart) => void): JsonSplitter {
  const scan: Scan = {
    cut,
    read,
    frames: new Uint8Array(depthMax),
    depth: 0,
    next: aValue,
    place: between,
    isEscaped: false,
    line: 1,
    isLineStart: true,
    wasBroken: false,
    key: "",
    outside: -1,
    valueLine: 1,
    isTooLong: false,
    from: 0,
    held: 0,
    kept: new Uint8Array(4096),
  };
  let seen = 0;
  return {
    push(bytes) {
      scan.from = 0;
      for (let at = 0; at < bytes.length; at += 1) {
        // A byte order mark, which Windows tools put before a text.
        if (seen + at < 3 && bytes[at] === byteOrderMark[seen + at]) continue;
        at = scanned(scan, bytes, at);
      }
      seen += bytes.length;
      if (scan.outside >= 0) hold(scan, bytes.subarray(scan.from));
    },
    end() {
      if (scan.place !== lost && (scan.depth > 0 || scan.place === inText)) broken(scan, "the file ends in the middle of a value");
    },
  };
}

const byteOrderMark = [0xef, 0xbb, 0xbf];

/** Takes the byte at a place, or more; the answer is the place of the last one that was taken. */
function scanned(scan: Scan, bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!;
  if (scan.place === inText || scan.place === inKey) return scannedText(scan, bytes, at);
  const isLineStart = scan.isLineStart;
  scan.isLineStart = byte === newline;
  if (byte === newline) scan.line += 1;
  if (scan.place === lost) {
    if (!isLineStart || (byte !== opening && byte !== openingList)) return at;
    scan.place = between;
  }
  // JSON text sequences (RFC 7464) put 0x1e before each value.
  if (byte <= 32) {
    if (scan.place === inBare) ended(scan);
    if (byte !== newline && byte !== 32 && byte !== 9 && byte !== 13 && (byte !== 30 || scan.depth > 0))
      broken(scan, "there is a control character between values");
    return at;
  }
  if (isBare(byte)) {
    if (scan.place !== inBare && (!takesValue(scan) || scan.depth === 0)) broken(scan, `\`${String.fromCharCode(byte)}\` stands where nothing may`);
    else scan.place = inBare;
    return at;
  }
  if (scan.place === inBare) ended(scan);
  if (punctuated(scan, byte, at)) {
    if (scan.outside === scan.depth) told(scan, bytes, at + 1);
    return at;
  }
  // After a mistake in a list, its commas and brackets are left over.
  if (scan.wasBroken && scan.depth === 0 && (byte === comma || byte === closing || byte === closingList)) return at;
  const isNextLine = isLineStart && (byte === opening || byte === openingList);
  broken(scan, byte < 127 ? `\`${String.fromCharCode(byte)}\` stands where nothing may` : "there is a strange byte outside a text");
  if (!isNextLine) return at;
  scan.place = between;
  punctuated(scan, byte, at);
  return at;
}

const isBare = (byte: number): boolean => (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte === 45 || byte === 46 || byte === 43 || byte === 69;

/** Up to the quote that ends it. */
function scannedText(scan: Scan, bytes: Uint8Array, from: number): number {
  const isKeyKept = scan.place === inKey && (scan.frames[scan.depth - 1]! & isOpen) !== 0;
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte < 32) {
      if (byte === newline) scan.line += 1;
      scan.isLineStart = byte === newline;
      broken(scan, "a text is not closed on its line", byte === newline ? scan.line - 1 : scan.line);
      return at;
    }
    if (scan.isEscaped) scan.isEscaped = false;
    else if (byte === backslash) scan.isEscaped = true;
    else if (byte === quote) break;
    if (isKeyKept && scan.key.length < keyMax) scan.key += String.fromCharCode(byte);
  }
  if (at === bytes.length) return at - 1;
  scan.next = scan.place === inKey ? aColon : commaOrEnd;
  scan.place = between;
  return at;
}

const takesValue = ({ next }: Scan): boolean => next === aValue || next === valueOrEnd;

function ended(scan: Scan): void {
  scan.place = between;
  scan.next = scan.depth === 0 ? aValue : commaOrEnd;
}

/** Takes a bracket, a comma, a colon or an opening quote; false when it may not stand here. */
function punctuated(scan: Scan, byte: number, at: number): boolean {
  const isInList = scan.depth > 0 && (scan.frames[scan.depth - 1]! & aList) !== 0;
  switch (byte) {
    case opening:
    case openingList:
      return takesValue(scan) && scan.depth < depthMax && opened(scan, byte === openingList, at);
    case closing:
      return scan.depth > 0 && !isInList && (scan.next === keyOrEnd || scan.next === commaOrEnd) && closed(scan);
    case closingList:
      return isInList && (scan.next === valueOrEnd || scan.next === commaOrEnd) && closed(scan);
    case comma:
      if (scan.next !== commaOrEnd) return false;
      scan.next = isInList ? aValue : aKey;
      return true;
    case colon:
      if (scan.next !== aColon) return false;
      scan.next = aValue;
      return true;
    case quote:
      if (scan.depth === 0 || (!takesValue(scan) && scan.next !== aKey && scan.next !== keyOrEnd)) return false;
      scan.place = takesValue(scan) ? inText : inKey;
      if (scan.place === inKey) scan.key = "";
      return true;
  }
  return false;
}

function opened(scan: Scan, isList: boolean, at: number): true {
  const parent = scan.depth === 0 ? isOpen | aList : scan.frames[scan.depth - 1]!;
  const isAtTop = scan.depth === 0;
  const isElement = parent === (isOpen | aList);
  const isNamed = parent === isOpen && (isList ? scan.cut.into : (scan.cut.through ?? [])).includes(scan.key);
  const isLookedInto = isNamed || (isElement && (!isList || isAtTop));
  if (isList && isLookedInto) {
    // What stands around a list that is taken apart is no value any more.
    scan.outside = -1;
    scan.held = 0;
  } else if (isElement && scan.outside < 0) {
    scan.outside = scan.depth;
    scan.valueLine = scan.line;
    scan.isTooLong = false;
    scan.from = at;
    scan.held = 0;
  }
  scan.frames[scan.depth] = (isList ? aList : 0) | (isLookedInto ? isOpen : 0);
  scan.depth += 1;
  scan.next = isList ? valueOrEnd : keyOrEnd;
  return true;
}

function closed(scan: Scan): true {
  scan.depth -= 1;
  ended(scan);
  return true;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The kept value is whole. */
function told(scan: Scan, bytes: Uint8Array, end: number): void {
  const rest = bytes.subarray(scan.from, end);
  if (scan.held > 0) hold(scan, rest);
  const whole = scan.held > 0 ? scan.kept.subarray(0, scan.held) : rest;
  scan.outside = -1;
  scan.held = 0;
  if (scan.isTooLong || whole.length > valueMax)
    scan.read({ kind: "broken", line: scan.valueLine, why: `the value that begins here is longer than ${valueMax >> 20} MiB, the longest that is read` });
  else scan.read({ kind: "value", text: utf8.decode(whole), line: scan.valueLine });
}

function hold(scan: Scan, part: Uint8Array): void {
  scan.from = 0;
  if (scan.isTooLong) return;
  if (scan.held + part.length > valueMax) {
    scan.isTooLong = true;
    scan.kept = new Uint8Array(4096);
    scan.held = 1;
    return;
  }
  if (scan.held + part.length > scan.kept.length) {
    const grown = new Uint8Array(Math.min(Math.max(scan.held + part.length, scan.kept.length * 2), valueMax));
    grown.set(scan.kept.subarray(0, scan.held));
    scan.kept = grown;
  }
  scan.kept.set(part, scan.held);
  scan.held += part.length;
}

function broken(scan: Scan, why: string, line: number = scan.line): void {
  scan.depth = 0;
  scan.next = aValue;
  scan.place = lost;
  scan.isEscaped = false;
  scan.outside = -1;
  scan.held = 0;
  scan.wasBroken = true;
  scan.read({ kind: "broken", line, why });
}
