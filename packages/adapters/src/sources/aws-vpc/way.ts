import type { Direction } from "@bulkhead/core/model/connection";

const fin = 1;
const syn = 2;
const rst = 4;
const ack = 16;

/** What one record says about the two sides of its conversation; null where it says nothing. */
export interface Sides {
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly flags: number | null;
}

/** Whether the record is the server's side of the conversation, and how that is known. AWS adds SYN (2) and SYN-ACK (18) to `tcp-flags`, never a lone ACK. */
export function wayOf({ sourcePort, destinationPort, flags }: Sides): { readonly isReply: boolean; readonly direction: Direction } {
  if (flags !== null && (flags & syn) !== 0) return { isReply: (flags & ack) !== 0 && (flags & ~(fin | syn | rst | ack)) === 0, direction: "handshake" };
  if (sourcePort === null || destinationPort === null) return { isReply: false, direction: "unknown" };
  const isSourceKnown = sourcePort < 1024;
  if (isSourceKnown === destinationPort < 1024) return { isReply: false, direction: "unknown" };
  return { isReply: isSourceKnown, direction: "port" };
}
