import { type Way, wayOf as wayByPorts } from "../one-way.ts";

const fin = 1;
const syn = 2;
const rst = 4;
const ack = 16;

/** What one record says about the two sides of its conversation; null where it says nothing. */
export interface Sides {
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly destination: string;
  readonly flags: number | null;
}

const opener: Way = { isReply: false, direction: "handshake" };
const other: Way = { isReply: true, direction: "handshake" };

/** Whether the record is the server's side of the conversation, and how that is known. AWS adds SYN (2) and SYN-ACK (18) to `tcp-flags`, never a lone ACK. */
export function wayOf({ sourcePort, destinationPort, destination, flags }: Sides): Way {
  if (flags !== null && (flags & syn) !== 0) return (flags & ack) !== 0 && (flags & ~(fin | syn | rst | ack)) === 0 ? other : opener;
  return wayByPorts({ source: "", destination, sourcePort, destinationPort, flags: null, packets: null });
}
