/** The few interfaces that the product asks of the world; adapters implement them, one folder each. */
import type { Instant } from "./base/instant.ts";
import type { Connection, Direction } from "./model/connection.ts";
import type { FunctionUse } from "./model/function-use.ts";
import type { Flow, FlowDays } from "./model/flow.ts";
import type { HolderSegment } from "./model/holder-segment.ts";

/** A record that could not be read: which, and why, in one sentence. `record` counts flow-bearing records or lines from 1; null is the file as a whole. */
export interface Reject {
  readonly file: string;
  readonly record: number | null;
  readonly line: number | null;
  /** A short stable word to count by: `truncated`, `bad-address`, … */
  readonly reason: string;
  readonly message: string;
}

/** What a decoder gives, in the order of the file. */
export type Decoded =
  | { readonly kind: "connection"; readonly connection: Connection }
  | { readonly kind: "reject"; readonly reject: Reject }
  /** What the source itself says about its gaps; no record of a flow, and no damage. `count` of what it speaks of, one without. */
  | { readonly kind: "notice"; readonly reason: string; readonly count?: number }
  /** What was asked in messages of an industrial protocol; flow formats give none. */
  | { readonly kind: "use"; readonly use: FunctionUse };

/** A pure decoder of one file at a time: bytes in, connections out, nothing kept but what it needs. Never throws on any input. */
export interface Decoder {
  /** The next bytes of the file; may be any cut of it. */
  push(bytes: Uint8Array): Iterable<Decoded>;
  /** The file has ended: what was still open. */
  end(): Iterable<Decoded>;
  /** The file rests and may go on: what is open, as far as it is known; what comes of it later says that it goes on, or ends. Absent where nothing waits for lines to come. */
  rest?(): Iterable<Decoded>;
}

/** Where a decoder's file comes from; `file` is used in records and rejects only. */
export interface DecoderInput {
  readonly file: string;
  /** The same object for all that is read together: what one file defines, such as a template of NetFlow, holds in those behind it. */
  readonly together?: object;
  /** Who sent it and when it came, where it came over a network. */
  readonly sender?: string;
  readonly arrived?: Instant;
  /** How many records of the file came before these bytes; none without. Every flow format numbers on behind them. */
  readonly before?: number;
  /** The year of the first time that names none, as whoever reads the file states it. */
  readonly year?: number;
}

/** How often a source says something. */
export type Extent = "always" | "sometimes" | "never";

/** What a source can tell and what it cannot. The reference page is made of it, and a test holds it against what the format's samples say. */
export interface Tells {
  /** What is read, in a few words: which product's which log, which versions. */
  readonly reads: string;
  /** Every way in which it may be known who opened a conversation. */
  readonly opener: readonly Direction[];
  readonly answered: Extent;
  readonly verdict: Extent;
  readonly rule: Extent;
  readonly reason: Extent;
  /** Whether one record counts both ways of a conversation, one of them, or nothing; all that occur. */
  readonly counts: readonly ("both" | "one" | "none")[];
  /**
   * What counts as one connection, all that occur. `records`: each record. `windows`: those of one direction with the same addresses and ports, until eleven
   * minutes of silence. `beginnings`: each record that is no later part. `intervals`: each sum of a time, of however many. `events`: each, of which one connection may have several.
   */
  readonly connections: readonly ("records" | "windows" | "beginnings" | "intervals" | "events")[];
  /** What the bytes count, all that occur; anything but `ip` also stands in the record's note. */
  readonly bytes: readonly ("ip" | "frame" | "payload" | "unsaid")[];
  /** `whole`: every packet counts. `said`: records name their 1 in N. `unsaid`: packets may have been left out, and the record does not say. */
  readonly sampling: "whole" | "said" | "unsaid";
  /** Keys of the labels that it states of an end. */
  readonly labels: readonly string[];
  /** Times of a record: its first and last packet or event, its window of aggregation, one instant, or none. */
  readonly times: "first and last" | "window" | "instant" | "none";
  /** What is missing in what this source saw, and whether it says so: one sentence or two. */
  readonly gaps: string;
}

