import { byCodePoint } from "../base/order.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { UnknownEnd } from "./application-map.ts";
import { serviceText } from "./service-text.ts";

// Enough to recognise a machine by; a scanned address would list thousands.
const servicesMax = 10;

interface Growing {
  readonly end: Exclude<FlowEnd, { readonly kind: "held" }>;
  asClient: number;
  asServer: number;
  alive: number;
  readonly services: Set<string>;
}

/** Every address that no workload held alone at the time, with what it did: most connections first. */
export function unknownEnds(flows: readonly Flow[], groupOf: (end: FlowEnd) => string): readonly UnknownEnd[] {
  const found = new Map<string, Growing>();
  for (const flow of flows) {
    for (const side of ["client", "server"] as const) {
      const end = flow[side];
      if (end.kind === "held") continue;
      const key = `${end.kind} ${end.address}`;
      const known = found.get(key) ?? { end, asClient: 0, asServer: 0, alive: 0, services: new Set<string>() };
      found.set(key, known);
      known[side === "client" ? "asClient" : "asServer"] += flow.connections;
      known.alive += flow.connections - flow.unanswered;
      if (known.services.size < servicesMax) known.services.add(serviceText(flow));
    }
  }
  return [...found.values()]
    .map(({ end, asClient, asServer, alive, services }) => ({
      address: end.address,
      group: groupOf(end),
      asClient,
      asServer,
      alive,
      holders: end.kind === "contested" ? end.holders : [],
      services: [...services].sort(byCodePoint),
    }))
    .sort((a, b) => b.asClient + b.asServer - (a.asClient + a.asServer) || byCodePoint(a.address, b.address));
}
