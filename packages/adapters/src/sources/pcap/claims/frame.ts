import { type Packet, u16 } from "../packet.ts";

/** claims/ hears who holds which address in what devices tell each other; nothing is ever sent. */

/** What stands behind the link header, without looking further. */
export interface FrameInside {
  readonly type: number;
  readonly at: number;
  /** The sender's hardware address; null where the link does not say it. */
  readonly source: string | null;
}

const tags: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const [ethernet, cooked, cooked2] = [1, 113, 276];

/** The ethertype of a frame behind its VLAN tags; null for links on which nobody announces addresses. */
export function frameAt({ bytes, start, end }: Packet, linkType: number): FrameInside | null {
  if (linkType === cooked) return start + 16 <= end ? { type: u16(bytes, start + 14), at: start + 16, source: null } : null;
  if (linkType === cooked2) return start + 20 <= end ? { type: u16(bytes, start), at: start + 20, source: null } : null;
  if (linkType !== ethernet || start + 14 > end) return null;
  let [type, at] = [u16(bytes, start + 12), start + 14];
  for (let count = 0; count < 4 && tags.has(type) && at + 4 <= end; count += 1) [type, at] = [u16(bytes, at + 2), at + 4];
  return { type, at, source: macAt(bytes, start + 6) };
}

/** Six bytes as hardware addresses are written; null for those of nobody and of groups. */
export function macAt(bytes: Uint8Array, at: number): string | null {
  const six = bytes.subarray(at, at + 6);
  if (six.length < 6 || (six[0]! & 1) === 1 || six.every((byte) => byte === 0)) return null;
  return Array.from(six, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
