import { type Instant, instantOf } from "@bulkhead/core/base/instant";
import type { Say } from "@bulkhead/core/inventory/problem";
import { X509Certificate } from "node:crypto";
import { credentialsMax } from "../credentials.ts";
import { type InventoryReading, nothingRead } from "../reading.ts";
import { type Certificate, credentialOfCertificate } from "./certificate.ts";

const block = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[A-Za-z0-9+/=\s]{1,100000}-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificates of a PEM file, or null when it has none. Private keys beside them are not looked at. */
export function pemReading(text: string, { say, at }: { readonly say: Say; readonly at: Instant }): InventoryReading | null {
  if (!/^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/m.test(text.slice(0, 1 << 20))) return null;
  const blocks = (text.match(block) ?? []).slice(0, credentialsMax);
  const read = blocks.flatMap((pem, index) => {
    try {
      return [credentialOfCertificate(certificateOf(new X509Certificate(pem)), at)];
    } catch {
      say({ reason: "no-certificate", message: `certificate ${index + 1} of the file cannot be read` });
      return [];
    }
  });
  if (blocks.length === 0) say({ reason: "no-certificate", message: "the file begins a certificate and does not end it" });
  if (/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text))
    say({ reason: "private-key", message: "there is a private key in this file; it was not looked at, and should not lie beside what is copied around" });
  return { ...nothingRead, credentials: read };
}

function certificateOf(one: X509Certificate): Certificate {
  const entries = (one.subjectAltName ?? "").split(", ");
  const of = (kind: string): readonly string[] => entries.filter((entry) => entry.startsWith(`${kind}:`)).map((entry) => entry.slice(kind.length + 1));
  return {
    subject: plain(one.subject),
    issuer: plain(one.issuer),
    from: timeIn(one.validFrom),
    until: timeIn(one.validTo),
    names: of("DNS"),
    uris: of("URI"),
    mark: `SHA-256 ${one.fingerprint256.replaceAll(":", "").slice(0, 16).toLowerCase()}`,
    isAuthority: one.ca,
  };
}

// Node writes a part of a name a line.
const plain = (name: string | undefined): string => (name ?? "").split("\n").join(", ");

/** Node writes `Nov 25 12:00:00 2026 GMT`. */
function timeIn(text: string): Instant | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : (instantOf(new Date(ms).toISOString()) ?? null);
}
