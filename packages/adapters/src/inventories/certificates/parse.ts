import { type Instant, instantOf } from "@bulkhead/core/base/instant";
import { credentialsMax } from "../credentials.ts";
import type { TextFormat } from "../formats.ts";
import { nothingRead } from "../reading.ts";
import { type Certificate, credentialOfCertificate } from "./certificate.ts";

/** Certificates as `openssl x509 -noout -text` prints them, one after the other. */
export const certificates: TextFormat = {
  name: "certificates",
  recognises: (head) => /^Certificate:\r?\n {4}Data:/m.test(head) && /^ {8}Issuer: /m.test(head),
  read(text, { say, at }) {
    const parts = text.split(/^Certificate:\r?$/m).slice(1, credentialsMax);
    const read = parts.flatMap((part, index) => {
      const one = certificateIn(part);
      if (one === null) say({ reason: "no-certificate", message: `certificate ${index + 1} has no issuer or no validity` });
      return one === null ? [] : [credentialOfCertificate(one, at)];
    });
    return { ...nothingRead, credentials: read };
  },
};

function certificateIn(part: string): Certificate | null {
  const issuer = /^ {8}Issuer: ?(.{0,2000})$/m.exec(part)?.[1];
  const from = /^ {12}Not Before ?: (.{1,60})$/m.exec(part)?.[1];
  const until = /^ {12}Not After ?: (.{1,60})$/m.exec(part)?.[1];
  if (issuer === undefined || from === undefined || until === undefined) return null;
  const alternative = /X509v3 Subject Alternative Name:[^\n]{0,40}\n {16}([^\n]{0,20000})/.exec(part)?.[1] ?? "";
  const entries = alternative.split(", ").map((entry) => entry.trim());
  const of = (kind: string): readonly string[] => entries.filter((entry) => entry.startsWith(`${kind}:`)).map((entry) => entry.slice(kind.length + 1));
  return {
    subject: plain(/^ {8}Subject: ?(.{0,2000})$/m.exec(part)?.[1] ?? ""),
    issuer: plain(issuer),
    from: timeIn(from),
    until: timeIn(until),
    names: of("DNS"),
    uris: of("URI"),
    mark: `serial ${serialIn(part)}`,
    isAuthority: /X509v3 Basic Constraints:[^\n]{0,40}\n {16}CA:TRUE/.test(part),
  };
}

// Versions of openssl write `CN = web-1` and `CN=web-1`.
const plain = (name: string): string => name.trim().replace(/ ?= ?/g, "=");

function serialIn(part: string): string {
  const short = /^ {8}Serial Number: (\S{1,100})/m.exec(part)?.[1];
  return short ?? /^ {8}Serial Number:\s*\n {12}([0-9a-f:]{1,200})/m.exec(part)?.[1] ?? "unknown";
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Nov 25 12:00:00 2026 GMT`. */
function timeIn(text: string): Instant | null {
  const [, month, day, clock, year] = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$/.exec(text.trim()) ?? [];
  if (month === undefined) return null;
  return instantOf(`${year}-${String(months.indexOf(month) + 1).padStart(2, "0")}-${day!.padStart(2, "0")}T${clock}Z`) ?? null;
}
