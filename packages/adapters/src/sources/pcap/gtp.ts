import { byVersion, fillsExactly } from "./ether.ts";
import { type Packet, u16, u32 } from "./packet.ts";
import type { Peeled } from "./peeled.ts";

// A message with a subscriber's packet, in every version.
const tunnelled = 255;

/** Moves from GTP-U (3GPP TS 29.281, version 1; TS 09.60, version 0) at `at` to the subscriber's packet. */
export function intoGtp(packet: Packet, at: number, peeled: Peeled): boolean {
  const { bytes } = packet;
  if (bytes[at + 1] !== tunnelled) return false;
  const version = bytes[at]! >> 5;
  if (version > 1 || (bytes[at]! & 0x10) === 0) return false;
  peeled.layers.push("GTP-U");
  return byVersion(packet, version === 0 ? at + 20 : behindHeader(packet, at));
}

/** Whether GTP-U stands at `at` whatever the port: every length in it says the same. */
export function isGtp(packet: Packet, at: number): boolean {
  const { bytes, transport } = packet;
  const payload = u16(bytes, transport + 4) - 8;
  if ((bytes[at]! & 0xf8) !== 0x30 || bytes[at + 1] !== tunnelled || u16(bytes, at + 2) !== payload - 8 || u32(bytes, at + 4) === 0) return false;
  const inner = behindHeader(packet, at);
  return fillsExactly(packet, inner, payload - (inner - at));
}

const extensionsMax = 8;

/** Behind version 1's header: its optional fields stand together when one is named, then extension headers, each with its length and what follows. */
function behindHeader({ bytes, end }: Packet, at: number): number {
  const flags = bytes[at]! & 7;
  if (flags === 0) return at + 8;
  let inner = at + 12;
  let extension = (flags & 4) !== 0 ? bytes[at + 11]! : 0;
  for (let count = 0; extension !== 0 && count < extensionsMax && inner + 4 <= end && bytes[inner]! > 0; count += 1) {
    const length = bytes[inner]! * 4;
    extension = bytes[inner + length - 1]!;
    inner += length;
  }
  return inner;
}
