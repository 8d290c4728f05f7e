import type { Instant } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { byCodePoint } from "../base/order.ts";
import { covers, readPrefix } from "../base/prefix.ts";
import type { KnownNetwork } from "../inventory/sighting.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import { broadcastAddresses } from "../telemetry/noise.ts";
import type { ServiceList } from "./application-map.ts";
import { groupingBy } from "./group.ts";
import { isOneOf, scannersAmong } from "./scanners.ts";
import { isThere, unknownEnds } from "./unknown-ends.ts";
import { likelyKind } from "./likely-kind.ts";

/** An address inside that talks and that the inventory does not know, or that several workloads claim. */
export interface UnknownMachine {
  readonly address: string;
  readonly first: Instant | null;
  readonly last: Instant | null;
  readonly asClient: number;
  readonly asServer: number;
  readonly bytes: number | null;
  /** Connections by the sensor that reported them. */
  readonly observers: Readonly<Record<string, number>>;
  readonly answers: ServiceList;
  readonly opens: ServiceList;
  /** The workloads that claim it at once. */
  readonly holders: readonly string[];
  /** The smallest network around it that a source names. */
  readonly network: string | null;
  /** What it probably is, and why; null when its conduct says nothing. */
  readonly guess: { readonly kind: string; readonly why: string } | null;
}

export interface UnknownInput {
  readonly flows: readonly Flow[];
  readonly networks: readonly KnownNetwork[];
}

/** The machines that nobody knows, most connections first; broadcasts, the internet and addresses that never answered nor spoke are none. */
export function unknownMachines({ flows, networks }: UnknownInput): readonly UnknownMachine[] {
  const grouping = groupingBy([], [], broadcastAddresses(flows));
  const isScanner = isOneOf(scannersAmong(flows, () => ""));
  const scanning = new Set(flows.flatMap(({ client }) => (client.kind !== "held" && isScanner(client) ? [client.address] : [])));
  const found = unknownEnds(flows, (end) => grouping.of(end)).filter((end) => (end.group === "unknown" || end.group === "contested") && isThere(end));
  const sums = sumsOf(flows, new Set(found.map(({ address }) => address)));
  const named = networks.flatMap(({ name, prefix }) => {
    const read = readPrefix(prefix ?? "");
    return read.kind === "prefix" ? [{ name: `${name} (${prefix})`, prefix: read.prefix }] : [];
  });
  const longestFirst = named.sort((a, b) => b.prefix.length - a.prefix.length || byCodePoint(a.name, b.name));
  return found.map(({ address, asClient, asServer, answers, opens, holders }) => {
    const ip = ipOf(address);
    const { observers, ...sum } = sums.get(address) ?? nothing;
    return {
      address,
      ...sum,
      observers: Object.fromEntries([...observers].sort(([a], [b]) => byCodePoint(a, b))),
      asClient,
      asServer,
      answers,
      opens,
      holders,
      network: (ip === undefined ? undefined : longestFirst.find(({ prefix }) => covers(prefix, ip)))?.name ?? null,
      guess: likelyKind({ answers: answers.names, opens: opens.names, isScanner: scanning.has(address), isContested: holders.length > 0 }),
    };
  });
}

interface Sum {
  first: Instant | null;
  last: Instant | null;
  bytes: number | null;
  readonly observers: Map<string, number>;
}

const nothing: Sum = { first: null, last: null, bytes: null, observers: new Map() };

function sumsOf(flows: readonly Flow[], wanted: ReadonlySet<string>): ReadonlyMap<string, Sum> {
  const sums = new Map<string, Sum>();
  const add = (end: FlowEnd, flow: Flow): void => {
    if (end.kind === "held" || !wanted.has(end.address)) return;
    const sum: Sum = sums.get(end.address) ?? { first: null, last: null, bytes: null, observers: new Map() };
    sums.set(end.address, sum);
    if (flow.first !== null) sum.first = Math.min(sum.first ?? flow.first, flow.first);
    if (flow.last !== null) sum.last = Math.max(sum.last ?? flow.last, flow.last);
    if (flow.bytesToServer !== null || flow.bytesToClient !== null) sum.bytes = (sum.bytes ?? 0) + (flow.bytesToServer ?? 0) + (flow.bytesToClient ?? 0);
    for (const observer of flow.observers) sum.observers.set(observer, (sum.observers.get(observer) ?? 0) + flow.connections);
  };
  for (const flow of flows) {
    add(flow.client, flow);
    add(flow.server, flow);
  }
  return sums;
}
