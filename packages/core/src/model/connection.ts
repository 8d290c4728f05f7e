import type { Instant } from "../base/instant.ts";

/** How it is known who opened the conversation; with `unknown`, client and server are source and destination as on the wire. */
export type Direction = "handshake" | "first-packet" | "stated" | "port" | "unknown";

/** One conversation as one record tells it, before attribution. Null is "this source cannot tell", never 0. */
export interface Connection {
  /** The format that told it: `zeek-conn`, `pcap`, … */
  readonly source: string;
  readonly file: string;
  /** The n-th flow-bearing record of the file, from 1. */
  readonly record: number;
  readonly observer: string | null;
  readonly first: Instant | null;
  readonly last: Instant | null;
  /** Canonical address texts, with `%realm` where one was given. */
  readonly client: string;
  readonly clientPort: number | null;
  readonly server: string;
  readonly serverPort: number | null;
  /** tcp, udp, sctp, icmp, icmp6, or the IANA number as text. */
  readonly protocol: string;
  /** ICMP type of the opening message where it is known; the `serverPort` of ICMP is null. */
  readonly icmpType: number | null;
  /** IP bytes, headers included; a source that counts something else says so in `note`. */
  readonly packetsToServer: number | null;
  readonly bytesToServer: number | null;
  readonly packetsToClient: number | null;
  readonly bytesToClient: number | null;
  readonly direction: Direction;
  /** Whether anything came back, where the source can tell: an attempt without an answer is no dependency. */
  readonly answered: boolean | null;
  readonly verdict: "allowed" | "denied" | null;
  readonly rule: string | null;
  readonly reason: string | null;
  /** N for 1 in N packets, counts as reported; null for none or unknown. */
  readonly sampling: number | null;
  readonly clientLabels: Readonly<Record<string, string>>;
  readonly serverLabels: Readonly<Record<string, string>>;
  readonly note: string | null;
}

/** Remarks of a note by which a record says that it goes on with a connection that began before it. */
export const continuing: readonly string[] = ["goes on", "goes on from an earlier interval", "ends"];

/** Whether a record tells a later part of a connection, and none of its own. What was denied has no later part. */
export function isContinuing({ note, verdict }: Pick<Connection, "note" | "verdict">): boolean {
  return note !== null && verdict !== "denied" && note.split("; ").some((remark) => continuing.includes(remark));
}
