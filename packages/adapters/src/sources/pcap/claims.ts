import type { Claim, SelfName } from "@bulkhead/core/inventory/claim";
import type { Decoder, DecoderInput } from "@bulkhead/core/outside";
import { captureDecoder } from "./capture.ts";
import { dhcpClaims } from "./claims/dhcp.ts";
import { arpClaim, neighbourClaim } from "./claims/neighbours.ts";
import { lldpName } from "./claims/lldp.ts";
import { frameAt } from "./claims/frame.ts";
import { icmp6, type Packet, udp } from "./packet.ts";

export interface ClaimListener {
  readonly claim: (claim: Claim) => void;
  readonly name: (name: SelfName) => void;
  /** The time of every packet: listening ends with the last. */
  readonly heard: (at: number) => void;
}

const [arp, lldp] = [0x0806, 0x88cc];
const [bootpServer, bootpClient] = [67, 68];

/** A decoder of captures that listens for who holds which address: ARP, neighbour discovery, DHCP, LLDP. It gives only what was damaged. */
export function claimDecoder(input: DecoderInput, { claim, name, heard }: ClaimListener): Decoder {
  const frame = (packet: Packet, linkType: number): void => {
    heard(packet.at);
    const inside = frameAt(packet, linkType);
    if (inside === null) return;
    if (inside.type === arp) tell(arpClaim(packet, inside.at));
    else if (inside.type === lldp) {
      const named = lldpName(packet, inside);
      if (named !== null) name(named);
    }
  };
  const tell = (one: Claim | null): void => {
    if (one !== null) claim(one);
  };
  return captureDecoder(input, () => ({
    frame,
    packet(packet) {
      if (packet.protocol === icmp6 && (packet.icmpType === 135 || packet.icmpType === 136)) tell(neighbourClaim(packet));
      const isDhcp = packet.protocol === udp && (packet.destinationPort === bootpServer || packet.destinationPort === bootpClient);
      if (!isDhcp) return;
      const told = dhcpClaims(packet);
      if (told.claim !== null) claim(told.claim);
      if (told.name !== null) name(told.name);
    },
    told: () => [],
  }));
}
