import { byMpls, byVersion, toEthernetPayload } from "./ether.ts";
import { intoGre } from "./gre.ts";
import { intoSession } from "./l2tp.ts";
import { type Packet, tcp, u16, udp } from "./packet.ts";
import type { Peeled } from "./peeled.ts";
import { intoUdp, tunnelOfPorts } from "./udp-tunnel.ts";

/** Moves into the packet that a tunnel carries, and names the tunnel; false, with nothing moved, when there is none or it cannot be read. */
export function enterTunnel(packet: Packet, peeled: Peeled): boolean {
  const { start, end, family, protocol } = packet;
  // Most of all packets; the rest can wait.
  if (protocol === tcp || packet.fragmentOffset >= 0) return false;
  const { layers } = peeled;
  const known = layers.length;
  if ((protocol === udp ? intoUdp(packet, peeled) : intoProtocol(packet, peeled)) && hasHeader(packet)) return true;
  packet.start = start;
  packet.end = end;
  packet.family = family;
  if (layers.length > known) layers.length = known;
  return false;
}

/** Whether the IP header that the packet now begins with can be read: network.ts never fails behind it. */
function hasHeader({ bytes, start, end, family }: Packet): boolean {
  if (family === 6) return start + 40 <= end;
  return start + 20 <= end && (bytes[start]! & 15) >= 5 && (u16(bytes, start + 2) === 0 || u16(bytes, start + 2) >= (bytes[start]! & 15) * 4);
}

/** Tunnels that are IP protocols of their own. */
function intoProtocol(packet: Packet, peeled: Peeled): boolean {
  const { transport: at } = packet;
  switch (packet.protocol) {
    case 4:
    case 41:
    case 94:
      peeled.layers.push("IP-in-IP");
      return byVersion(packet, at);
    case 47:
      return intoGre(packet, at, peeled);
    case 97:
      // RFC 3378: version 3 in the first four bits, the rest reserved.
      peeled.layers.push("EtherIP");
      return packet.bytes[at]! >> 4 === 3 && toEthernetPayload(packet, at + 2, peeled);
    case 115:
      peeled.layers.push("L2TP");
      return intoSession(packet, at, peeled);
    case 137:
      return byMpls(packet, at, peeled);
    default:
      return false;
  }
}

/** The name of a tunnel that was not entered, for the note of the outer conversation; null when the packet is none. */
export function closedTunnelOf({ protocol, sourcePort, destinationPort }: Packet): string | null {
  if (protocol === tcp) return null;
  return protocol === udp ? tunnelOfPorts(destinationPort, sourcePort) : (closedProtocols[protocol] ?? null);
}

const closedProtocols: Readonly<Record<number, string>> = {
  4: "IP-in-IP",
  41: "IP-in-IP",
  47: "GRE",
  50: "ESP",
  94: "IP-in-IP",
  97: "EtherIP",
  115: "L2TP",
  137: "MPLS",
};
