import { intoCapwap, intoTzsp } from "./capwap.ts";
import { byEthertype, byMpls, byNextProtocol, byVersion, looksLikeIp, toEthernetPayload } from "./ether.ts";
import { intoGre } from "./gre.ts";
import { intoGtp, isGtp } from "./gtp.ts";
import { intoL2tp } from "./l2tp.ts";
import { type Packet, u16 } from "./packet.ts";
import type { Peeled } from "./peeled.ts";
import { intoTeredo, isTeredo } from "./teredo.ts";

interface Known {
  readonly name: string;
  /** Moves from the UDP payload at `at` to IP and names the tunnel; null for tunnels that are encrypted. */
  readonly enter: ((packet: Packet, at: number, peeled: Peeled) => boolean) | null;
  /** Whether packets of the tunnel always go to the port, and never come from it. */
  readonly isOneWay?: true;
}

/** IANA's ports of tunnels, and Linux's own for VXLAN (8472). */
const tunnels: Readonly<Record<number, Known>> = {
  1194: { name: "OpenVPN", enter: null },
  1701: { name: "L2TP", enter: intoL2tp },
  2152: { name: "GTP-U", enter: intoGtp },
  3386: { name: "GTP-U", enter: intoGtp },
  3544: { name: "Teredo", enter: intoTeredo },
  4341: { name: "LISP", enter: intoLisp },
  4500: { name: "ESP", enter: null },
  4754: { name: "GRE", enter: intoGre, isOneWay: true },
  4755: { name: "GRE", enter: null },
  4789: { name: "VXLAN", enter: intoVxlan, isOneWay: true },
  4790: { name: "VXLAN-GPE", enter: intoVxlanGpe, isOneWay: true },
  5072: { name: "AYIYA", enter: intoAyiya },
  5247: { name: "CAPWAP", enter: intoCapwap },
  6080: { name: "GUE", enter: intoGue, isOneWay: true },
  6081: { name: "GENEVE", enter: intoGeneve, isOneWay: true },
  6635: { name: "MPLS", enter: byMpls, isOneWay: true },
  8472: { name: "VXLAN", enter: intoVxlan, isOneWay: true },
  37008: { name: "TZSP", enter: intoTzsp, isOneWay: true },
};

const isPort = new Uint8Array(65_536);
for (const port of Object.keys(tunnels)) isPort[Number(port)] = 1;

/** Moves into what a UDP datagram tunnels, by its port, or by a look that nothing else has. */
export function intoUdp(packet: Packet, peeled: Peeled): boolean {
  const { destinationPort, sourcePort, bytes } = packet;
  const at = packet.transport + 8;
  if (at + 8 > packet.end) return false;
  if ((isPort[destinationPort]! | isPort[sourcePort]!) === 1 && intoKnown(packet, at, peeled)) return true;
  const look = bytes[at]! >> 4;
  if (look === 3 && isGtp(packet, at)) return intoGtp(packet, at, peeled);
  return look === 6 && isTeredo(packet, at) && intoTeredo(packet, at, peeled);
}

function intoKnown(packet: Packet, at: number, peeled: Peeled): boolean {
  const { destinationPort, sourcePort, start, end } = packet;
  const known = peeled.layers.length;
  for (const [port, other] of [
    [destinationPort, sourcePort],
    [sourcePort, destinationPort],
  ] as const) {
    const tunnel = tunnels[port];
    // What talks with a well-known port (a DNS server's answer) only came by a tunnel's port.
    if (tunnel === undefined || tunnel.enter === null || other < 1024 || (tunnel.isOneWay === true && port !== destinationPort)) continue;
    if (tunnel.enter(packet, at, peeled)) return true;
    peeled.layers.length = known;
    packet.start = start;
    packet.end = end;
  }
  return false;
}

/** The name of the tunnel whose port this is, unless the other port says that it is something else. */
export function tunnelOfPorts(destinationPort: number, sourcePort: number): string | null {
  if ((isPort[destinationPort]! | isPort[sourcePort]!) === 0 || destinationPort < 1024 || sourcePort < 1024) return null;
  return (tunnels[destinationPort] ?? tunnels[sourcePort])?.name ?? null;
}

/** RFC 7348: a flag says that a network is named; the others belong to extensions. Linux's port is nobody's, so all must be as the RFC has it. */
function intoVxlan(packet: Packet, at: number, peeled: Peeled): boolean {
  peeled.layers.push("VXLAN");
  const { bytes } = packet;
  const isPlain = bytes[at] === 8 && bytes[at + 1] === 0 && u16(bytes, at + 2) === 0 && bytes[at + 7] === 0;
  if ((bytes[at]! & 8) === 0 || (packet.destinationPort === 8472 && !isPlain)) return false;
  return toEthernetPayload(packet, at + 8, peeled);
}

/** draft-ietf-nvo3-vxlan-gpe: without its flag it is VXLAN. */
function intoVxlanGpe(packet: Packet, at: number, peeled: Peeled): boolean {
  peeled.layers.push("VXLAN-GPE");
  const { bytes } = packet;
  if ((bytes[at]! & 0x30) !== 0) return false;
  return (bytes[at]! & 4) !== 0 ? byNextProtocol(packet, bytes[at + 3]!, at + 8, peeled) : toEthernetPayload(packet, at + 8, peeled);
}

/** RFC 8926, with its options; control messages carry nothing. */
function intoGeneve(packet: Packet, at: number, peeled: Peeled): boolean {
  peeled.layers.push("GENEVE");
  const { bytes } = packet;
  if (bytes[at]! >> 6 !== 0 || (bytes[at + 1]! & 0x80) !== 0) return false;
  const type = u16(bytes, at + 2);
  const inner = at + 8 + (bytes[at]! & 63) * 4;
  return type === 0x6558 ? toEthernetPayload(packet, inner, peeled) : byEthertype(packet, type, inner, peeled);
}

/** draft-massar-v6ops-ayiya: identity and signature have the lengths that the first bytes name. */
function intoAyiya(packet: Packet, at: number, peeled: Peeled): boolean {
  peeled.layers.push("AYIYA");
  const { bytes } = packet;
  const isForwarded = (bytes[at + 2]! & 15) === 1 || (bytes[at + 2]! & 15) === 3;
  const next = bytes[at + 3];
  return isForwarded && (next === 4 || next === 41) && byVersion(packet, at + 8 + 2 ** (bytes[at]! >> 4) + (bytes[at + 1]! >> 4) * 4);
}

/** RFC 6830: eight bytes, then IP. */
function intoLisp(packet: Packet, at: number, peeled: Peeled): boolean {
  peeled.layers.push("LISP");
  return looksLikeIp(packet, at + 8) && byVersion(packet, at + 8);
}

/** draft-ietf-intarea-gue: version 1 is IP itself; version 0 names an IP protocol. */
function intoGue(packet: Packet, at: number, peeled: Peeled): boolean {
  peeled.layers.push("GUE");
  const { bytes } = packet;
  const version = bytes[at]! >> 6;
  if (version === 1) return byVersion(packet, at);
  // Control messages have a type of their own.
  if (version !== 0 || (bytes[at]! & 0x20) !== 0) return false;
  const inner = at + 4 + (bytes[at]! & 31) * 4;
  if (bytes[at + 1] === 47) return intoGre(packet, inner, peeled);
  return (bytes[at + 1] === 4 || bytes[at + 1] === 41) && byVersion(packet, inner);
}
