/** pcap/ reads captures: container.ts finds packets, link.ts and network.ts their headers, conversations.ts what they belong to. */

/** One packet on its way through the layers; one object is used again for every packet, so that none is made a packet. */
export interface Packet {
  /** The capture's bytes, and where the packet's begin and end in them. */
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Microseconds since 1970; and how many bytes of it were on the wire that were not captured. */
  at: number;
  uncaptured: number;
  /** 4 or 6; 0 when the packet carries no IP. */
  family: 0 | 4 | 6;
  /** IPv4 addresses as signed numbers of 32 bits, or ids of interned IPv6 addresses. */
  source: number;
  destination: number;
  /** IP protocol number, after extension headers. */
  protocol: number;
  /** Header included. */
  ipBytes: number;
  sourcePort: number;
  destinationPort: number;
  tcpFlags: number;
  sequence: number;
  /** Bytes of TCP payload on the wire. */
  payload: number;
  icmpType: number;
  icmpCode: number;
  /** Where the transport header stands; -1 when it was not captured. */
  transport: number;
  fragmentId: number;
  /** Offset in bytes; -1 when the packet is no fragment. */
  fragmentOffset: number;
  hasMoreFragments: boolean;
  ipHeaderBytes: number;
}

export function emptyPacket(): Packet {
  return {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    at: 0,
    uncaptured: 0,
    family: 0,
    source: 0,
    destination: 0,
    protocol: 0,
    ipBytes: 0,
    sourcePort: 0,
    destinationPort: 0,
    tcpFlags: 0,
    sequence: 0,
    payload: 0,
    icmpType: 0,
    icmpCode: 0,
    transport: -1,
    fragmentId: 0,
    fragmentOffset: -1,
    hasMoreFragments: false,
    ipHeaderBytes: 0,
  };
}

export const tcp = 6;
export const udp = 17;
export const sctp = 132;
export const icmp4 = 1;
export const icmp6 = 58;

/** Two bytes, most significant first. */
export const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
/** Two bytes, least significant first. */
export const u16Little = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
/** Four bytes, least significant first, unsigned. */
export const u32Little = (bytes: Uint8Array, at: number): number => (u16Little(bytes, at) | (u16Little(bytes, at + 2) << 16)) >>> 0;
/** Four bytes, most significant first, unsigned. */
export const u32 = (bytes: Uint8Array, at: number): number => ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
/** Four bytes, most significant first, signed: such a number is never boxed. */
export const i32 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
