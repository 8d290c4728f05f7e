import { instantOf } from "@bulkhead/core/base/instant";
import { expect, test } from "vitest";
import { credentialLine } from "../testing/told-credentials.ts";
import { pemReading } from "./read.ts";

// Made for this test, of one day, by an authority whose key is gone.
const pem = `-----BEGIN CERTIFICATE-----
MIIByjCCAW+gAwIBAgIUSRt8t5egaOwa8E9PFkMTNaEoTiUwCgYIKoZIzj0EAwIw
JzEQMA4GA1UECgwHRXhhbXBsZTETMBEGA1UEAwwKRXhhbXBsZSBDQTAeFw0yNjEx
MjgxNDIxMDVaFw0yNjExMjkxNDIxMDVaMA4xDDAKBgNVBAMMA3dlYjBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABMcZMb1enKb0hHfpRs5C/bpT8ygfH6h+hDAvh8SL
+VeXuuZobA1W3BRuFtR+W1bsTtVFsE7AoRKa3RY0WSDxC7yjgZEwgY4wQQYDVR0R
BDowOIYjc3BpZmZlOi8vZXhhbXBsZS5nb3YvbnMvc2hvcC9zYS93ZWKCEXdlYi0x
LmV4YW1wbGUuZ292MAkGA1UdEwQCMAAwHQYDVR0OBBYEFGePwTCSnjSBD0v4NzfY
qOVJ3ooXMB8GA1UdIwQYMBaAFLGpWOqIqa/7co6DhTWVbqaSoD9KMAoGCCqGSM49
BAMCA0kAMEYCIQCtCQHoD0imozTNB+WZlCK11r2Ef3wD2pErHXJg5KfmPgIhAOaS
GHZzNRz2unKy5Kude6Iy2uj/t64D/YS00TJ4OkW8
-----END CERTIFICATE-----
`;

function read(text: string, at = "2026-11-28T20:00:00Z"): { readonly credentials: readonly string[]; readonly problems: readonly string[] } | null {
  const problems: string[] = [];
  const reading = pemReading(text, { at: instantOf(at)!, say: ({ message }) => void problems.push(message) });
  return reading === null ? null : { credentials: (reading.credentials ?? []).map(credentialLine), problems };
}

const name = "certificate spiffe://example.gov/ns/shop/sa/web (SHA-256 6ad31b07107b41e9)";

test("a certificate of a day is tier 3, and is used by the pods that its SPIFFE ID names", () => {
  expect(read(`subject=CN = web\n${pem}`)).toEqual({
    credentials: [`${name}, tier 3, short-lived, signed by O=Example, CN=Example CA → shop:web`],
    problems: [],
  });
});

test("before and after its validity it proves nothing", () => {
  expect(read(pem, "2026-11-28T14:00:00Z")?.credentials).toEqual([
    `${name}, cannot be used, short-lived, signed by O=Example, CN=Example CA, is not valid yet → shop:web`,
  ]);
  expect(read(pem, "2026-12-28T14:00:00Z")?.credentials).toEqual([
    `${name}, cannot be used, short-lived, signed by O=Example, CN=Example CA, is over → shop:web`,
  ]);
});

test("a private key beside it is not looked at, and said; damage is told; other texts are none", () => {
  expect(read(`${pem}-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----\n`)?.problems).toEqual([
    "there is a private key in this file; it was not looked at, and should not lie beside what is copied around",
  ]);
  expect(read(pem.replace("MIIB", "AAAA") + pem)).toMatchObject({
    credentials: [expect.stringContaining(name)],
    problems: ["certificate 1 of the file cannot be read"],
  });
  expect(read(pem.slice(0, 200))?.problems).toEqual(["the file begins a certificate and does not end it"]);
  expect(read("id,app\n")).toBeNull();
});
