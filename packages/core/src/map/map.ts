import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { Flow, Volume } from "../model/flow.ts";
import { broadcastAddresses } from "../telemetry/noise.ts";
import { plus, volumeOf } from "../telemetry/volume.ts";
import type { ApplicationMap, MapEdge } from "./application-map.ts";
import { groupingBy, type Labelled } from "./group.ts";
import { isOneOf, scannersAmong } from "./scanners.ts";
import { serviceText } from "./service-text.ts";
import { unknownEnds } from "./unknown-ends.ts";

export interface MapOptions {
  /** Label keys; `app`, `env`, `role` when nothing else is asked. */
  readonly by?: readonly string[];
  readonly since?: Instant | null;
  readonly until?: Instant | null;
  /** How many unknown ends are listed; the rest is counted. */
  readonly unknownsMax?: number;
}

/** The application map of flows that are already attributed. */
export function mapOf(flows: readonly Flow[], workloads: readonly Labelled[], options: MapOptions = {}): ApplicationMap {
  const by = options.by ?? ["app", "env", "role"];
  const grouping = groupingBy(by, workloads, broadcastAddresses(flows));
  const scanners = scannersAmong(flows, ({ client }) => grouping.of(client));
  const isScanner = isOneOf(scanners);
  const [edges, attempts] = [new Map<string, MapEdge>(), new Map<string, MapEdge>()];
  for (const flow of flows) {
    const [from, to, service] = [grouping.of(flow.client), grouping.of(flow.server), serviceText(flow)];
    const scan = isScanner(flow.client);
    const { answered, unanswered } = partsOf(flow);
    if (answered !== null) add(edges, { from, to, service, scan, ...answered });
    if (unanswered !== null) add(attempts, { from, to, service, scan, ...unanswered });
  }
  const unknowns = unknownEnds(flows, (end) => grouping.of(end));
  const max = options.unknownsMax ?? 1000;
  return {
    by,
    since: options.since ?? null,
    until: options.until ?? null,
    groups: grouping.groups(),
    edges: sorted(edges),
    attempts: sorted(attempts),
    scanners,
    unknowns: unknowns.slice(0, max),
    unknownsOmitted: Math.max(0, unknowns.length - max),
    totals: {
      connections: countOf(flows),
      inEdges: countOf([...edges.values()]),
      inAttempts: countOf([...attempts.values()]),
      workloads: workloads.length,
      withLabels: workloads.filter(({ labels }) => by.some((key) => Object.hasOwn(labels, key))).length,
    },
  };
}

/**
 * A flow as dependency and as attempts. Where something answered, everything else between the same ends is a dependency's failed
 * tries; those are counted apart, with the times and observers of the flow, because the sum does not say which of them they were.
 */
function partsOf(flow: Flow): { readonly answered: Volume | null; readonly unanswered: Volume | null } {
  const volume = volumeOf(flow);
  if (flow.unanswered === 0) return { answered: volume, unanswered: null };
  const rest = flow.connections - flow.unanswered;
  if (rest === 0) return { answered: null, unanswered: volume };
  // Bytes and reasons stay with the dependency; a try carries next to none.
  return {
    answered: { ...volume, connections: rest, unanswered: 0, denied: 0 },
    unanswered: { ...volume, connections: flow.unanswered, answered: 0, untold: 0, oneSided: 0, bytesToServer: null, bytesToClient: null, reasons: {} },
  };
}

function add(edges: Map<string, MapEdge>, edge: MapEdge): void {
  const key = JSON.stringify([edge.from, edge.to, edge.service]);
  const known = edges.get(key);
  edges.set(key, known === undefined ? edge : { ...edge, ...plus(known, edge), scan: known.scan && edge.scan });
}

const sorted = (edges: ReadonlyMap<string, MapEdge>): readonly MapEdge[] => [...edges].sort(([a], [b]) => byCodePoint(a, b)).map(([, edge]) => edge);
const countOf = (volumes: readonly { readonly connections: number }[]): number => volumes.reduce((sum, { connections }) => sum + connections, 0);
