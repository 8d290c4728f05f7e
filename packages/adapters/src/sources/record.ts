import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoded, Decoder, DecoderInput } from "@bulkhead/core/outside";
import { ipOf, ipText } from "@bulkhead/core/base/ip";
import { lineMax, lineSplitter } from "./lines.ts";

/** A connection about which nothing is known yet but its ends. */
export type Known = Pick<Connection, "client" | "server" | "protocol"> & Partial<Connection>;

const noLabels: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>);

/** A connection in which everything that was not told is null. */
export function connectionOf(known: Known & Pick<Connection, "source" | "file" | "record">): Connection {
  return {
    source: known.source,
    file: known.file,
    record: known.record,
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
  | { readonly kind: "notice"; readonly reason: string }
  | { readonly kind: "wrong"; readonly reason: string; readonly message: string };

export const nothing: Told = { kind: "nothing" };

export function wrong(reason: string, message: string): Told {
  return { kind: "wrong", reason, message };
}

/** A decoder of a text log from a reader of its lines; `tell` keeps what it needs of headers. */
export function lineDecoder(source: string, { file }: DecoderInput, tell: (line: string) => Told): Decoder {
  const splitter = lineSplitter();
  let record = 0;
  function* decoded(lines: Iterable<ReturnType<typeof splitter.push> extends Iterable<infer L> ? L : never>): Generator<Decoded> {
    for (const line of lines) {
      const told = line.kind === "too-long" ? wrong("line-too-long", `the line is longer than ${lineMax} characters`) : tell(line.text);
      if (told.kind === "nothing") continue;
      if (told.kind === "notice") {
        yield told;
        continue;
      }
      record += 1;
      if (told.kind === "connection") yield { kind: "connection", connection: connectionOf({ ...told.known, source, file, record }) };
      else yield { kind: "reject", reject: { file, record, line: line.number, reason: told.reason, message: told.message } };
    }
  }
  return { push: (bytes) => decoded(splitter.push(bytes)), end: () => decoded(splitter.end()) };
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

/** A port, or null. */
export function portOf(text: string | undefined): number | null {
  const value = countOf(text);
  return value !== null && value <= 65_535 ? value : null;
}

const named: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmp6", "132": "sctp" };

/** The protocol's name as a record carries it: tcp, udp, sctp, icmp, icmp6, or the IANA number as text. */
export function protocolOf(number: number): string {
  return named[String(number)] ?? String(number);
}

export const isIcmp = (protocol: string): boolean => protocol === "icmp" || protocol === "icmp6";

/** Whether a protocol has ports that a record names. */
export const hasPorts = (protocol: string): boolean => protocol === "tcp" || protocol === "udp" || protocol === "sctp";
