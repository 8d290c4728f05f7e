import { byLlc } from "./ether.ts";
import { type Packet, u16, u16Little, u32, u32Little } from "./packet.ts";
import { type Peeled, seal } from "./peeled.ts";

/** Link types of wireless captures: plain frames, and those behind what the radio said of them. */
const [plain, prism, radiotap, avs, ppi] = [105, 119, 127, 163, 192];
const known: ReadonlySet<number> = new Set([plain, prism, radiotap, avs, ppi]);

export function isWireless(linkType: number): boolean {
  return known.has(linkType);
}

/** Calls `take` for each packet of a wireless frame, with the packet's start at its IP header: an aggregate holds several. */
export function eachOfWireless(packet: Packet, linkType: number, { peeled, take }: { readonly peeled: Peeled; readonly take: () => void }): void {
  const frame = frameOf(packet, linkType);
  if (frame === null) return;
  const { end } = packet;
  const body = bodyOf(packet, frame, peeled);
  if (body === null) return;
  if (!body.isAggregate) {
    if (byLlc(packet, body.at, peeled)) take();
    return;
  }
  // IEEE 802.11 §9.3.2.2: destination, source, length, LLC, and padding to words.
  for (let at = body.at; at + 14 < end;) {
    const length = u16(packet.bytes, at + 12);
    packet.end = Math.min(end, at + 14 + length);
    peeled.layers.length = 0;
    if (byLlc(packet, at + 14, peeled)) take();
    at += (14 + length + 3) & ~3;
  }
  packet.end = end;
}

/** Moves from an 802.11 frame at `at` to IP; of an aggregate, to the first. The two bytes of its control may stand swapped. */
export function byWlan(packet: Packet, at: number, peeled: Peeled, isSwapped = false): boolean {
  const body = bodyOf(packet, { at, isPadded: false, isSwapped }, peeled);
  return body !== null && byLlc(packet, body.at + (body.isAggregate ? 14 : 0), peeled);
}

interface Frame {
  readonly at: number;
  /** Whether the radio pads the header to words. */
  readonly isPadded: boolean;
  readonly isSwapped: boolean;
}

/** Where the frame begins behind the radio's header; null when it came damaged or none is there. */
function frameOf({ bytes, start, end }: Packet, linkType: number): Frame | null {
  const room = end - start;
  switch (linkType) {
    case plain:
      return { at: start, isPadded: false, isSwapped: false };
    case radiotap:
      return room < 8 || bytes[start] !== 0 ? null : behindRadiotap(bytes, start);
    case ppi:
      return room < 8 || u32Little(bytes, start + 4) !== plain ? null : { at: start + u16Little(bytes, start + 2), isPadded: false, isSwapped: false };
    case avs:
      return room < 8 ? null : { at: start + u32(bytes, start + 4), isPadded: false, isSwapped: false };
    default: {
      // Prism's header names its length in the byte order of its driver; some write AVS's under its number.
      if (room < 8) return null;
      if (u32(bytes, start) >>> 16 === 0x8021) return { at: start + u32(bytes, start + 4), isPadded: false, isSwapped: false };
      return { at: start + (u32Little(bytes, start + 4) === 144 || u32(bytes, start + 4) === 144 ? 144 : 0), isPadded: false, isSwapped: false };
    }
  }
}

/** radiotap.org: words that say which fields are present; the second field holds the flags. */
function behindRadiotap(bytes: Uint8Array, start: number): Frame | null {
  const at = start + u16Little(bytes, start + 2);
  const present = u32Little(bytes, start + 4);
  let field = start + 8;
  for (let word = present; word >>> 31 === 1 && field + 4 <= at; field += 4) word = u32Little(bytes, field);
  // The first field, a time of eight bytes, is aligned to eight.
  if ((present & 1) !== 0) field = start + ((field - start + 7) & ~7) + 8;
  const flags = (present & 2) !== 0 && field < at ? bytes[field]! : 0;
  const isDamaged = (flags & 0x40) !== 0;
  return isDamaged ? null : { at, isPadded: (flags & 0x20) !== 0, isSwapped: false };
}

interface Body {
  readonly at: number;
  readonly isAggregate: boolean;
}

/** Where the body of a data frame begins; null for other frames, for later fragments, and for encrypted ones, which are counted. */
function bodyOf({ bytes, end }: Packet, { at, isPadded, isSwapped }: Frame, peeled: Peeled): Body | null {
  if (at + 24 > end) return null;
  const [control, flags] = isSwapped ? [bytes[at + 1]!, bytes[at]!] : [bytes[at]!, bytes[at + 1]!];
  const isData = (control & 0x0f) === 0x08;
  const isEmpty = (control & 0x40) !== 0;
  if (!isData || isEmpty || (bytes[at + 22]! & 15) !== 0) return null;
  const hasQuality = (control & 0x80) !== 0;
  const quality = at + ((flags & 3) === 3 ? 30 : 24);
  const header = quality + (hasQuality ? ((flags & 0x80) !== 0 ? 6 : 2) : 0);
  if ((flags & 0x40) !== 0) {
    seal(peeled, "802.11");
    return null;
  }
  return { at: isPadded ? at + ((header - at + 3) & ~3) : header, isAggregate: hasQuality && (bytes[quality]! & 0x80) !== 0 };
}
