import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import { broadcastAddresses } from "../telemetry/noise.ts";
import type { ApplicationMap, MapGroup } from "./application-map.ts";
import { edgeSums } from "./edge-sums.ts";
import { groupingBy, type Labelled } from "./group.ts";
import { isOneOf, scannersAmong } from "./scanners.ts";
import { serviceText } from "./service-text.ts";
import { talkersOf } from "./talked.ts";
import { isThere, unknownEnds } from "./unknown-ends.ts";

export interface MapOptions {
  /** Label keys; `app`, `env`, `role` when nothing else is asked. */
  readonly by?: readonly string[];
  readonly since?: Instant | null;
  readonly until?: Instant | null;
  /** How many unknown ends are listed; the rest is counted. */
  readonly unknownsMax?: number;
  /** How many unknown machines are groups of their own, the busiest; none when nothing else is asked. */
  readonly apartMax?: number;
}

/** The application map of flows that are already attributed. */
export function mapOf(flows: readonly Flow[], workloads: readonly Labelled[], options: MapOptions = {}): ApplicationMap {
  const by = options.by ?? ["app", "env", "role"];
  const grouping = groupingBy(by, workloads, broadcastAddresses(flows));
  const scanners = scannersAmong(flows, ({ client }) => grouping.of(client));
  const isScanner = isOneOf(scanners);
  const unknowns = unknownEnds(flows, (end) => grouping.of(end));
  const apart = new Set(
    unknowns
      .filter((end) => end.group === "unknown" && isThere(end))
      .map(({ address }) => address)
      .slice(0, options.apartMax ?? 0),
  );
  const groupOf = (end: FlowEnd): string => (end.kind === "bare" && apart.has(end.address) ? apartId(end.address) : grouping.of(end));
  const [edges, attempts] = [edgeSums(), edgeSums()];
  for (const flow of flows) {
    const edge = { from: groupOf(flow.client), to: groupOf(flow.server), service: serviceText(flow) };
    const scan = isScanner(flow.client);
    // Bytes and reasons stay with the dependency; a try carries next to none. Of the tries the times and observers are the flow's.
    const rest = flow.connections - flow.unanswered;
    if (flow.unanswered === 0) edges.add(edge, scan, flow);
    else if (rest === 0) attempts.add(edge, scan, flow);
    else {
      edges.add(edge, scan, { ...flow, connections: rest, unanswered: 0, denied: 0 });
      attempts.add(edge, scan, { ...flow, ...tries, connections: flow.unanswered });
    }
  }
  const [dependencies, tried] = [edges.sorted(), attempts.sorted()];
  const there = new Map<string, number>();
  for (const { group } of unknowns.filter(isThere)) there.set(group, (there.get(group) ?? 0) + 1);
  const missing = unknowns.filter(({ group }) => group === "unknown" || group === "contested");
  const unknownThere = (there.get("unknown") ?? 0) + (there.get("contested") ?? 0);
  const max = options.unknownsMax ?? 1000;
  const talkers = talkersOf(flows);
  return {
    by,
    since: options.since ?? null,
    until: options.until ?? null,
    groups: withApart(
      grouping.groups().map((group) => ({ ...group, there: there.get(group.id) ?? 0, address: null })),
      apart,
    ),
    edges: dependencies,
    attempts: tried,
    scanners,
    unknowns: unknowns.slice(0, max),
    unknownsOmitted: Math.max(0, unknowns.length - max),
    totals: {
      connections: countOf(flows),
      inEdges: countOf(dependencies),
      inAttempts: countOf(tried),
      workloads: workloads.length,
      withLabels: workloads.filter(({ labels }) => by.some((key) => Object.hasOwn(labels, key))).length,
      talked: workloads.filter(({ id }) => talkers.has(id)).length,
      unknownThere,
      unknownSilent: missing.length - unknownThere,
    },
  };
}

/** The id of the group that an unknown machine is by itself. No group of workloads has an id with a space outside of quotes. */
export const apartId = (address: string): string => `unknown ${address}`;

/** The groups, with each machine that stands apart taken out of the unknown. */
function withApart(groups: readonly MapGroup[], apart: ReadonlySet<string>): readonly MapGroup[] {
  if (apart.size === 0) return groups;
  const rest = groups.map((one) => (one.kind === "unknown" ? { ...one, addresses: one.addresses - apart.size, there: one.there - apart.size } : one));
  const alone = [...apart]
    .sort(byCodePoint)
    .map((address): MapGroup => ({ id: apartId(address), kind: "unknown", labels: {}, workloads: [], network: null, addresses: 1, there: 1, address }));
  return [...rest.filter(({ kind, addresses }) => kind !== "unknown" || addresses > 0), ...alone];
}

// Where something answered, everything else between the same ends is a dependency's failed tries, counted apart.
const tries = { answered: 0, untold: 0, oneSided: 0, bytesToServer: null, bytesToClient: null, reasons: {} } as const;

const countOf = (volumes: readonly { readonly connections: number }[]): number => volumes.reduce((sum, { connections }) => sum + connections, 0);
