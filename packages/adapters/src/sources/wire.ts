import { wayOfIcmp } from "./icmp-way.ts";
import { isOfMany, wayOf } from "./one-way.ts";
import { isIcmp, type Known, noLabels } from "./record.ts";

/** A SYN opens, a SYN with an ACK answers. */
export type Handshake = "syn" | "syn-ack";

/** One packet, or one way of a conversation, as it went over the wire. */
export interface Wire {
  readonly source: string;
  readonly sourcePort?: number | null;
  readonly destination: string;
  readonly destinationPort?: number | null;
  readonly protocol: string;
  readonly icmpType?: number | null;
  /** What TCP's flags say of the opening, where a record has them. */
  readonly handshake?: Handshake | null;
  readonly packets?: number | null;
  readonly bytes?: number | null;
}

/** Client and server of what went one way, and whether the source is the server. */
export interface Ends {
  readonly known: Known;
  readonly isTurned: boolean;
}

const [syn, synAck] = [2, 18];

/** Who is client and who is server of what went one way: by flags, by an ICMP type, by a well-known port on one side only. */
export function endsOf(wire: Wire): Ends {
  const { source, sourcePort = null, destination, destinationPort = null, protocol, packets = null, bytes = null } = wire;
  const { isReply, direction, icmpType } = wayOfWire(wire);
  const known = isReply
    ? { client: destination, clientPort: destinationPort, server: source, serverPort: sourcePort, packetsToClient: packets, bytesToClient: bytes }
    : { client: source, clientPort: sourcePort, server: destination, serverPort: destinationPort, packetsToServer: packets, bytesToServer: bytes };
  return { known: { ...known, protocol, direction, icmpType }, isTurned: isReply };
}

function wayOfWire({ source, sourcePort = null, destination, destinationPort = null, protocol, icmpType = null, handshake = null }: Wire) {
  if (isIcmp(protocol) && !isOfMany(source) && !isOfMany(destination)) return wayOfIcmp(protocol, icmpType);
  const flags = handshake === null ? null : handshake === "syn" ? syn : synAck;
  return {
    ...wayOf({ source, destination, sourcePort, destinationPort, flags, packets: flags === null ? null : 1 }),
    icmpType: isIcmp(protocol) ? icmpType : null,
  };
}

/** Client and server where the source has stated that its first-named end opened. */
export function statedEnds({ source, sourcePort = null, destination, destinationPort = null, protocol, icmpType = null }: Wire): Known {
  const known = { client: source, clientPort: sourcePort, server: destination, serverPort: destinationPort, protocol, direction: "stated" } as const;
  return called({ ...known, icmpType: isIcmp(protocol) ? icmpType : null });
}

/** What a list of flags such as `SYN ACK` says of the opening; null without a SYN. */
export function handshakeOf(flags: readonly string[]): Handshake | null {
  if (!flags.includes("SYN")) return null;
  return flags.includes("ACK") ? "syn-ack" : "syn";
}

/** The same of letters such as `SA`. */
export function handshakeIn(letters: string | undefined): Handshake | null {
  if (letters?.includes("S") !== true) return null;
  return letters.includes("A") ? "syn-ack" : "syn";
}

/** An ICMP type as a number below 256, or null. */
export const icmpTypeOf = (number: number | null): number | null => (number !== null && number < 256 ? number : null);

/** The same connection, turned if a group would be its client: whatever a source states, nobody calls from one. */
export const called = (known: Known): Known => (isOfMany(known.client) && !isOfMany(known.server) ? { ...turned(known), direction: "stated" } : known);

/** The same connection with client and server exchanged. */
export function turned(known: Known): Known {
  return {
    ...known,
    client: known.server,
    clientPort: known.serverPort ?? null,
    server: known.client,
    serverPort: known.clientPort ?? null,
    packetsToServer: known.packetsToClient ?? null,
    bytesToServer: known.bytesToClient ?? null,
    packetsToClient: known.packetsToServer ?? null,
    bytesToClient: known.bytesToServer ?? null,
    clientLabels: known.serverLabels ?? noLabels,
    serverLabels: known.clientLabels ?? noLabels,
  };
}
