import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { BelievedWorkload } from "../inventory/believe.ts";
import { type Agreement, type FismaSystem, systemFinder } from "../inventory/fisma-system.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import { largest, smallest } from "../telemetry/account.ts";
import { isOneOf, scannersAmong } from "./scanners.ts";
import { isOfService, servicesOf } from "./service-ranges.ts";
import { serviceText } from "./service-text.ts";

/** What was seen between two systems over one service. */
export interface Interconnection {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly connections: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
  /** Agreements that cover it now, and those that did and have ended. */
  readonly agreements: readonly string[];
  readonly expired: readonly string[];
}

export interface AgreementState {
  readonly agreement: Agreement;
  readonly isExpired: boolean;
  readonly connections: number;
  readonly last: Instant | null;
  /** Systems that it names and that no register lists. */
  readonly unknown: readonly string[];
}

export interface InterconnectionReport {
  readonly systems: readonly (FismaSystem & { readonly workloads: number })[];
  /** Workloads that several boundaries claim: what they do is counted for none. */
  readonly claimed: readonly { readonly workload: string; readonly systems: readonly string[] }[];
  readonly interconnections: readonly Interconnection[];
  readonly agreements: readonly AgreementState[];
}

export interface InterconnectionInput {
  readonly systems: readonly FismaSystem[];
  readonly agreements: readonly Agreement[];
  readonly workloads: readonly BelievedWorkload[];
  readonly flows: readonly Flow[];
  /** Agreements that ended by then are expired. */
  readonly now: Instant;
}

/** Holds what was seen between systems against the agreements about it: answered conversations, without those of scanners. */
export function interconnectionReport({ systems, agreements, workloads, flows, now }: InterconnectionInput): InterconnectionReport {
  const finder = systemFinder(systems);
  const placed = new Map(workloads.map((workload) => [workload.id, finder.ofWorkload(workload)]));
  const systemOf = (end: FlowEnd): string | null => {
    const found = end.kind === "held" ? (placed.get(end.holder) ?? []) : end.kind === "bare" ? finder.ofAddress(end.address) : [];
    return found.length === 1 ? found[0]! : null;
  };
  const known = agreements.map((agreement) => ({
    agreement,
    services: agreement.services.flatMap(servicesOf),
    isExpired: agreement.until !== null && agreement.until <= now,
  }));
  const met = new Map<Agreement, { connections: number; last: Instant | null }>(agreements.map((one) => [one, { connections: 0, last: null }]));
  const found = new Map<string, Interconnection>();
  const isScanner = isOneOf(scannersAmong(flows, () => ""));
  for (const flow of flows) {
    const [from, to] = [systemOf(flow.client), systemOf(flow.server)];
    if (from === null || to === null || from === to || flow.answered + flow.untold === 0 || isScanner(flow.client)) continue;
    const covering = known.filter((one) => isBetween(one.agreement, { from, to }) && one.services.some((service) => isOfService(flow, service)));
    for (const { agreement } of covering) {
      const sum = met.get(agreement)!;
      met.set(agreement, { connections: sum.connections + flow.connections, last: largest(sum.last, flow.last) });
    }
    const named = (isExpired: boolean): readonly string[] => covering.filter((one) => one.isExpired === isExpired).map(({ agreement }) => agreement.id);
    add(found, {
      from,
      to,
      service: serviceText(flow),
      connections: flow.connections,
      first: flow.first,
      last: flow.last,
      agreements: named(false),
      expired: named(true),
    });
  }
  const ids = new Set(systems.map(({ id }) => id));
  return {
    systems: systems.map((system) => ({ ...system, workloads: [...placed.values()].filter((all) => all.length === 1 && all[0] === system.id).length })),
    claimed: [...placed].filter(([, all]) => all.length > 1).map(([workload, all]) => ({ workload, systems: all })),
    interconnections: [...found.values()].sort((a, b) => byCodePoint(`${a.from}\n${a.to}\n${a.service}`, `${b.from}\n${b.to}\n${b.service}`)),
    agreements: known.map(({ agreement, isExpired }) => ({
      agreement,
      isExpired,
      ...met.get(agreement)!,
      unknown: [agreement.from, agreement.to].filter((id) => !ids.has(id)),
    })),
  };
}

const isBetween = ({ from, to, bothWays }: Agreement, seen: { readonly from: string; readonly to: string }): boolean =>
  (from === seen.from && to === seen.to) || (bothWays && from === seen.to && to === seen.from);

function add(found: Map<string, Interconnection>, one: Interconnection): void {
  const key = `${one.from}\n${one.to}\n${one.service}`;
  const known = found.get(key);
  found.set(
    key,
    known === undefined
      ? one
      : { ...known, connections: known.connections + one.connections, first: smallest(known.first, one.first), last: largest(known.last, one.last) },
  );
}
