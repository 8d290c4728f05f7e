import { ipOf, isPublic } from "../base/ip.ts";
import { byCodePoint } from "../base/order.ts";
import { endText, type Flow, type FlowEnd } from "../model/flow.ts";
import { broadcastAddresses, isGroupAddress } from "../telemetry/noise.ts";
import type { Scanner } from "./application-map.ts";
import { serviceText } from "./service-text.ts";

// A door is one service of one machine inside; it is shut when nothing ever answered there. Whoever works knocks at doors that open: on
// recorded networks nobody but scanners and intruders met ten that stayed shut, while a port scan, wide or deep, meets hundreds.
const shutLeast = 10;
const shutShareLeast = 0.3;
const servicesLeast = 3;
// One or two services on machine after machine: a sweep. Monitoring does the same, but is answered.
const sweptLeast = 20;
const sweptShareLeast = 0.5;

const udp = (ports: readonly number[]): ReadonlySet<string> => new Set(ports.map((port) => `udp/${port}`));
/** What is sent and never answered: traps, logs, flow records. */
export const sentOnly = udp([162, 514, 2055, 4739, 6343, 9995]);
// Names and addresses, asked of everybody.
const askedOfAll = udp([67, 68, 137, 138, 546, 547, 626, 1900, 3702, 5353, 5355]);
const echoes: ReadonlySet<string> = new Set(["icmp4/8", "icmp6/128"]);
const knockable: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);

interface Knocks {
  readonly client: FlowEnd;
  readonly flow: Flow;
  readonly servers: Set<string>;
  readonly services: Set<string>;
  readonly shutServers: Set<string>;
  readonly shutServices: Set<string>;
  doors: number;
  shut: number;
  connections: number;
  unanswered: number;
}

/**
 * Who by its conduct scans the inside, wide (many machines) or deep (many services of few): at least ten doors that never opened, over three
 * services or more, or twenty machines, and no small part of what it tried. Browsing, names, DHCP, logs and polls are none of it.
 */
export function scannersAmong(flows: readonly Flow[], groupOf: (flow: Flow) => string): readonly Scanner[] {
  const broadcast = broadcastAddresses(flows);
  const clients = new Map<string, Knocks>();
  for (const flow of flows) {
    const service = serviceText(flow);
    if (!isKnock(flow, service) || !isInside(flow.server, broadcast)) continue;
    const key = endKey(flow.client);
    const known = clients.get(key) ?? knocksOf(flow);
    clients.set(key, known);
    count(known, flow, service);
  }
  return [...clients.values()]
    .filter(isScanner)
    .map(({ client, flow, servers, services, connections, unanswered }) => ({
      name: endText(client),
      isWorkload: client.kind === "held",
      group: groupOf(flow),
      servers: servers.size,
      services: services.size,
      connections,
      unanswered,
    }))
    .sort((a, b) => byCodePoint(a.name, b.name));
}

/** Whether a client is one of these scanners. */
export function isOneOf(scanners: readonly Scanner[]): (client: FlowEnd) => boolean {
  const keys = new Set(scanners.map(({ name, isWorkload }) => `${isWorkload} ${name}`));
  return (client) => keys.has(endKey(client));
}

const endKey = (end: FlowEnd): string => `${end.kind === "held"} ${endText(end)}`;

const knocksOf = (flow: Flow): Knocks => ({
  client: flow.client,
  flow,
  servers: new Set(),
  services: new Set(),
  shutServers: new Set(),
  shutServices: new Set(),
  doors: 0,
  shut: 0,
  connections: 0,
  unanswered: 0,
});

function count(known: Knocks, flow: Flow, service: string): void {
  const server = endKey(flow.server);
  known.servers.add(server);
  known.services.add(service);
  known.doors += 1;
  known.connections += flow.connections;
  known.unanswered += flow.unanswered;
  if (flow.answered > 0 || flow.untold > 0) return;
  known.shut += 1;
  known.shutServers.add(server);
  known.shutServices.add(service);
}

function isScanner({ doors, shut, servers, shutServers, shutServices }: Knocks): boolean {
  const isSearch = shut >= shutLeast && shut >= doors * shutShareLeast && shutServices.size >= servicesLeast;
  const isSweep = shutServers.size >= sweptLeast && shutServers.size >= servers.size * sweptShareLeast;
  return isSearch || isSweep;
}

/** Whether somebody is known to have asked for something that would be answered. */
function isKnock({ protocol, client, reasons, connections }: Flow, service: string): boolean {
  if (client.kind === "contested" || (reasons.unknown ?? 0) >= connections) return false;
  return (knockable.has(protocol) && !sentOnly.has(service) && !askedOfAll.has(service)) || echoes.has(service);
}

/** The internet is no target: whoever browses meets hundreds of machines there. */
function isInside(server: FlowEnd, broadcast: ReadonlySet<string>): boolean {
  if (server.kind !== "bare") return true;
  const ip = ipOf(server.address);
  return ip !== undefined && !isPublic(ip) && !isGroupAddress(server.address) && !broadcast.has(server.address);
}
