import type { IndustrialFunction } from "@bulkhead/core/model/function-use";

/** messages/ finds the messages of industrial protocols in what two ends send each other, and says which function each asks for. */

/** What is known of the sender while its messages are read; one object for each direction of a connection. */
export interface Way {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Whether the sender began the talk, as far as the protocol itself has said it. */
  isClient: boolean;
  /** Whether what is in messages is encrypted. */
  isSealed: boolean;
  /** Whether the next message goes on with the last. */
  isInside: boolean;
}

/** A message that the sender asks with; or, of an event, one that the server sends unasked. */
export type Asked = (asked: IndustrialFunction, isFromServer?: boolean) => void;

/** A stretch of bytes that are there. */
export interface Stretch {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** How a protocol cuts a stream into messages, and what it asks in each. */
export interface Framing {
  /** How many bytes must be there before a length can be told. */
  readonly headBytes: number;
  /** How many bytes of a message are needed at most to know what it asks. */
  readonly wantedBytes: number;
  /** How long the message is that begins here, or -1 when none does. */
  lengthOf(stretch: Stretch): number;
  /** Reads a message, as many of its bytes as were wanted. */
  read(message: Stretch, way: Way, asked: Asked): void;
}
