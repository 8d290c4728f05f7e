import type { Flow } from "../model/flow.ts";
import { protocolNumbers, type ServicePoint } from "../model/service.ts";

const numbers: Readonly<Record<string, number>> = { tcp: protocolNumbers.tcp, udp: protocolNumbers.udp, sctp: protocolNumbers.sctp };
const icmp: Readonly<Record<string, number>> = { icmp: protocolNumbers.icmp4, icmp6: protocolNumbers.icmp6 };

/** The service of a flow as a question names it; null where its record did not tell the port or type. */
export function pointOf({ protocol, serverPort, icmpType }: Pick<Flow, "protocol" | "serverPort" | "icmpType">): ServicePoint | null {
  const withPorts = numbers[protocol];
  if (withPorts !== undefined) return serverPort === null ? null : { protocol: withPorts, port: serverPort };
  const ofIcmp = icmp[protocol];
  if (ofIcmp !== undefined) return icmpType === null ? null : { protocol: ofIcmp, port: icmpType };
  const number = /^\d{1,3}$/.test(protocol) ? Number(protocol) : 256;
  return number > 255 || [6, 17, 132, 1, 58].includes(number) ? null : { protocol: number, port: 0 };
}
