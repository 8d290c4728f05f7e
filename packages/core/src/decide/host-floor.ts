import { ipText } from "../base/ip.ts";
import { protocolNumbers } from "../model/service.ts";
import type { KnownEnd } from "./ends.ts";
import type { Matter } from "./judgement.ts";

/** What was declared when a point was installed at a host; policy cannot take it away. */
export interface HostFloor {
  /** The id of the workload that the host is. */
  readonly host: string;
  /** The management path: ports of this host, open for anyone. */
  readonly management: readonly { readonly protocol: "tcp" | "udp"; readonly port: number }[];
}

/** Why the point of a host at one end passes something whatever the policy says. */
export interface FloorAccount {
  readonly end: "client" | "server";
  readonly why: string;
}

/** What the safety floor of the hosts at both ends passes (MEANING §3); the management path only of the host that is told. */
export function floorAccounts(matter: Matter, floor: HostFloor | null): readonly FloorAccount[] {
  const { client, server } = matter;
  if (isItself(matter)) {
    const why = "a host speaks with itself over its loopback interface, which no point touches";
    return (["client", "server"] as const).map((end) => ({ end, why }));
  }
  return [
    ...(isAsked(matter, [67, 547]) && isHost(client) ? [{ end: "client" as const, why: "a host may ask for an address (DHCP, from its port 68 or 546)" }] : []),
    ...(isAsked(matter, [68, 546]) && isHost(server) ? [{ end: "server" as const, why: "a host may be given an address (DHCP, from port 67 or 547)" }] : []),
    ...managementOf(matter, floor),
  ];
}

const isHost = ({ workload }: KnownEnd): boolean => workload?.point === true;

function isItself({ client, server }: Matter): boolean {
  const isLoopback = server.addresses.length > 0 && server.addresses.every((ip) => /^(127\.|::1(%|$))/.test(ipText(ip)));
  return isLoopback || (client.workload !== null && client.workload.id === server.workload?.id);
}

const isAsked = ({ over }: Matter, ports: readonly number[]): boolean => over.protocol === protocolNumbers.udp && ports.includes(over.port);

function managementOf({ server, over }: Matter, floor: HostFloor | null): readonly FloorAccount[] {
  if (floor === null || server.workload?.id !== floor.host) return [];
  const path = floor.management.find(({ protocol, port }) => protocolNumbers[protocol] === over.protocol && port === over.port);
  if (path === undefined) return [];
  return [{ end: "server", why: `${path.protocol}/${path.port} is the management path of ${floor.host}, declared when it was installed: open for anyone` }];
}
