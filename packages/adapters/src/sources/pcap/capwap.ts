import { toEthernetPayload } from "./ether.ts";
import type { Packet } from "./packet.ts";
import type { Peeled } from "./peeled.ts";
import { byWlan } from "./wireless.ts";

const wlan = 1;

/** Moves from CAPWAP's frames of stations (RFC 5415) at `at` to IP: Ethernet, or 802.11 as the access point heard it. */
export function intoCapwap(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  // The first byte is 0 unless the rest is under DTLS.
  if (bytes[at] !== 0) return false;
  peeled.layers.push("CAPWAP");
  const [words, binding, flags] = [bytes[at + 1]! >> 3, (bytes[at + 2]! >> 1) & 31, ((bytes[at + 2]! & 1) << 8) | bytes[at + 3]!];
  const [isNative, isFragment, isKeepAlive] = [(flags & 0x100) !== 0, (flags & 0x80) !== 0, (flags & 0x08) !== 0];
  const isLaterFragment = isFragment && (bytes[at + 6]! | (bytes[at + 7]! >> 3)) !== 0;
  const inner = at + words * 4;
  if (words < 2 || inner + 8 > end || isKeepAlive || isLaterFragment) return false;
  if (!isNative) return toEthernetPayload(packet, inner, peeled);
  if (binding !== wlan) return false;
  if (byWlan(packet, inner, peeled)) return true;
  // Some controllers swap the two bytes of the frame control; such a frame is no data frame as it stands.
  return byWlan(packet, inner, peeled, true);
}

const moreTagsMax = 64;

/** Moves from TaZmen's sniffer protocol, which brings mirrored frames, at `at` to IP. */
export function intoTzsp(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes, end } = packet;
  const carried = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (bytes[at] !== 1 || bytes[at + 1]! > 1) return false;
  peeled.layers.push("TZSP");
  let tag = at + 4;
  for (let count = 0; count < moreTagsMax && tag < end && bytes[tag] !== 1; count += 1) tag += bytes[tag] === 0 ? 1 : 2 + bytes[tag + 1]!;
  if (tag >= end || bytes[tag] !== 1) return false;
  if (carried === 18) return byWlan(packet, tag + 1, peeled);
  return carried === 1 && toEthernetPayload(packet, tag + 1, peeled);
}
