import { byEthertype, byPpp, byVersion, looksLikeIp, toEthernetPayload } from "./ether.ts";
import { type Packet, u16 } from "./packet.ts";
import type { Peeled } from "./peeled.ts";
import { byWlan } from "./wireless.ts";

const flag = { checksum: 0x8000, routing: 0x4000, key: 0x2000, sequence: 0x1000, acknowledgement: 0x0080 } as const;
const type = { ppp: 0x880b, bridged: 0x6558, erspan2: 0x88be, erspan3: 0x22eb, wccp: 0x883e, eoip: 0x6400 } as const;

/** Moves from a GRE header at `at` to IP: RFC 1701, 2784, 2890 and 7637 (NVGRE), version 1 of PPTP (RFC 2637), ERSPAN, WCCP. */
export function intoGre(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  if (at + 8 > end) return false;
  const flags = u16(bytes, at);
  const carried = u16(bytes, at + 2);
  if ((flags & 7) === 1) return intoVersion1(packet, at, peeled);
  if ((flags & 7) !== 0) return false;
  let inner = at + 4 + ((flags & (flag.checksum | flag.routing)) !== 0 ? 4 : 0);
  if ((flags & flag.key) !== 0) inner += 4;
  if ((flags & flag.sequence) !== 0) inner += 4;
  if ((flags & flag.routing) !== 0) inner = behindRoutes(packet, inner);
  if (inner >= end) return false;
  if (carried === type.erspan2 || carried === type.erspan3) return intoErspan(packet, inner, { flags, carried, peeled });
  peeled.layers.push("GRE");
  if (carried === type.bridged) return toEthernetPayload(packet, inner, peeled);
  // WCCP's second version has a header of four bytes, its first none, and nothing tells them apart.
  if (carried === type.wccp) return byVersion(packet, looksLikeIp(packet, inner) ? inner : inner + 4);
  if (isAruba(carried)) return byWlan(packet, inner, peeled) || byWlan(packet, inner, peeled, true);
  return byEthertype(packet, carried, inner, peeled);
}

// Aruba's access points send wireless frames to their controller under these types.
const isAruba = (carried: number): boolean => carried === 0x9000 || (carried >= 0x8200 && carried <= 0x8210);

const routesMax = 16;

/** Behind the source routes of RFC 1701; the last has no length. */
function behindRoutes({ bytes, end }: Packet, at: number): number {
  let next = at;
  for (let count = 0; count < routesMax && next + 4 <= end; count += 1) {
    const isLast = u16(bytes, next) === 0 && bytes[next + 3] === 0;
    next += 4 + bytes[next + 3]!;
    if (isLast) return next;
  }
  return end;
}

/** The enhanced header of PPTP, and Ethernet over IP, which borrows its look. */
function intoVersion1(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes } = packet;
  const [flags, carried] = [u16(bytes, at), u16(bytes, at + 2)];
  peeled.layers.push(carried === type.eoip ? "EoIP" : "PPTP");
  if (carried === type.eoip) return toEthernetPayload(packet, at + 8, peeled);
  const inner = at + 8 + ((flags & flag.sequence) !== 0 ? 4 : 0) + ((flags & flag.acknowledgement) !== 0 ? 4 : 0);
  return carried === type.ppp && byPpp(packet, inner, peeled);
}

interface Mirrored {
  readonly flags: number;
  readonly carried: number;
  readonly peeled: Peeled;
}

/** Mirrored frames. Type I has no sequence number and no header of its own; type III may have a second header, and carry IP without Ethernet. */
function intoErspan(packet: Packet, at: number, { flags, carried, peeled }: Mirrored): boolean {
  const { bytes, end } = packet;
  peeled.layers.push("ERSPAN");
  if (carried === type.erspan2) return toEthernetPayload(packet, at + ((flags & flag.sequence) !== 0 ? 8 : 0), peeled);
  if (at + 12 > end) return false;
  const inner = at + 12 + ((bytes[at + 11]! & 1) !== 0 ? 8 : 0);
  const frameType = (bytes[at + 10]! >> 2) & 31;
  return frameType === 2 ? byVersion(packet, inner) : toEthernetPayload(packet, inner, peeled);
}
