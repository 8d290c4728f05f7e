import { type Packet, u16 } from "./packet.ts";

/** Ethertypes that carry IP. */
const ipv4 = 0x0800;
const ipv6 = 0x86dd;
const vlanTags = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);

/** Moves the packet's start to its IP header; false when it carries none. Names what was peeled off in `layers` (VLAN is no encapsulation). */
export function toNetwork(packet: Packet, linkType: number, layers: string[]): boolean {
  const { bytes, start, end } = packet;
  switch (linkType) {
    case 1:
      return toEthernetPayload(packet, layers);
    case 113:
      return start + 16 <= end && byEthertype(packet, u16(bytes, start + 14), start + 16, layers);
    case 276:
      return start + 20 <= end && byEthertype(packet, u16(bytes, start), start + 20, layers);
    case 0:
    case 108:
      // The address family of the capturing system, in its byte order (null) or the network's (loop): the IP version says it too.
      return start + 4 <= end && byVersion(packet, start + 4);
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return byVersion(packet, start);
    case 9:
      return start + 4 <= end && byPpp(packet, start);
    default:
      return false;
  }
}

/** Whether link.ts knows a link type at all. */
export function isKnownLink(linkType: number): boolean {
  return knownLinks.has(linkType);
}

const knownLinks = new Set([0, 1, 9, 12, 14, 101, 108, 113, 228, 229, 276]);

/** Moves from an Ethernet header to IP. */
export function toEthernetPayload(packet: Packet, layers: string[]): boolean {
  return packet.start + 14 <= packet.end && byEthertype(packet, u16(packet.bytes, packet.start + 12), packet.start + 14, layers);
}

const tagsMax = 8;

/** Moves from behind an ethertype to IP, through VLAN tags, MPLS labels and PPPoE. */
export function byEthertype(packet: Packet, ethertype: number, at: number, layers: string[]): boolean {
  const { bytes, end } = packet;
  let [type, start] = [ethertype, at];
  for (let tags = 0; tags < tagsMax; tags += 1) {
    if (type === ipv4 || type === ipv6) return byVersion(packet, start);
    if (start + 8 > end) return false;
    if (vlanTags.has(type)) {
      [type, start] = [u16(bytes, start + 2), start + 4];
    } else if (type === 0x8847 || type === 0x8848) {
      while (start + 8 <= end && (bytes[start + 2]! & 1) === 0) start += 4;
      layers.push("MPLS");
      return byVersion(packet, start + 4);
    } else if (type === 0x8864) {
      layers.push("PPPoE");
      return byPpp(packet, start + 6);
    } else if (type === 0x8926) {
      layers.push("VNTAG");
      [type, start] = [u16(bytes, start + 4), start + 6];
    } else return type <= 1500 && byLlc(packet, start);
  }
  return false;
}

/** IEEE 802.2 with SNAP, or with IP's own SAP. */
function byLlc(packet: Packet, start: number): boolean {
  const { bytes, end } = packet;
  if (start + 8 > end || bytes[start] !== 0xaa || bytes[start + 1] !== 0xaa) return false;
  const type = u16(bytes, start + 6);
  return (type === ipv4 || type === ipv6) && byVersion(packet, start + 8);
}

function byPpp(packet: Packet, start: number): boolean {
  const { bytes } = packet;
  const at = bytes[start] === 0xff && bytes[start + 1] === 3 ? start + 2 : start;
  const type = u16(bytes, at);
  return (type === 0x0021 || type === 0x0057) && byVersion(packet, at + 2);
}

/** The IP version in the first nibble decides; anything else is no IP. */
export function byVersion(packet: Packet, start: number): boolean {
  const version = start < packet.end ? packet.bytes[start]! >> 4 : 0;
  if (version !== 4 && version !== 6) return false;
  packet.start = start;
  packet.family = version;
  return true;
}
