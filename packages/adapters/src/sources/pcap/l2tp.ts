import { byPpp, looksLikeIp, toEthernetPayload } from "./ether.ts";
import { type Packet, u16 } from "./packet.ts";
import type { Peeled } from "./peeled.ts";

/** Moves from L2TP over UDP at `at` to IP: version 2 (RFC 2661) carries PPP behind fields that its flags name, version 3 whatever both ends agreed on. */
export function intoL2tp(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  const flags = u16(bytes, at);
  const isControl = (flags & 0x8000) !== 0;
  if (isControl) return false;
  peeled.layers.push("L2TP");
  if ((flags & 15) === 3) return intoSession(packet, at + 4, peeled);
  if ((flags & 15) !== 2) return false;
  let inner = at + 6 + ((flags & 0x4000) !== 0 ? 2 : 0) + ((flags & 0x0800) !== 0 ? 4 : 0);
  if ((flags & 0x0200) !== 0) inner += 2 + (inner + 2 <= end ? u16(bytes, inner) : 0);
  return byPpp(packet, inner, peeled);
}

const etherTypes: ReadonlySet<number> = new Set([0x0800, 0x86dd, 0x8100, 0x88a8]);

/** Moves from a session of version 3 (RFC 3931) to IP. Its cookie has 0, 4 or 8 bytes and its sublayer 0 or 4, as both ends agreed; what is there decides. */
export function intoSession(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  // Session 0 is control.
  if (at + 24 > end || (u16(bytes, at) | u16(bytes, at + 2)) === 0) return false;
  for (const inner of [at + 4, at + 8, at + 12, at + 16]) {
    if (inner + 34 > end || !etherTypes.has(u16(bytes, inner + 12))) continue;
    const isTagged = u16(bytes, inner + 12) === 0x8100 || u16(bytes, inner + 12) === 0x88a8;
    if (looksLikeIp(packet, inner + (isTagged ? 18 : 14))) return toEthernetPayload(packet, inner, peeled);
  }
  return false;
}
