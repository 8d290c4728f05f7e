import { byVersion, fillsExactly } from "./ether.ts";
import { type Packet, u16, u32 } from "./packet.ts";
import type { Peeled } from "./peeled.ts";

/** Teredo's own prefix, 2001::/32. */
const prefix = 0x2001_0000;

/** Moves from Teredo (RFC 4380) at `at` to IPv6, behind authentication and origin. A bubble is IPv6 that nothing follows. */
export function intoTeredo(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  let inner = at;
  if (u16(bytes, inner) === 1) inner += 13 + bytes[inner + 2]! + bytes[inner + 3]!;
  if (inner + 8 <= end && u16(bytes, inner) === 0) inner += 8;
  if (inner + 40 > end || bytes[inner]! >> 4 !== 6) return false;
  peeled.layers.push("Teredo");
  return byVersion(packet, inner);
}

/** Whether Teredo stands at `at` whatever the port, as relays send it: IPv6 to or from Teredo's prefix, of exactly that length or a bubble. */
export function isTeredo(packet: Packet, at: number): boolean {
  const { bytes, end, transport } = packet;
  if (at + 40 > end || (u32(bytes, at + 8) !== prefix && u32(bytes, at + 24) !== prefix)) return false;
  // RFC 6081 puts trailers behind bubbles.
  const isBubble = u16(bytes, at + 4) === 0 && bytes[at + 6] === 59;
  return isBubble || fillsExactly(packet, at, u16(bytes, transport + 4) - 8);
}
