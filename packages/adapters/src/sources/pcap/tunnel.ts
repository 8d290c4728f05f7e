import { byEthertype, byVersion, toEthernetPayload } from "./link.ts";
import { type Packet, tcp, u16, udp } from "./packet.ts";

const etherOverGre = 0x6558;
const erspan2 = 0x88be;
const erspan3 = 0x22eb;

/** Moves into the packet that a tunnel carries, and names the tunnel in `layers`; false, with nothing moved, when there is none or it cannot be read. */
export function enterTunnel(packet: Packet, layers: string[]): boolean {
  if (packet.fragmentOffset >= 0) return false;
  const { start, end, family, protocol } = packet;
  // Most of all packets; the rest can wait.
  if (protocol === tcp) return false;
  const known = layers.length;
  if (tunnelOf(packet, layers)) return true;
  packet.start = start;
  packet.end = end;
  packet.family = family;
  if (layers.length > known) layers.length = known;
  return false;
}

function tunnelOf(packet: Packet, layers: string[]): boolean {
  switch (packet.protocol) {
    case 4:
    case 41:
      layers.push("IP-in-IP");
      return byVersion(packet, packet.transport);
    case 47:
      return intoGre(packet, layers);
    case udp:
      return intoUdp(packet, layers);
    default:
      return false;
  }
}

/** RFC 2784 and 2890, and GRE version 1 (PPTP) left closed. */
function intoGre(packet: Packet, layers: string[]): boolean {
  const { bytes, transport: at, end } = packet;
  if (at + 4 > end) return false;
  const flags = u16(bytes, at);
  const type = u16(bytes, at + 2);
  if ((flags & 7) !== 0) return false;
  const inner = at + 4 + ((flags & 0x8000) !== 0 ? 4 : 0) + ((flags & 0x2000) !== 0 ? 4 : 0) + ((flags & 0x1000) !== 0 ? 4 : 0);
  if (type === erspan2 || type === erspan3) {
    layers.push("ERSPAN");
    // Type I has no sequence number and no header of its own.
    const headerBytes = type === erspan3 ? 12 + ((bytes[inner + 11]! & 1) !== 0 ? 8 : 0) : (flags & 0x1000) !== 0 ? 8 : 0;
    packet.start = inner + headerBytes;
    return toEthernetPayload(packet, layers);
  }
  layers.push("GRE");
  if (type === etherOverGre) {
    packet.start = inner;
    return toEthernetPayload(packet, layers);
  }
  return byEthertype(packet, type, inner, layers);
}

function intoUdp(packet: Packet, layers: string[]): boolean {
  const { destinationPort, sourcePort, bytes, end } = packet;
  const at = packet.transport + 8;
  if (at + 8 > end) return false;
  if (destinationPort === 4789 && bytes[at] === 0x08) {
    layers.push("VXLAN");
    packet.start = at + 8;
    return toEthernetPayload(packet, layers);
  }
  if (destinationPort === 6081 && bytes[at]! >> 6 === 0) {
    layers.push("GENEVE");
    packet.start = at + 8 + (bytes[at]! & 63) * 4;
    const type = u16(bytes, at + 2);
    return type === etherOverGre ? toEthernetPayload(packet, layers) : byEthertype(packet, type, packet.start, layers);
  }
  if (destinationPort === 2152 || sourcePort === 2152) return intoGtp(packet, at, layers);
  if (destinationPort === 3544 || sourcePort === 3544) return intoTeredo(packet, at, layers);
  return false;
}

/** GTP-U (3GPP TS 29.281): version 1, a G-PDU, with its optional fields and extension headers. */
function intoGtp(packet: Packet, at: number, layers: string[]): boolean {
  const { bytes, end } = packet;
  if (bytes[at]! >> 5 !== 1 || bytes[at + 1] !== 255) return false;
  let inner = at + 8;
  if ((bytes[at]! & 7) !== 0) {
    let extension = (bytes[at]! & 4) !== 0 ? bytes[at + 11]! : 0;
    inner += 4;
    for (let count = 0; extension !== 0 && count < 8 && inner + 4 <= end && bytes[inner]! > 0; count += 1) {
      const length = bytes[inner]! * 4;
      extension = bytes[inner + length - 1]!;
      inner += length;
    }
  }
  layers.push("GTP-U");
  return byVersion(packet, inner);
}

/** Teredo (RFC 4380): authentication and origin indications, then IPv6. */
function intoTeredo(packet: Packet, at: number, layers: string[]): boolean {
  const { bytes, end } = packet;
  let inner = at;
  if (u16(bytes, inner) === 1) inner += 13 + bytes[inner + 2]! + bytes[inner + 3]!;
  if (inner + 8 <= end && u16(bytes, inner) === 0) inner += 8;
  if (inner + 40 > end || bytes[inner]! >> 4 !== 6) return false;
  layers.push("Teredo");
  return byVersion(packet, inner);
}

/** The name of a tunnel that was not entered, for the note of the outer conversation; null when the packet is none. */
export function closedTunnelOf({ protocol, sourcePort, destinationPort }: Packet): string | null {
  if (protocol === 47) return "GRE";
  if (protocol === 4 || protocol === 41) return "IP-in-IP";
  if (protocol !== udp) return null;
  return tunnelPort(destinationPort) ?? tunnelPort(sourcePort);
}

function tunnelPort(port: number): string | null {
  switch (port) {
    case 4789:
      return "VXLAN";
    case 6081:
      return "GENEVE";
    case 2152:
      return "GTP-U";
    case 3544:
      return "Teredo";
    default:
      return null;
  }
}
