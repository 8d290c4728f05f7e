import { readService } from "../language/service.ts";
import type { Flow } from "../model/flow.ts";
import { protocolNumbers, type Service } from "../model/service.ts";

/** The stretches of the service space that a text such as `tcp/8000-8010` stands for; none for a text that is no service. */
export function servicesOf(text: string): readonly Service[] {
  const read = readService(text);
  return read.kind === "services" ? read.services : [];
}

const numbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132, icmp: protocolNumbers.icmp4, icmp6: protocolNumbers.icmp6 };

/** Whether a flow is of a service. */
export function isOfService({ protocol, serverPort, icmpType }: Pick<Flow, "protocol" | "serverPort" | "icmpType">, service: Service): boolean {
  if (service.protocol === null) return true;
  const port = serverPort ?? icmpType ?? 0;
  return (numbers[protocol] ?? Number(protocol)) === service.protocol && service.low <= port && port <= service.high;
}
