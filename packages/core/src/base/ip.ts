/**
 * An IP address in a realm. An IPv4-mapped IPv6 address is its IPv4 address; a public address has no realm.
 * `value` has 32 or 128 bits; `realm` is "" in the default realm.
 */
export interface Ip {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly realm: string;
}

const realmShape = /^[a-z0-9][a-z0-9._-]*$/;
const mapped = 0xffffn;

/** The address that a text such as `10.0.0.7%site-b` or `2001:db8::1` names, or undefined. */
export function ipOf(text: string): Ip | undefined {
  if (text.length > 300) return undefined;
  const { start, realm } = withoutRealm(text);
  const number = start === undefined ? undefined : numberOf(start);
  if (number === undefined) return undefined;
  return { ...number, realm: isPublicNumber(number) ? "" : realm };
}

/** The text before the realm, and the realm; `start` is undefined when the realm is not a name. */
export function withoutRealm(text: string): { readonly start: string | undefined; readonly realm: string } {
  const cut = text.indexOf("%");
  if (cut < 0) return { start: text, realm: "" };
  const realm = text.slice(cut + 1);
  return { start: realmShape.test(realm) ? text.slice(0, cut) : undefined, realm };
}

/** Family and value of an address text without a realm, or undefined. */
export function numberOf(text: string): Pick<Ip, "family" | "value"> | undefined {
  if (!text.includes(":")) return v4Of(text);
  const value = v6Of(text);
  if (value === undefined) return undefined;
  return value >> 32n === mapped ? { family: 4, value: value & 0xffff_ffffn } : { family: 6, value };
}

function v4Of(text: string): { family: 4; value: bigint } | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    // A leading zero would be read as octal by half the world.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return { family: 4, value: BigInt(value) };
}

function v6Of(text: string): bigint | undefined {
  const tail = text.slice(text.lastIndexOf(":") + 1);
  if (tail.includes(".")) {
    const four = v4Of(tail);
    if (four === undefined) return undefined;
    const words = `${(four.value >> 16n).toString(16)}:${(four.value & 0xffffn).toString(16)}`;
    return v6Of(text.slice(0, -tail.length) + words);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], rest = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...rest];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** The canonical text: dotted quads or RFC 5952, with `%realm` outside the default realm. */
export function ipText(ip: Ip): string {
  return (ip.family === 4 ? v4Text(ip.value) : v6Text(ip.value)) + (ip.realm === "" ? "" : `%${ip.realm}`);
}

function v4Text(value: bigint): string {
  const n = Number(value);
  return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
}

function v6Text(value: bigint): string {
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((value >> shift) & 0xffffn).toString(16));
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === "0") length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** A string that two addresses share exactly when they are the same address. */
export function ipKey(ip: Ip): string {
  return `${ip.family}:${ip.value.toString(16)}%${ip.realm}`;
}

// MEANING §1, built-in network `internet`: what is not public.
const notPublic4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const notPublic6 = ["::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "fc00::/7", "fe80::/10", "ff00::/8"];
const notPublic = [...notPublic4, ...notPublic6].map((text) => {
  const [start = "", length = ""] = text.split("/");
  const number = start.includes(":") ? { family: 6 as const, value: v6Of(start) ?? 0n } : { family: 4 as const, value: v4Of(start)?.value ?? 0n };
  return { ...number, shift: BigInt((number.family === 4 ? 32 : 128) - Number(length)) };
});

/** The first address of each range that is not public, and the first behind it: between two of them all addresses are alike. */
export const publicBounds: readonly Pick<Ip, "family" | "value">[] = notPublic.flatMap(({ family, value, shift }) => [
  { family, value },
  { family, value: value + (1n << shift) },
]);

/** The ranges that are not public, as prefixes of the default realm. */
export function notPublicPrefixes(): readonly { readonly family: 4 | 6; readonly value: bigint; readonly length: number }[] {
  return notPublic.map(({ family, value, shift }) => ({ family, value, length: (family === 4 ? 32 : 128) - Number(shift) }));
}

function isPublicNumber({ family, value }: Pick<Ip, "family" | "value">): boolean {
  return !notPublic.some((one) => one.family === family && one.value >> one.shift === value >> one.shift);
}

/** Whether no address of a prefix is in the ranges that are not public. `shift` is the number of host bits. */
export function isPublicRange({ family, value, shift }: Pick<Ip, "family" | "value"> & { readonly shift: bigint }): boolean {
  return !notPublic.some((one) => {
    const wider = one.shift > shift ? one.shift : shift;
    return one.family === family && one.value >> wider === value >> wider;
  });
}

/** Whether the address is in none of the ranges that MEANING §1 lists as not public. */
export function isPublic(ip: Ip): boolean {
  return isPublicNumber(ip);
}
