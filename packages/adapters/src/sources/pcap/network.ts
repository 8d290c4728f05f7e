import { i32, icmp4, icmp6, type Packet, sctp, tcp, u16, u32, udp } from "./packet.ts";
import type { V6Ids } from "./v6-ids.ts";

/** Reads the IP header at the packet's start; false when it is damaged. */
export function readNetwork(packet: Packet, ids: V6Ids): boolean {
  packet.fragmentOffset = -1;
  packet.hasMoreFragments = false;
  return packet.family === 4 ? readV4(packet) : readV6(packet, ids);
}

function readV4(packet: Packet): boolean {
  const { bytes, start, end } = packet;
  if (start + 20 > end) return false;
  const headerBytes = (bytes[start]! & 15) * 4;
  if (headerBytes < 20) return false;
  // A length of 0 is a segment that the network card was to cut (TSO): its length on the wire tells.
  const total = u16(bytes, start + 2);
  packet.ipBytes = total === 0 ? end - start + packet.uncaptured : total;
  if (packet.ipBytes < headerBytes) return false;
  packet.source = i32(bytes, start + 12);
  packet.destination = i32(bytes, start + 16);
  packet.protocol = bytes[start + 9]!;
  packet.ipHeaderBytes = headerBytes;
  const fragment = u16(bytes, start + 6);
  if ((fragment & 0x3fff) !== 0) {
    packet.fragmentOffset = (fragment & 0x1fff) * 8;
    packet.hasMoreFragments = (fragment & 0x2000) !== 0;
    packet.fragmentId = u16(bytes, start + 4);
  }
  packet.transport = start + headerBytes;
  packet.end = Math.min(end, start + packet.ipBytes);
  return true;
}

// RFC 8200 §4.1; 135 mobility, 139 HIP, 140 shim6.
const isExtension = (header: number): boolean => header === 0 || header === 43 || header === 60 || header === 135 || header === 139 || header === 140;
const extensionsMax = 16;

function readV6(packet: Packet, ids: V6Ids): boolean {
  const { bytes, start } = packet;
  if (start + 40 > packet.end) return false;
  const payload = u16(bytes, start + 4);
  // As in version 4; but what is followed by nothing (RFC 8200 §4.7) is empty.
  packet.ipBytes = payload === 0 && bytes[start + 6] !== 59 ? packet.end - start + packet.uncaptured : 40 + payload;
  packet.end = Math.min(packet.end, start + packet.ipBytes);
  packet.source = ids.idOf(bytes, start + 8);
  packet.destination = ids.idOf(bytes, start + 24);
  let [header, at] = [bytes[start + 6]!, start + 40];
  for (let count = 0; count < extensionsMax && at + 8 <= packet.end; count += 1) {
    if (isExtension(header)) {
      readTrueEnds(packet, { header, at }, ids);
      [header, at] = [bytes[at]!, at + 8 + bytes[at + 1]! * 8];
    } else if (header === 51) [header, at] = [bytes[at]!, at + 8 + bytes[at + 1]! * 4];
    else if (header === 44) {
      const field = u16(bytes, at + 2);
      if ((field & 0xfff9) !== 0) {
        packet.fragmentOffset = field & 0xfff8;
        packet.hasMoreFragments = (field & 1) !== 0;
        packet.fragmentId = u32(bytes, at + 4);
      }
      [header, at] = [bytes[at]!, at + 8];
      if (packet.fragmentOffset > 0) break;
    } else break;
  }
  packet.protocol = header;
  packet.transport = at;
  packet.ipHeaderBytes = at - start;
  return true;
}

interface Extension {
  readonly header: number;
  readonly at: number;
}

/**
 * Sets the ends as the transport's checksum has them (RFC 8200 §8.1, RFC 6275 §6.3): behind a routing header that is not used up stands the last destination,
 * behind a home address option the true source.
 */
function readTrueEnds(packet: Packet, { header, at }: Extension, ids: V6Ids): void {
  const { bytes, end } = packet;
  const length = 8 + bytes[at + 1]! * 8;
  if (at + 24 > end || at + length > end || length < 24) return;
  if (header === 43 && bytes[at + 3] !== 0) {
    const type = bytes[at + 2];
    // Type 0 ends with it, type 2 has nothing else, and type 4 (segments, RFC 8754) is written backwards.
    if (type === 0) packet.destination = ids.idOf(bytes, at + length - 16);
    else if (type === 2 || type === 4) packet.destination = ids.idOf(bytes, at + 8);
  }
  if (header !== 60) return;
  for (let option = at + 2; option + 18 <= at + length;) {
    if (bytes[option] === 201 && bytes[option + 1] === 16) packet.source = ids.idOf(bytes, option + 2);
    option += bytes[option] === 0 ? 1 : 2 + bytes[option + 1]!;
  }
}

/** Reads ports, flags and ICMP types; what was not captured stays 0. */
export function readTransport(packet: Packet): void {
  const { bytes, transport: at, end, protocol } = packet;
  packet.sourcePort = 0;
  packet.destinationPort = 0;
  packet.tcpFlags = 0;
  packet.payload = 0;
  packet.icmpType = 0;
  packet.icmpCode = 0;
  if (packet.fragmentOffset > 0 || at + 2 > end) return;
  if ((protocol === tcp || protocol === udp || protocol === sctp) && at + 4 <= end) {
    packet.sourcePort = u16(bytes, at);
    packet.destinationPort = u16(bytes, at + 2);
    if (protocol !== tcp || at + 14 > end) return;
    packet.sequence = i32(bytes, at + 4);
    packet.tcpFlags = bytes[at + 13]!;
    packet.payload = Math.max(0, packet.ipBytes - packet.ipHeaderBytes - (bytes[at + 12]! >> 4) * 4);
  } else if (protocol === icmp4 || protocol === icmp6) {
    packet.icmpType = bytes[at]!;
    packet.icmpCode = bytes[at + 1]!;
  }
}
