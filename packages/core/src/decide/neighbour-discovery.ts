import { protocolNumbers, type ServicePoint } from "../model/service.ts";

/** `icmp6/133` to `icmp6/136` always pass: without them there is no IPv6 network to protect. */
export function isNeighbourDiscovery({ protocol, port }: ServicePoint): boolean {
  return protocol === protocolNumbers.icmp6 && port >= 133 && port <= 136;
}
