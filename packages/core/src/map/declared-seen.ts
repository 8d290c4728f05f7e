import type { Instant } from "../base/instant.ts";
import { addTo } from "../base/lists.ts";
import { byCodePoint } from "../base/order.ts";
import type { DeclaredDependency, DeclaredEnd, DeclaredExport } from "../inventory/declared.ts";
import type { Flow } from "../model/flow.ts";
import { groupingBy, type Labelled } from "./group.ts";
import { isOneOf, scannersAmong } from "./scanners.ts";
import { isOfService, servicesOf } from "./service-ranges.ts";
import { serviceText } from "./service-text.ts";

/** A declared dependency with what was seen of it. */
export interface DeclaredSeen {
  readonly source: string;
  readonly dependency: DeclaredDependency;
  /** Workloads of the inventory that the ends stand for; where one is empty, nothing can be seen of it. */
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  readonly connections: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

/** A dependency between groups that was seen, and that nobody declared. */
export interface Undeclared {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly connections: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

export interface DeclaredReport {
  readonly declared: readonly DeclaredSeen[];
  readonly observedOnly: readonly Undeclared[];
  /** Dependencies between groups that were seen and declared, of all that were seen. */
  readonly observedDeclared: number;
  readonly observed: number;
  /** Dependencies seen for the first time after something had been declared, and those of them that had been declared before they came. */
  readonly later: number;
  readonly laterDeclared: number;
}

export interface DeclaredInput {
  readonly exports: readonly DeclaredExport[];
  readonly workloads: readonly Labelled[];
  readonly flows: readonly Flow[];
  readonly by?: readonly string[];
}

/** Holds what was declared against what was seen between workloads: answered, and not by a scanner. The internet and unknown addresses are no part of it. */
export function declaredSeen({ exports, workloads, flows, by = ["app", "env", "role"] }: DeclaredInput): DeclaredReport {
  const members = membersBy(workloads);
  const all = exports.flatMap(({ source, at, dependencies }) =>
    dependencies.map((dependency) => ({
      source,
      said: dependency.at ?? at,
      dependency,
      clients: members(dependency.from),
      servers: members(dependency.to),
      services: dependency.services.flatMap(servicesOf),
      seen: { connections: 0, first: null as Instant | null, last: null as Instant | null },
    })),
  );
  const byClient = new Map<string, typeof all>();
  for (const one of all) for (const id of one.clients) addTo(byClient, id, one);
  const grouping = groupingBy(by, workloads, new Set());
  const edges = new Map<string, { edge: Undeclared; declaredSince: Instant }>();
  const isScanner = isOneOf(scannersAmong(flows, () => ""));
  for (const flow of flows) {
    if (flow.client.kind !== "held" || flow.server.kind !== "held" || flow.answered + flow.untold === 0 || isScanner(flow.client)) continue;
    const [server, connections] = [flow.server.holder, flow.connections - flow.unanswered];
    const met = (byClient.get(flow.client.holder) ?? []).filter(
      ({ servers, services }) => servers.has(server) && services.some((service) => isOfService(flow, service)),
    );
    for (const { seen } of met) Object.assign(seen, summed(seen, { connections, first: flow.first, last: flow.last }));
    const [from, to, service] = [grouping.of(flow.client), grouping.of(flow.server), serviceText(flow)];
    const key = `${from}\n${to}\n${service}`;
    const known = edges.get(key) ?? { edge: { from, to, service, connections: 0, first: null, last: null }, declaredSince: Infinity };
    edges.set(key, {
      edge: { ...known.edge, ...summed(known.edge, { connections, first: flow.first, last: flow.last }) },
      declaredSince: met.reduce((least, { said }) => Math.min(least, said), known.declaredSince),
    });
  }
  const listed = [...edges.values()].map((one) => ({ ...one, isDeclared: one.declaredSince < Infinity }));
  const begun = all.reduce((least, { said }) => Math.min(least, said), Infinity);
  const later = listed.filter(({ edge }) => edge.first !== null && edge.first >= begun);
  return {
    declared: all.map(({ source, dependency, clients, servers, seen }) => ({ source, dependency, clients: [...clients], servers: [...servers], ...seen })),
    observedOnly: listed
      .filter(({ isDeclared }) => !isDeclared)
      .map(({ edge }) => edge)
      .sort((a, b) => b.connections - a.connections || byCodePoint(a.from + a.to + a.service, b.from + b.to + b.service)),
    observedDeclared: listed.filter(({ isDeclared }) => isDeclared).length,
    observed: listed.length,
    later: later.length,
    laterDeclared: later.filter(({ edge, declaredSince }) => declaredSince <= edge.first!).length,
  };
}

interface Sum {
  readonly connections: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

const summed = (a: Sum, b: Sum): Sum => ({
  connections: a.connections + b.connections,
  first: a.first === null || b.first === null ? (a.first ?? b.first) : Math.min(a.first, b.first),
  last: a.last === null || b.last === null ? (a.last ?? b.last) : Math.max(a.last, b.last),
});

/** The workloads that an end stands for. */
function membersBy(workloads: readonly Labelled[]): (end: DeclaredEnd) => ReadonlySet<string> {
  const ids = new Set(workloads.map(({ id }) => id));
  return ({ ids: named, labels }) => {
    const known = named.filter((id) => ids.has(id));
    const terms = Object.entries(labels);
    if (known.length > 0 || terms.length === 0) return new Set(known);
    return new Set(workloads.filter((one) => terms.every(([key, value]) => Object.hasOwn(one.labels, key) && one.labels[key] === value)).map(({ id }) => id));
  };
}
