import { byEthertype, byLlc, byPpp, byVersion, toEthernetPayload } from "./ether.ts";
import { type Packet, u16, u16Little, u32Little } from "./packet.ts";
import type { Peeled } from "./peeled.ts";

/** Link types (their numbers are those of tcpdump.org/linktypes.html) that stand directly before IP, behind so many bytes. */
const before: Readonly<Record<number, number>> = { 0: 4, 8: 16, 12: 0, 14: 0, 101: 0, 108: 4, 109: 12, 226: 24, 228: 0, 229: 0 };
/** Those that stand before a whole Ethernet frame: preambles of cable taps. */
const beforeEthernet: Readonly<Record<number, number>> = { 240: 4, 241: 12, 274: 8 };
/** Those whose header ends with an ethertype; so many bytes, the ethertype included. */
const endsInEthertype: Readonly<Record<number, number>> = { 104: 4, 113: 16, 138: 18 };
/** Those before LLC. */
const beforeLlc: Readonly<Record<number, number>> = { 10: 13, 100: 0, 122: 16 };
/** Those before PPP: plain, in HDLC framing, behind a byte for the direction, behind PPPoE's header. */
const beforePpp: Readonly<Record<number, number>> = { 9: 0, 50: 0, 51: 6, 166: 0, 204: 1 };
const [ethernet, cooked2, pflog, frameRelay, erf, nflog, pktap, pktapUser] = [1, 276, 117, 107, 197, 239, 258, 149];

const known: ReadonlySet<number> = new Set([
  ethernet,
  cooked2,
  pflog,
  frameRelay,
  erf,
  nflog,
  pktap,
  pktapUser,
  ...[before, beforeEthernet, endsInEthertype, beforeLlc, beforePpp].flatMap((table) => Object.keys(table).map(Number)),
]);

/** Whether toNetwork knows a link type at all. */
export function isKnownLink(linkType: number): boolean {
  return known.has(linkType);
}

/** Moves the packet's start to its IP header; false when it carries none. Names what was peeled off in `peeled` (VLAN is no encapsulation). */
export function toNetwork(packet: Packet, linkType: number, peeled: Peeled): boolean {
  if (linkType === ethernet) return toEthernetPayload(packet, packet.start, peeled);
  const { bytes, start, end } = packet;
  // The IP version in the first nibble says what the capturing system's address family says, too.
  const plain = before[linkType];
  if (plain !== undefined) return byVersion(packet, start + plain);
  if (linkType === cooked2) return start + 20 <= end && byEthertype(packet, u16(bytes, start), start + 20, peeled);
  const typed = endsInEthertype[linkType];
  if (typed !== undefined) return start + typed <= end && byEthertype(packet, u16(bytes, start + typed - 2), start + typed, peeled);
  const ppp = beforePpp[linkType];
  if (ppp !== undefined) return byPpp(packet, start + ppp, peeled);
  const tapped = beforeEthernet[linkType];
  if (tapped !== undefined) return toEthernetPayload(packet, start + tapped, peeled);
  const llc = beforeLlc[linkType];
  return llc !== undefined ? byLlc(packet, start + llc, peeled) : bySpecialLink(packet, linkType, peeled);
}

function bySpecialLink(packet: Packet, linkType: number, peeled: Peeled): boolean {
  const { bytes, start, end } = packet;
  switch (linkType) {
    case pflog:
      // Its first byte is its length without padding.
      return byVersion(packet, start + ((bytes[start]! + 3) & ~3));
    case frameRelay:
      return byFrameRelay(packet, peeled);
    case nflog:
      return byNflog(packet);
    case erf:
      return byErf(packet, peeled);
    case pktap:
    case pktapUser: {
      if (start + 12 > end) return false;
      const [length, inner] = [u32Little(bytes, start), u32Little(bytes, start + 8)];
      if (length < 12 || start + length > end || inner === linkType) return false;
      packet.start = start + length;
      return toNetwork(packet, inner, peeled);
    }
    default:
      return false;
  }
}

/** RFC 2427: an address of two to four bytes, a control byte, the number of the network protocol. */
function byFrameRelay(packet: Packet, peeled: Peeled): boolean {
  const { bytes, start, end } = packet;
  let at = start;
  while (at < end && at < start + 4 && (bytes[at]! & 1) === 0) at += 1;
  if (bytes[at + 1] !== 3) return false;
  at += bytes[at + 2] === 0 ? 3 : 2;
  if (bytes[at] === 0xcc || bytes[at] === 0x8e) return byVersion(packet, at + 1);
  return bytes[at] === 0x80 && at + 6 <= end && byEthertype(packet, u16(bytes, at + 4), at + 6, peeled);
}

const attributesMax = 64;

/** Attributes of netfilter's log, in the byte order of the machine that captured; the payload is one of them. */
function byNflog(packet: Packet): boolean {
  const { bytes, start, end } = packet;
  let at = start + 4;
  for (let count = 0; count < attributesMax && at + 4 <= end; count += 1) {
    const isLittle = u16Little(bytes, at) >= 4 && at + u16Little(bytes, at) <= end;
    const [length, type] = isLittle ? [u16Little(bytes, at), u16Little(bytes, at + 2)] : [u16(bytes, at), u16(bytes, at + 2)];
    if (length < 4) return false;
    if ((type & 0x7fff) === 9) return byVersion(packet, at + 4);
    at += (length + 3) & ~3;
  }
  return false;
}

/** Endace's record: 16 bytes, extension headers of 8, and for Ethernet two bytes of padding. */
function byErf(packet: Packet, peeled: Peeled): boolean {
  const { bytes, start, end } = packet;
  const type = bytes[start + 8]! & 0x7f;
  let at = start + 16;
  for (let more = bytes[start + 8]! >> 7; more === 1 && at + 8 <= end; at += 8) more = bytes[at]! >> 7;
  const isEthernet = type === 2 || type === 11 || type === 16 || type === 20;
  if (isEthernet) return toEthernetPayload(packet, at + (type === 2 ? 2 : 6), peeled);
  return (type === 22 || type === 23) && byVersion(packet, at);
}
