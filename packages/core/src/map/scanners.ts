import { byCodePoint } from "../base/order.ts";
import type { Flow } from "../model/flow.ts";
import type { Scanner } from "./application-map.ts";
import { serviceText } from "./service-text.ts";

// A monitoring server reaches as many machines, but over one or two services each, and is answered; who tries several ports on
// machine after machine and gets an answer from few of them is looking for something.
const serversMin = 20;
const servicesMin = 4;
const unansweredShareMin = 0.3;

/** Workloads that by their conduct are scanners: many servers, several services on most of them, many attempts without an answer. */
export function scannersAmong(flows: readonly Flow[], groupOf: (flow: Flow) => string): readonly Scanner[] {
  const clients = new Map<string, { flows: Flow[]; servers: Map<string, number>; services: Set<string> }>();
  for (const flow of flows) {
    if (flow.client.kind !== "held") continue;
    const known = clients.get(flow.client.holder) ?? { flows: [], servers: new Map<string, number>(), services: new Set<string>() };
    clients.set(flow.client.holder, known);
    const server = flow.server.kind === "held" ? flow.server.holder : flow.server.address;
    known.flows.push(flow);
    known.servers.set(server, (known.servers.get(server) ?? 0) + 1);
    known.services.add(serviceText(flow));
  }
  return [...clients]
    .flatMap(([workload, { flows: own, servers, services }]) => {
      const [connections, unanswered] = [total(own, (flow) => flow.connections), total(own, (flow) => flow.unanswered)];
      const tried = [...servers.values()].filter((count) => count >= servicesMin).length;
      const isScanner =
        servers.size >= serversMin && services.size >= servicesMin && tried * 2 >= servers.size && unanswered >= connections * unansweredShareMin;
      return isScanner ? [{ workload, group: groupOf(own[0]!), servers: servers.size, services: services.size, connections }] : [];
    })
    .sort((a, b) => byCodePoint(a.workload, b.workload));
}

const total = (flows: readonly Flow[], of: (flow: Flow) => number): number => flows.reduce((sum, flow) => sum + of(flow), 0);
