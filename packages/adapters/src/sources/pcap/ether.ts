import { type Packet, u16 } from "./packet.ts";
import { type Peeled, seal } from "./peeled.ts";

const ipv4 = 0x0800;
const ipv6 = 0x86dd;

/** Tags that stand between an ethertype and the next: their bytes behind it, the next one included. VLAN, 802.1BR, VNTAG, HSR, R-TAG. */
const tagBytes: Readonly<Record<number, number>> = { 0x8100: 4, 0x88a8: 4, 0x9100: 4, 0x9200: 4, 0x9300: 4, 0x893f: 8, 0x8926: 6, 0x892f: 6, 0xf1c1: 6 };
const tagNames: Readonly<Record<number, string>> = { 0x893f: "802.1BR", 0x8926: "VNTAG" };
const tagsMax = 8;

/** Moves from an Ethernet header at `at` to IP. */
export function toEthernetPayload(packet: Packet, at: number, peeled: Peeled): boolean {
  return at + 14 <= packet.end && byEthertype(packet, u16(packet.bytes, at + 12), at + 14, peeled);
}

/** Moves from behind an ethertype to IP, through tags, MPLS labels and whatever else an ethertype announces. */
export function byEthertype(packet: Packet, ethertype: number, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  let [type, start] = [ethertype, at];
  for (let tags = 0; tags < tagsMax; tags += 1) {
    if (type === ipv4 || type === ipv6) return byVersion(packet, start);
    const length = tagBytes[type];
    if (length === undefined) return type <= 1500 ? byLlc(packet, start, peeled) : byRareEthertype(packet, type, start, peeled);
    if (start + length > end) return false;
    const name = tagNames[type];
    if (name !== undefined) peeled.layers.push(name);
    type = u16(bytes, start + length - 2);
    start += length;
  }
  return false;
}

// Four plain parameters, because an object would be made for every packet.
function byRareEthertype(packet: Packet, type: number, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  if (at + 8 > end) return false;
  switch (type) {
    case 0x8847:
    case 0x8848:
      return byMpls(packet, at, peeled);
    case 0x8864:
      peeled.layers.push("PPPoE");
      return byPpp(packet, at + 6, peeled);
    case 0x880b:
      return byPpp(packet, at, peeled);
    case 0x894f:
      return byNsh(packet, at, peeled);
    case 0x88e5:
      return byMacsec(packet, at, peeled);
    case 0x88e7:
      // Provider backbone: a service tag of four bytes, then the customer's frame.
      peeled.layers.push("PBB");
      return toEthernetPayload(packet, at + 4, peeled);
    case 0x8903:
      peeled.layers.push("FabricPath");
      return toEthernetPayload(packet, at + 2, peeled);
    case 0x22f3:
      // TRILL, RFC 6325: six bytes, and options counted in words.
      peeled.layers.push("TRILL");
      return toEthernetPayload(packet, at + 6 + ((u16(bytes, at) >> 6) & 31) * 4, peeled);
    case 0x8909:
      // Cisco's group tag: version, length, one option of four bytes.
      return bytes[at + 1] === 1 && byEthertype(packet, u16(bytes, at + 6), at + 8, peeled);
    default:
      return false;
  }
}

/** Through MPLS labels (RFC 3032). Nothing says what is behind the last: IP by its version, else a pseudowire's Ethernet (RFC 4448). */
export function byMpls(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  let start = at;
  while (start + 8 <= end && (bytes[start + 2]! & 1) === 0) start += 4;
  if (start + 8 > end) return false;
  start += 4;
  peeled.layers.push("MPLS");
  if (looksLikeIp(packet, start)) return byVersion(packet, start);
  // A control word begins with four zeros; so do the addresses of some cards.
  const isControlled = bytes[start]! >> 4 === 0 && toEthernetPayload(packet, start + 4, peeled);
  return isControlled || toEthernetPayload(packet, start, peeled);
}

/** Service chains, RFC 8300. */
export function byNsh(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  const start = at + (bytes[at + 1]! & 63) * 4;
  if (start < at + 8 || start >= end) return false;
  peeled.layers.push("NSH");
  return byNextProtocol(packet, bytes[at + 3]!, start, peeled);
}

/** The numbers by which NSH and VXLAN-GPE say what follows. */
export function byNextProtocol(packet: Packet, next: number, at: number, peeled: Peeled): boolean {
  switch (next) {
    case 1:
    case 2:
      return byVersion(packet, at);
    case 3:
      return toEthernetPayload(packet, at, peeled);
    case 4:
      return at + 8 <= packet.end && peeled.layers.length < tagsMax && byNsh(packet, at, peeled);
    case 5:
      return byMpls(packet, at, peeled);
    default:
      return false;
  }
}

/** MACsec (IEEE 802.1AE): signed only, it can be read; encrypted, it cannot. */
function byMacsec(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  const control = bytes[at]!;
  if ((control & 0x0c) !== 0) return seal(peeled, "MACsec");
  const start = at + ((control & 0x20) !== 0 ? 14 : 6);
  if (start + 2 > end) return false;
  peeled.layers.push("MACsec");
  return byEthertype(packet, u16(bytes, start), start + 2, peeled);
}

/** IEEE 802.2: SNAP, or IP's own service access point. */
export function byLlc(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  if (at + 8 > end) return false;
  if (bytes[at] === 0x06 && bytes[at + 1] === 0x06 && bytes[at + 2] === 3) return byVersion(packet, at + 3);
  if (bytes[at] !== 0xaa || bytes[at + 1] !== 0xaa) return false;
  const type = u16(bytes, at + 6);
  // A length in the place of a type would begin the same again.
  return type > 1500 && byEthertype(packet, type, at + 8, peeled);
}

/** PPP (RFC 1661), with or without address and control, its protocol in one byte or two. */
export function byPpp(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  const start = bytes[at + 1] === 3 && (bytes[at] === 0xff || bytes[at]! <= 1) ? at + 2 : at;
  if (start + 4 > end) return false;
  const isShort = (bytes[start]! & 1) === 1;
  const type = isShort ? bytes[start]! : u16(bytes, start);
  const inner = start + (isShort ? 1 : 2);
  if (type === 0x0021 || type === 0x0057) return byVersion(packet, inner);
  return (type === 0x0281 || type === 0x0283) && byMpls(packet, inner, peeled);
}

/** The IP version in the first nibble decides; anything else is no IP. */
export function byVersion(packet: Packet, start: number): boolean {
  const version = start < packet.end ? packet.bytes[start]! >> 4 : 0;
  if (version !== 4 && version !== 6) return false;
  packet.start = start;
  packet.family = version;
  return true;
}

/** Whether an IP header stands at `at` whose length does not go beyond what is there; for places where nothing says so. */
export function looksLikeIp({ bytes, end }: Packet, at: number): boolean {
  if (at + 20 > end) return false;
  const version = bytes[at]! >> 4;
  if (version === 4) return (bytes[at]! & 15) >= 5 && u16(bytes, at + 2) >= (bytes[at]! & 15) * 4;
  return version === 6 && at + 40 <= end;
}

/** Whether an IP packet of exactly so many bytes stands at `at`: 20 bits and more that nothing else gets right by chance. */
export function fillsExactly({ bytes, end }: Packet, at: number, length: number): boolean {
  if (at + 20 > end) return false;
  const version = bytes[at]! >> 4;
  if (version === 4) return (bytes[at]! & 15) >= 5 && u16(bytes, at + 2) === length;
  return version === 6 && u16(bytes, at + 4) + 40 === length;
}
