import { type Envelope, envelopeOf } from "../syslog.ts";
import { never, whenAt, whenOf, type YearOf } from "../when.ts";

/** What stands around a packet: who logged it when, and the prefix of the rule. */
export interface Around {
  readonly envelope: Envelope;
  readonly prefix: string;
}

const prefixMax = 255;
const nobody: Envelope = { host: null, when: never };

/** What stands before a packet in a line of syslog, of `dmesg`, of ulogd. */
export function aroundOf(head: string, yearOf: YearOf | null): Around {
  const kernel = /\bkernel(?:\[\d{1,10}\])?: ?/.exec(head);
  if (kernel !== null) return { envelope: envelopeOf(head.slice(0, kernel.index), yearOf), prefix: prefixIn(head.slice(kernel.index + kernel[0].length)) };
  // `dmesg -T`
  const [whole, inside] = /^\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})\] ?/.exec(head) ?? [];
  if (whole !== undefined) return { envelope: { host: null, when: whenOf(inside) }, prefix: prefixIn(head.slice(whole.length)) };
  const bare = head.replace(/^<\d{1,3}>/, "");
  // RFC 5424: version, time, host, program, process, message and structure.
  const five = /^\d (\S{1,64} \S{1,255}) \S{1,48} \S{1,128} \S{1,32} (?:-|\[[^\]]{0,1024}\]) ?/.exec(bare);
  if (five !== null) return { envelope: envelopeOf(five[1]!), prefix: prefixIn(bare.slice(five[0].length)) };
  const time = whenAt(bare);
  if (time === null) return { envelope: nobody, prefix: prefixIn(bare) };
  const rest = bare.slice(time.length).trimStart();
  const host = /^\S+/.exec(rest)?.[0] ?? "";
  const behind = rest.slice(host.length).replace(/^ ?[\w.-]{1,48}\[\d{1,10}\]: ?/, "");
  return { envelope: envelopeOf(bare.slice(0, bare.length - rest.length + host.length), yearOf), prefix: prefixIn(behind) };
}

/** The kernel's own clock is no part of a prefix. */
const prefixIn = (text: string): string =>
  text
    .replace(/^\s*\[ ?\d[\d. ]{0,20}\] ?/, "")
    .trim()
    .slice(0, prefixMax);

/** A line of `journalctl -o json` as the message in it and what the journal says of it; null for any other line. */
export function journalLine(line: string): { readonly message: string; readonly envelope: Envelope } | null {
  if (!line.startsWith("{") || !line.includes('"MESSAGE"')) return null;
  try {
    const entry = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const [message, host, time] = [entry["MESSAGE"], entry["_HOSTNAME"], entry["_SOURCE_REALTIME_TIMESTAMP"] ?? entry["__REALTIME_TIMESTAMP"]];
    if (typeof message !== "string") return null;
    const when = typeof time === "string" ? whenOf(time) : never;
    return { message, envelope: { host: typeof host === "string" ? host.slice(0, 255) : null, when } };
  } catch {
    return null;
  }
}
