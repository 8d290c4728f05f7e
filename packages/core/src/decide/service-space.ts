import type { Rule } from "../model/policy-set.ts";
import { protocolNumbers, type ServicePoint } from "../model/service.ts";
import { coversService } from "./match.ts";
import { isNeighbourDiscovery } from "./neighbour-discovery.ts";

/** The service space cut where rules distinguish it: points of one interval are covered by the same rules. */
export interface ServiceSpace {
  /** How many intervals there are; interval 0 is what only `any` covers. */
  readonly count: number;
  /** The interval of a point, in one look-up. */
  readonly intervalOf: (protocol: number, port: number) => number;
  /** Every stretch of a named protocol, with its interval, in order. */
  readonly ranges: readonly { readonly protocol: number; readonly low: number; readonly high: number; readonly interval: number }[];
  /** One point of each interval. */
  readonly samples: readonly { readonly protocol: number; readonly port: number }[];
}

const portsOf = (protocol: number): number => (protocol === 6 || protocol === 17 || protocol === 132 ? 65_536 : protocol === 1 || protocol === 58 ? 256 : 1);

/** Cuts the service space by the services of the rules. Neighbour discovery (`icmp6/133`–`136`) is always apart: its effect is. */
export function serviceSpace(rules: readonly Rule[]): ServiceSpace {
  const cuts = new Map<number, Set<number>>([[58, new Set([0, 133, 137])]]);
  for (const { protocol, low, high } of rules.flatMap(({ services }) => services)) {
    if (protocol === null) continue;
    const own = cuts.get(protocol) ?? new Set([0]);
    cuts.set(protocol, own.add(low).add(high + 1));
  }
  // A protocol that no rule names: one point stands for all of them.
  const unnamed = [...Array(256).keys()].find((protocol) => !cuts.has(protocol)) ?? 255;
  const samples = [{ protocol: unnamed, port: 0 }];
  const ids = new Map([[signatureAt(rules, samples[0]!), 0]]);
  const tables = new Map<number, Uint16Array>();
  const ranges: ServiceSpace["ranges"][number][] = [];
  for (const [protocol, own] of cuts) {
    const table = new Uint16Array(portsOf(protocol));
    const starts = [...own].filter((port) => port < table.length).sort((a, b) => a - b);
    for (const [index, port] of starts.entries()) {
      const signature = signatureAt(rules, { protocol, port });
      const id = ids.get(signature) ?? samples.push({ protocol, port }) - 1;
      ids.set(signature, id);
      const next = starts[index + 1] ?? table.length;
      table.fill(id, port, next);
      ranges.push({ protocol, low: port, high: next - 1, interval: id });
    }
    tables.set(protocol, table);
  }
  const byProtocol = Array.from({ length: 256 }, (_, protocol) => tables.get(protocol) ?? null);
  return {
    count: samples.length,
    samples,
    ranges: ranges.toSorted((a, b) => a.protocol - b.protocol || a.low - b.low),
    intervalOf: (protocol, port) => byProtocol[protocol]?.[port] ?? 0,
  };
}

/** A service that people ask about, where there is one among these intervals. */
export function usualPoint({ ranges, samples }: ServiceSpace, intervals: readonly number[]): ServicePoint {
  const some = new Set(intervals);
  const tcp = ranges.find(({ protocol, interval }) => protocol === protocolNumbers.tcp && some.has(interval));
  return tcp === undefined ? samples[intervals[0]!]! : { protocol: tcp.protocol, port: Math.min(Math.max(443, tcp.low), tcp.high) };
}

function signatureAt(rules: readonly Rule[], point: { readonly protocol: number; readonly port: number }): string {
  const covering = rules.flatMap(({ services }, index) => (services.some((service) => coversService(service, point)) ? [index] : []));
  return `${isNeighbourDiscovery(point) ? "nd " : ""}${covering.join(",")}`;
}
