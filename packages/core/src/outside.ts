/** The few interfaces that the product asks of the world; adapters implement them, one folder each. */
import type { Connection } from "./model/connection.ts";

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
  /** What the source itself says about its gaps; no record of a flow, and no damage. */
  | { readonly kind: "notice"; readonly reason: string };

/** A pure decoder of one file at a time: bytes in, connections out, nothing kept but what it needs. Never throws on any input. */
export interface Decoder {
  /** The next bytes of the file; may be any cut of it. */
  push(bytes: Uint8Array): Iterable<Decoded>;
  /** The file has ended: what was still open. */
  end(): Iterable<Decoded>;
}

/** Where a decoder's file comes from; `file` is used in records and rejects only. */
export interface DecoderInput {
  readonly file: string;
}

/** One flow format: its name, how its first bytes are recognised, and its decoder. */
export interface FlowFormat {
  readonly name: string;
  /** Whether the first bytes (up to 64 KiB, already gunzipped) look like this format. */
  recognises(head: Uint8Array, file: string): boolean;
  decoder(input: DecoderInput): Decoder;
}
