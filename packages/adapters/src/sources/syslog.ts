import { never, type When, whenAt, type YearOf } from "./when.ts";

/** What stands around a message that came over syslog. */
export interface Envelope {
  readonly host: string | null;
  readonly when: When;
}

const hostMax = 255;
// What stands between a time and a host, and is no host: CST is one thing in Chicago and another in Shanghai, so it says nothing.
const zoneName = /^ ?(?:UTC|GMT|WES?T|CES?T|EES?T|MSK|BST|IST|JST|KST|SGT|HKT|AE[SD]T|NZ[SD]T|[ECMP][SD]T|AK[SD]T|HST)(?=[: ])/;

/**
 * Host and time of what stands before a message: RFC 5424, RFC 3164, Cisco's own (with a year, with a sequence number), rsyslog's ISO times,
 * octet counts, and one envelope inside another, of which the inner one is the device's own.
 */
export function envelopeOf(before: string, yearOf: YearOf | null = null): Envelope {
  const inner = before.lastIndexOf("<");
  const start = inner > 0 && /^<\d{1,3}>/.test(before.slice(inner)) ? inner : 0;
  const own = envelopeIn(before.slice(start), yearOf);
  if (start === 0) return own;
  const outer = envelopeIn(before.slice(0, start), null);
  return { host: own.host ?? outer.host, when: own.when.at === null ? outer.when : own.when };
}

function envelopeIn(before: string, yearOf: YearOf | null): Envelope {
  let rest = before.replace(/^\d{1,6} (?=<)/, "").replace(/^<\d{1,3}>/, "");
  // RFC 5424 has its version here, Cisco's IOS a sequence number.
  rest = rest
    .replace(/^\d{1,2} (?=\d{4}-|- )/, "")
    .replace(/^\d{1,10}: /, "")
    .replace(/^[:*. ]+/, "");
  const read = whenAt(rest, yearOf);
  const hostText = (read === null ? rest : rest.slice(read.length)).replace(zoneName, "").replace(/^[: ]+/, "");
  return { host: hostIn(hostText), when: read?.when ?? never };
}

function hostIn(text: string): string | null {
  const [word = ""] = text.split(" ", 1);
  const host = word.replace(/:+$/, "");
  return host !== "-" && host.length <= hostMax && /^[A-Za-z0-9][\w.:-]*$/.test(host) ? host : null;
}
