import { type Ip, ipText, isPublic, isPublicRange, numberOf, withoutRealm } from "./ip.ts";

/** A prefix of addresses in a realm; `value` is its first address, host bits zero unless `prefixOf` says otherwise. */
export interface Prefix {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly realm: string;
  readonly length: number;
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** What a text such as `10.20.0.0/16%site-b` names, or why it names nothing. */
export type PrefixReading =
  | { readonly kind: "prefix"; readonly prefix: Prefix }
  | { readonly kind: "host-bits"; readonly meant: Prefix }
  | { readonly kind: "no-prefix"; readonly why: "address" | "length" | "realm" };

/** Reads a prefix; a text with host bits is not one, but `meant` says what it was probably meant to be. */
export function readPrefix(text: string): PrefixReading {
  const { start, realm } = withoutRealm(text);
  if (start === undefined) return { kind: "no-prefix", why: "realm" };
  const [address = "", written = "", more] = start.split("/");
  const number = numberOf(address);
  if (number === undefined) return { kind: "no-prefix", why: "address" };
  if (more !== undefined || !/^(0|[1-9]\d{0,2})$/.test(written)) return { kind: "no-prefix", why: "length" };
  const isMapped = number.family === 4 && address.includes(":");
  const length = Number(written) - (isMapped ? 96 : 0);
  if (length < 0 || length > bitsOf[number.family]) return { kind: "no-prefix", why: "length" };
  const shift = BigInt(bitsOf[number.family] - length);
  const value = (number.value >> shift) << shift;
  // From public addresses a realm is dropped, so also from a prefix of nothing else.
  const prefix = { family: number.family, value, realm: realm !== "" && isPublicRange({ family: number.family, value, shift }) ? "" : realm, length };
  return prefix.value === number.value ? { kind: "prefix", prefix } : { kind: "host-bits", meant: prefix };
}

/** Whether the address lies in the prefix. A prefix with a realm covers only what is not public (MEANING §5). */
export function covers(prefix: Prefix, ip: Ip): boolean {
  if (prefix.family !== ip.family || prefix.realm !== ip.realm) return false;
  const shift = BigInt(bitsOf[ip.family] - prefix.length);
  return ip.value >> shift === prefix.value >> shift && (prefix.realm === "" || !isPublic(ip));
}

/** Canonical text, the realm last: `10.0.0.0/8%site-b`. */
export function prefixText({ family, value, realm, length }: Prefix): string {
  return `${ipText({ family, value, realm: "" })}/${length}${realm === "" ? "" : `%${realm}`}`;
}
