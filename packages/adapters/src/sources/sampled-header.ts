import { fourText, sixText } from "./address-texts.ts";
import { u16 } from "./big-endian.ts";

/** What the first bytes of one packet say, as sFlow and RFC 5477 sample them. */
export interface SampledHeader {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** -1 where the packet has none, or where it was cut off before them. */
  readonly tcpFlags: number;
  readonly icmpType: number;
  /** IP bytes, header included. */
  readonly bytes: number;
  /** The tunnel that the packet was in; null for none. */
  readonly tunnel: string | null;
}

const vlanTags = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);
const tagsMax = 4;

// Samples are 128 bytes, some 256; what claims more could hide a tunnel in a tunnel without end.
const readMax = 1024;

/** The packet in an Ethernet frame, behind VLAN tags and MPLS labels; null when it carries no IP. */
export const headerOfFrame = (bytes: Uint8Array, from: number, end: number): SampledHeader | null => frameAt(bytes, from, Math.min(end, from + readMax));

/** The IP packet that begins here, or the one inside when it is a tunnel's; null when none does. */
export const headerOfPacket = (bytes: Uint8Array, from: number, end: number): SampledHeader | null => packetAt(bytes, from, Math.min(end, from + readMax));

function frameAt(bytes: Uint8Array, from: number, end: number): SampledHeader | null {
  if (from + 14 > end) return null;
  let [type, at] = [u16(bytes, from + 12), from + 14];
  for (let tags = 0; tags < tagsMax && vlanTags.has(type) && at + 4 <= end; tags += 1) [type, at] = [u16(bytes, at + 2), at + 4];
  if (type === 0x8847 || type === 0x8848) {
    while (at + 4 <= end && (bytes[at + 2]! & 1) === 0) at += 4;
    return packetAt(bytes, at + 4, end);
  }
  // PPPoE: six bytes of its own, then PPP's protocol.
  if (type === 0x8864) return packetAt(bytes, at + 8, end);
  return type === 0x0800 || type === 0x86dd ? packetAt(bytes, at, end) : null;
}

function packetAt(bytes: Uint8Array, from: number, end: number): SampledHeader | null {
  if (from + 20 > end) return null;
  const version = bytes[from]! >> 4;
  if (version === 4) return headerOfFour(bytes, from, end);
  return version === 6 ? headerOfSix(bytes, from, end) : null;
}

interface Inside {
  readonly bytes: Uint8Array;
  /** Where what the outer packet carries begins. */
  readonly at: number;
  readonly end: number;
  readonly protocol: number;
}

const vxlan = 4789;
const geneve = 6081;

/** The packet inside a tunnel, as far as it was sampled; null when there is none. Each step in takes bytes: a sample ends all depth. */
function insideOf({ bytes, at, end, protocol }: Inside): SampledHeader | null {
  if (protocol === 4 || protocol === 41) return within("IP-in-IP", packetAt(bytes, at, end));
  if (protocol === 47) return within("GRE", insideGre(bytes, at, end));
  if (protocol !== 17 || at + 16 > end) return null;
  const port = u16(bytes, at + 2);
  // The flag that says that a network's number is there.
  if (port === vxlan) return (bytes[at + 8]! & 8) === 0 ? null : within("VXLAN", frameAt(bytes, at + 16, end));
  if (port !== geneve) return null;
  const start = at + 16 + (bytes[at + 8]! & 63) * 4;
  return within("GENEVE", u16(bytes, at + 10) === 0x6558 ? frameAt(bytes, start, end) : packetAt(bytes, start, end));
}

/** RFC 2784 and 2890: a word for each of checksum, key and sequence number that the flags announce. */
function insideGre(bytes: Uint8Array, at: number, end: number): SampledHeader | null {
  if (at + 4 > end) return null;
  const flags = bytes[at]!;
  if ((flags & 0x4f) !== 0 || (bytes[at + 1]! & 7) !== 0) return null;
  const start = at + 4 + [0x80, 0x20, 0x10].filter((flag) => (flags & flag) !== 0).length * 4;
  const type = u16(bytes, at + 2);
  if (type === 0x6558) return frameAt(bytes, start, end);
  return type === 0x0800 || type === 0x86dd ? packetAt(bytes, start, end) : null;
}

const within = (tunnel: string, header: SampledHeader | null): SampledHeader | null =>
  header === null ? null : { ...header, tunnel: header.tunnel === null ? tunnel : `${tunnel} ${header.tunnel}` };

function headerOfFour(bytes: Uint8Array, from: number, end: number): SampledHeader | null {
  const length = (bytes[from]! & 15) * 4;
  if (length < 20) return null;
  const isFirst = (u16(bytes, from + 6) & 0x1fff) === 0;
  const inside = isFirst ? insideOf({ bytes, at: from + length, end, protocol: bytes[from + 9]! }) : null;
  if (inside !== null) return inside;
  return {
    source: fourText(i32(bytes, from + 12)),
    destination: fourText(i32(bytes, from + 16)),
    protocol: bytes[from + 9]!,
    bytes: u16(bytes, from + 2),
    tunnel: null,
    ...transportOf(bytes, { protocol: bytes[from + 9]!, at: from + length, end: isFirst ? end : 0 }),
  };
}

// RFC 8200 §4.1; 135 mobility, 139 HIP, 140 shim6.
const extensions = new Set([0, 43, 60, 135, 139, 140]);
const extensionsMax = 8;

function headerOfSix(bytes: Uint8Array, from: number, end: number): SampledHeader | null {
  if (from + 40 > end) return null;
  let [protocol, at, isFirst] = [bytes[from + 6]!, from + 40, true];
  for (let count = 0; count < extensionsMax && at + 8 <= end; count += 1) {
    if (extensions.has(protocol)) [protocol, at] = [bytes[at]!, at + 8 + bytes[at + 1]! * 8];
    else if (protocol === 51) [protocol, at] = [bytes[at]!, at + 8 + bytes[at + 1]! * 4];
    else if (protocol === 44) {
      isFirst = (u16(bytes, at + 2) & 0xfff8) === 0;
      [protocol, at] = [bytes[at]!, at + 8];
      if (!isFirst) break;
    } else break;
  }
  const inside = isFirst ? insideOf({ bytes, at, end, protocol }) : null;
  if (inside !== null) return inside;
  return {
    source: sixText(bytes, from + 8),
    destination: sixText(bytes, from + 24),
    protocol,
    bytes: 40 + u16(bytes, from + 4),
    tunnel: null,
    ...transportOf(bytes, { protocol, at, end: isFirst ? end : 0 }),
  };
}

interface Transport {
  readonly protocol: number;
  readonly at: number;
  readonly end: number;
}

function transportOf(bytes: Uint8Array, { protocol, at, end }: Transport): Pick<SampledHeader, "sourcePort" | "destinationPort" | "tcpFlags" | "icmpType"> {
  const isPorted = (protocol === 6 || protocol === 17 || protocol === 132) && at + 4 <= end;
  const isIcmp = (protocol === 1 || protocol === 58) && at + 1 <= end;
  return {
    sourcePort: isPorted ? u16(bytes, at) : -1,
    destinationPort: isPorted ? u16(bytes, at + 2) : -1,
    tcpFlags: protocol === 6 && at + 14 <= end ? bytes[at + 13]! : -1,
    icmpType: isIcmp ? bytes[at]! : -1,
  };
}

const i32 = (bytes: Uint8Array, at: number): number => (u16(bytes, at) << 16) | u16(bytes, at + 2);
