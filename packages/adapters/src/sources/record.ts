import type { Connection } from "@bulkhead/core/model/connection";
import { ipOf, ipText } from "@bulkhead/core/base/ip";

/** A connection about which nothing is known yet but its ends. */
export type Known = Pick<Connection, "client" | "server" | "protocol"> & Partial<Connection>;

/** What a source says that states no labels. */
export const noLabels: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>);

type Place = Pick<Connection, "source" | "file" | "record">;

/** A connection in which everything that was not told is null. */
export function connectionOf(known: Known & Place): Connection {
  return placed(known, known);
}

/** A connection at its place in a file. */
// Two parameters, because spreading one into the other costs ten times what the rest costs.
export function placed(known: Known, { source, file, record }: Place): Connection {
  return {
    source,
    file,
    record,
    observer: known.observer ?? null,
    first: known.first ?? null,
    last: known.last ?? null,
    client: known.client,
    clientPort: known.clientPort ?? null,
    server: known.server,
    serverPort: known.serverPort ?? null,
    protocol: known.protocol,
    icmpType: known.icmpType ?? null,
    packetsToServer: known.packetsToServer ?? null,
    bytesToServer: known.bytesToServer ?? null,
    packetsToClient: known.packetsToClient ?? null,
    bytesToClient: known.bytesToClient ?? null,
    direction: known.direction ?? "unknown",
    answered: known.answered ?? null,
    verdict: known.verdict ?? null,
    rule: known.rule ?? null,
    reason: known.reason ?? null,
    sampling: known.sampling ?? null,
    clientLabels: known.clientLabels ?? noLabels,
    serverLabels: known.serverLabels ?? noLabels,
    note: known.note ?? null,
  };
}

/** What one line of a text log says: a connection, nothing (headers, other events), or why it cannot be read. */
export type Told =
  | { readonly kind: "connection"; readonly known: Known }
  | { readonly kind: "nothing" }
  | { readonly kind: "notice"; readonly reason: string; readonly count?: number }
  | { readonly kind: "wrong"; readonly reason: string; readonly message: string };

export const nothing: Told = { kind: "nothing" };

export function wrong(reason: string, message: string): Told {
  return { kind: "wrong", reason, message };
}

// The few thousand addresses of a network come again and again; reading each once is most of the speed of text logs.
const addressesMax = 65_536;
const addresses = new Map<string, string | null>();

/** The canonical text of an address, or null when it is none. */
export function addressOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const known = addresses.get(text);
  if (known !== undefined) return known;
  const ip = ipOf(text);
  const canonical = ip === undefined ? null : ipText(ip);
  if (addresses.size >= addressesMax) addresses.clear();
  addresses.set(text, canonical);
  return canonical;
}

/** A whole number that is not negative and exact in a double, or null. */
export function countOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** Seconds with a fraction in whole microseconds (further digits cut, as in an instant's text), or null when they are none or past the year 2255. */
export function microsOf(text: string | undefined): number | null {
  const [, whole, fraction = ""] = /^(\d{1,10})(?:\.(\d+))?$/.exec(text ?? "") ?? [];
  if (whole !== undefined) return safe(Number(whole) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, "0")));
  // JSON writes small numbers as 9.5e-7.
  return text !== undefined && /^\d(\.\d+)?e-\d{1,3}$/.test(text) ? Math.trunc(Number(text) * 1e6) : null;
}

/** A number of units in whole microseconds, or null. */
export function microsOfCount(text: string | undefined, microsPerUnit: number): number | null {
  const count = countOf(text);
  return count === null ? null : safe(count * microsPerUnit);
}

const safe = (value: number): number | null => (Number.isSafeInteger(value) ? value : null);

/** A port, or null. */
export function portOf(text: string | undefined): number | null {
  const value = countOf(text);
  return value !== null && value <= 65_535 ? value : null;
}

/** What is wrong with the first of these values that should be a number and is none, or null. A missing value is no mistake. */
export function strangeNumber(
  field: (name: string) => string | undefined,
  { ports, counts }: { readonly ports: readonly string[]; readonly counts: readonly string[] },
): Told | null {
  for (const name of ports) if (field(name) !== undefined && portOf(field(name)) === null) return wrong("bad-port", `\`${name}\` is no port`);
  for (const name of counts) if (field(name) !== undefined && countOf(field(name)) === null) return wrong("bad-number", `\`${name}\` is no whole number`);
  return null;
}

const named: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmp6", "132": "sctp" };

/** The protocol's name as a record carries it: tcp, udp, sctp, icmp, icmp6, or the IANA number as text. */
export function protocolOf(number: number): string {
  return named[String(number)] ?? String(number);
}

export const isIcmp = (protocol: string): boolean => protocol === "icmp" || protocol === "icmp6";

/** Whether a protocol has ports that a record names. */
export const hasPorts = (protocol: string): boolean => protocol === "tcp" || protocol === "udp" || protocol === "sctp";
