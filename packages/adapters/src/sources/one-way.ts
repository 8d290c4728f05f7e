import type { Direction } from "@bulkhead/core/model/connection";

const syn = 2;
const rst = 4;
const ack = 16;
// FIN, RST and PSH: no packet of a handshake has them.
const later = 13;

/** What one record says of packets that all went one way. */
export interface OneWay {
  readonly source: string;
  readonly destination: string;
  /** Null where the protocol has none. */
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** Every TCP flag that was seen, or-ed; null where none were recorded. */
  readonly flags: number | null;
  readonly packets: number | null;
}

export interface Way {
  /** The source is the server: client and server change places. */
  readonly isReply: boolean;
  readonly direction: Direction;
}

/** Who opened, as one side's packets tell: a SYN without an ACK is the opener's, a lone SYN-ACK the other's; then the ports; else nobody knows. */
export function wayOf({ source, destination, sourcePort, destinationPort, flags, packets }: OneWay): Way {
  if (isOfMany(source)) return { isReply: true, direction: "stated" };
  if (flags !== null && (flags & syn) !== 0) {
    if ((flags & ack) === 0) return { isReply: false, direction: "handshake" };
    // Of several packets either side's flags add up to the same.
    if (packets === 1 && (flags & later) === 0) return { isReply: true, direction: "handshake" };
  }
  if (sourcePort === null || destinationPort === null) return { isReply: false, direction: "unknown" };
  const isSourceKnown = isWellKnown(sourcePort, destinationPort);
  if (isSourceKnown === isWellKnown(destinationPort, sourcePort)) return { isReply: false, direction: "unknown" };
  // What goes to a group is no reply, wherever it comes from.
  return isSourceKnown && isOfMany(destination) ? { isReply: false, direction: "unknown" } : { isReply: isSourceKnown, direction: "port" };
}

// DHCP is the one well-known service whose clients have a well-known port, too.
const isWellKnown = (port: number, other: number): boolean => port > 0 && ((port < 1024 && other >= 1024) || (port === 67 && other === 68));

/** Whether anything came back, as one side's flags tell: who acknowledges has heard something. Of sampled packets a SYN alone tells nothing. */
export function isAnsweredBy(flags: number | null, isSampled: boolean): boolean | null {
  if (flags === null || flags === 0) return null;
  if ((flags & ack) !== 0) return (flags & rst) === 0 ? true : null;
  return (flags & syn) !== 0 && !isSampled ? false : null;
}

/** Whether an address is multicast (224/4, ff00::/8) or broadcast: nobody calls from it. */
export const isOfMany = (address: string): boolean => {
  const first = address.charCodeAt(0);
  // `2` and `f`: all others are spared the expression.
  return (first === 50 || first === 102) && /^(?:22[4-9]|23\d)\.|^ff[0-9a-f]{2}:|^255\.255\.255\.255$/.test(address);
};