/** One format of files: its name, how its first bytes are recognised, and its decoder. */
export interface FileFormat {
  readonly name: string;
  /** Whether the first bytes (up to 64 KiB, already gunzipped) look like this format. */
  recognises(head: Uint8Array, file: string): boolean;
  decoder(input: DecoderInput): Decoder;
}

/** One format that tells flows. */
export interface FlowFormat extends FileFormat {
  readonly tells: Tells;
}

/** Connections that are kept together or not at all. */
export interface Batch {
  /**
   * A batch with a token that was added before counts once, for ever. With null the content speaks, without the file's name: the same
   * batch counts once, and of two that begin with the same record, what both say (a file that grew, or an older copy of it) counts once.
   */
  readonly token: string | null;
  readonly connections: readonly Connection[];
}

/** Which connections; what is left out does not matter. Ends are addresses or prefixes in canonical text. */
export interface ConnectionFilter {
  readonly client?: string;
  readonly server?: string;
  readonly protocol?: string;
  readonly serverPort?: number;
  /** From (inclusive) until (exclusive), by `first`; a connection without a time is found only when neither is asked. */
  readonly since?: Instant;
  readonly until?: Instant;
  readonly observer?: string;
  readonly source?: string;
  /** The earliest so many. */
  readonly limit?: number;
  /** By time, then file and record; those without a time come last. Otherwise in any order, which is faster. */
  readonly isOrdered?: boolean;
}

/** What one observer told in one file. */
export interface ArchivedSource {
  readonly source: string;
  readonly file: string;
  readonly observer: string | null;
  readonly records: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

/** Which conversations, by their `first`: since (inclusive) until (exclusive), null is open; and who held which address when. */
export interface ConversationQuery {
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly segments: readonly HolderSegment[];
  /** Only conversations without a time, which else come where neither end of the window is asked. */
  readonly isUndated?: boolean;
}

/** What a window holds, without its flows. */
export interface Outline {
  /** The days of UTC since 1970-01-01 on which a conversation began, rising; null, which comes first, for those without a time. */
  readonly days: readonly ArchivedDay[];
  /** What core/telemetry's `broadcastAddresses` says of the flows of the window. */
  readonly broadcast: readonly string[];
}

/** A day of the archive. Its digest is another when a conversation of the whole day, or who held an address of it, is another. */
export interface ArchivedDay {
  readonly day: number | null;
  readonly digest: string;
  /** No fewer than its flows. */
  readonly flowsMost: number;
}

/** The flows of a day. */
export interface DayFlows {
  readonly day: number;
  readonly flows: readonly Flow[];
}

/** Every connection ever ingested, as its record tells it; attribution happens when it is read. */
export interface FlowArchive {
  /** Resolves when the batch would survive a power cut, with how many of its connections are new. */
  add(batch: Batch): Promise<number>;
  /** Portions of bounded size. */
  connections(filter: ConnectionFilter): AsyncIterable<readonly Connection[]>;
  /**
   * Conversations summed into flows: oriented, their halves and observers joined, attributed by the lease of their own time.
   * What core/telemetry's `flowsOf(conversationsOf(…), attributionOf(…))` says of the same records, computed where they lie.
   */
  conversations(query: ConversationQuery): Promise<readonly Flow[]>;
  /** On which days each of these flows was seen; what only was attempted, or has no time, is left out. In any order. */
  presence(query: ConversationQuery): Promise<readonly FlowDays[]>;
  /** The same, apart by the day on which they began, rising; what has no time is left out. */
  conversationsByDay(query: ConversationQuery): Promise<readonly DayFlows[]>;
  outline(query: ConversationQuery): Promise<Outline>;
  sources(): Promise<readonly ArchivedSource[]>;
  close(): Promise<void>;
}
