/** One message of syslog: who sent it, which program, and what it says. */
export interface SyslogLine {
  readonly host: string | null;
  readonly program: string | null;
  /** What the program wrote. */
  readonly said: string;
}

// RFC 5424: <PRI>1 TIME HOST APP PROCID MSGID SD MSG. A value of structured data may hold `\]`.
const modern = /^<\d{1,3}>1 \S+ (\S+) (\S+) \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?:\uFEFF)?([^]*)$/;
// RFC 3164: <PRI>Mmm dd hh:mm:ss HOST TAG[pid]: MSG; many write an ISO time, and some no host.
const older =
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: \d{4})?|\d{4}-\d\d-\d\dT\S+) (?:(\S+) )?([A-Za-z0-9_./%-]{1,48})(?:\[\d+\])?: ?([^]*)$/;

/** Reads the envelope of a message; without one, all of it is what was said. */
export function syslogLine(text: string): SyslogLine {
  const [, host, program, said] = modern.exec(text) ?? older.exec(text) ?? [];
  if (said === undefined) return { host: null, program: null, said: text.replace(/^<\d{1,3}>/, "") };
  const named = (name: string | undefined): string | null => (name === undefined || name === "-" ? null : name);
  return { host: named(host), program: named(program), said };
}

/** Cuts a stream into messages: counted octets (RFC 6587 §3.4.1) where one begins with digits and a space, lines otherwise. */
export interface Framing {
  /** The messages that are whole now. */
  readonly push: (bytes: Uint8Array) => readonly string[];
  /** The line that the end of the stream has ended. */
  readonly end: () => readonly string[];
  /** How many were longer than is read, and left out. */
  readonly tooLong: () => number;
}

// RFC 5425 asks for 8,192 at least; flow records as JSON stay below 64 KiB.
export const messageMax = 65_536;
const newline = 10;

interface Cutting {
  held: Uint8Array<ArrayBuffer>;
  /** Bytes of a counted message that is too long, and whether the same is true of the line that we are in. */
  skipBytes: number;
  isSkippingLine: boolean;
  tooLong: number;
}

export function framing(): Framing {
  const utf8 = new TextDecoder();
  const cutting: Cutting = { held: new Uint8Array(0), skipBytes: 0, isSkippingLine: false, tooLong: 0 };
  return {
    push(bytes) {
      const messages: string[] = [];
      cutting.held = joined(cutting.held, bytes);
      let at = 0;
      for (let step = stepAt(cutting, at); step !== null; step = stepAt(cutting, at)) {
        if (step.end > step.from) push(messages, utf8.decode(cutting.held.subarray(step.from, step.end)));
        at = step.next;
      }
      cutting.held = cutting.held.slice(at);
      return messages;
    },
    end() {
      const messages: string[] = [];
      if (!cutting.isSkippingLine) push(messages, utf8.decode(cutting.held));
      cutting.held = new Uint8Array(0);
      return messages;
    },
    tooLong: () => cutting.tooLong,
  };
}

interface Step {
  readonly from: number;
  readonly end: number;
  readonly next: number;
}

/** The message that begins here, or a stretch that is skipped; null when more must come. */
function stepAt(cutting: Cutting, at: number): Step | null {
  const { held } = cutting;
  if (at >= held.length) return null;
  if (cutting.skipBytes > 0) {
    const skipped = Math.min(cutting.skipBytes, held.length - at);
    cutting.skipBytes -= skipped;
    return skip(at + skipped);
  }
  if (cutting.isSkippingLine) {
    const end = held.indexOf(newline, at);
    cutting.isSkippingLine = end < 0;
    return skip(end < 0 ? held.length : end + 1);
  }
  const counted = countAt(held, at);
  if (counted === undefined) return null;
  return counted === null ? lineAt(cutting, at) : countedAt(cutting, counted);
}

const skip = (next: number): Step => ({ from: 0, end: 0, next });

function countedAt(cutting: Cutting, { from, count }: Counted): Step | null {
  if (count > messageMax) {
    cutting.tooLong += 1;
    cutting.skipBytes = count;
    return skip(from);
  }
  return from + count > cutting.held.length ? null : { from, end: from + count, next: from + count };
}

function lineAt(cutting: Cutting, at: number): Step | null {
  const { held } = cutting;
  const end = held.indexOf(newline, at);
  if ((end < 0 ? held.length : end) - at > messageMax) {
    cutting.tooLong += 1;
    cutting.isSkippingLine = end < 0;
    return skip(end < 0 ? held.length : end + 1);
  }
  return end < 0 ? null : { from: at, end, next: end + 1 };
}

function push(messages: string[], text: string): void {
  const line = text.replace(/[\r\n\0]+$/, "");
  if (line !== "") messages.push(line);
}

const countDigitsMax = 9;

interface Counted {
  readonly count: number;
  readonly from: number;
}

/** The count before a message and where it begins; null where none stands, undefined where that cannot be said yet. */
function countAt(bytes: Uint8Array, at: number): Counted | null | undefined {
  let [end, count] = [at, 0];
  while (end < bytes.length && end - at < countDigitsMax && bytes[end]! >= 48 && bytes[end]! <= 57) {
    count = count * 10 + bytes[end]! - 48;
    end += 1;
  }
  if (end === at) return end < bytes.length ? null : undefined;
  if (end === bytes.length) return undefined;
  // Only a message with an envelope is counted: a line of digits and words is a line.
  return bytes[end] === 32 && (end + 1 === bytes.length || bytes[end + 1] === 60) ? { count, from: end + 1 } : null;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
