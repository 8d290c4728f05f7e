import type { Instant } from "../base/instant.ts";
import type { Direction } from "./connection.ts";

/**
 * How it is known who opened a conversation: what its own records say, or, where they cannot tell, `observed-elsewhere` (another
 * observer saw it opened, or saw the endpoint serve), `peers` (one endpoint was met by more others) or `port` (the look of the ports).
 */
export type Reason = Direction | "observed-elsewhere" | "peers";

/** One side of a flow at the time of its connections: who held the address, that several did, or that nobody did. */
export type FlowEnd =
  | { readonly kind: "held"; readonly holder: string }
  | { readonly kind: "contested"; readonly address: string; readonly holders: readonly string[] }
  | { readonly kind: "bare"; readonly address: string };

/** The name of an end, or its address. */
export const endText = (end: FlowEnd): string => (end.kind === "held" ? end.holder : end.address);

/** What is summed over conversations. Null is "nobody could tell", never 0. */
export interface Volume {
  readonly connections: number;
  /** Answered, attempts without an answer, and those of which no observer could tell; together `connections`. */
  readonly answered: number;
  readonly unanswered: number;
  readonly untold: number;
  readonly denied: number;
  readonly bytesToServer: number | null;
  readonly bytesToClient: number | null;
  readonly first: Instant | null;
  readonly last: Instant | null;
  readonly observers: readonly string[];
  /** The coarsest sampling of the records, N for 1 in N; the counts are as reported. */
  readonly sampling: number | null;
  /** Conversations of which only one direction was recorded. */
  readonly oneSided: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
}

/** Connections summed over a window by client, server and service, attributed at their own time. */
export interface Flow extends Volume {
  readonly client: FlowEnd;
  readonly server: FlowEnd;
  readonly protocol: string;
  readonly serverPort: number | null;
  readonly icmpType: number | null;
}

/** On which days a flow was seen: those on which at least one of its conversations was answered, or nobody could tell whether it was. */
export interface FlowDays extends Pick<Flow, "client" | "server" | "protocol" | "serverPort" | "icmpType"> {
  /** Days of UTC since 1970-01-01, rising; never empty. */
  readonly days: readonly number[];
  /** The hours of UTC, 0 to 23, in which one of them began on any day, rising. */
  readonly hours: readonly number[];
}

/** One conversation told by one or more records: its halves, its windows and its observers are joined. `connections` is 1 unless an observer told more in one stretch. */
export interface Conversation extends Volume {
  readonly client: string;
  readonly clientPort: number | null;
  readonly server: string;
  readonly serverPort: number | null;
  readonly protocol: string;
  readonly icmpType: number | null;
}
