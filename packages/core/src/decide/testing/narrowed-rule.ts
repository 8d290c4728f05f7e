import fc from "fast-check";
import { prefixText } from "../../base/prefix.ts";
import { second } from "../../base/instant.ts";
import type { Demand, Peer, PolicySet, Rule } from "../../model/policy-set.ts";
import type { Service } from "../../model/service.ts";
import type { Inventory } from "../../model/workload.ts";
import { borders } from "./small-pools.ts";

/** One way in which a rule that opens can be made to open less; `pick` chooses among several things to take. */
export interface Narrowing {
  readonly kind: "peer" | "name" | "value" | "term" | "service" | "port" | "start" | "end" | "demand";
  readonly side: "from" | "to";
  readonly pick: number;
}

export const arbitraryNarrowing: fc.Arbitrary<Narrowing> = fc.record({
  kind: fc.constantFrom<Narrowing["kind"]>("peer", "name", "value", "term", "service", "port", "start", "end", "demand"),
  side: fc.constantFrom("from" as const, "to" as const),
  pick: fc.nat(11),
});

/** The rule with less; down to the last one, so a list may end empty. */
export function narrowed(rule: Rule, { kind, side, pick }: Narrowing): Rule {
  switch (kind) {
    case "peer":
      return { ...rule, [side]: without(rule[side], pick) };
    case "name":
    case "value":
    case "term":
      return { ...rule, [side]: rule[side].map((peer, index) => (index === pick % rule[side].length ? narrowedPeer(peer, kind, pick) : peer)) };
    case "service":
      return { ...rule, services: without(rule.services, pick) };
    case "port":
      return { ...rule, services: rule.services.map((service) => narrowedService(service, pick)) };
    case "start":
      return { ...rule, start: Math.max(rule.start ?? -Infinity, borders[pick % borders.length]! + (pick % 2) * second) };
    case "end":
      return { ...rule, end: Math.min(rule.end ?? Infinity, borders[pick % borders.length]! + (pick % 2) * second) };
    case "demand":
      return { ...rule, where: [...rule.where, demands[pick % demands.length]!] };
  }
}

const demands: readonly Demand[] = [
  { kind: "encrypted", value: true },
  { kind: "tier", least: 2 },
  { kind: "fact", fact: "user", values: ["ann"] },
];

const without = <T>(list: readonly T[], pick: number): readonly T[] => list.filter((_, index) => index !== pick % list.length);

function narrowedPeer(peer: Peer, kind: "name" | "value" | "term", pick: number): Peer {
  switch (peer.kind) {
    case "zone":
    case "network":
      return { ...peer, names: without(peer.names, pick) };
    case "identity":
      return { ...peer, patterns: without(peer.patterns, pick) };
    case "labels": {
      const { terms } = peer.selector;
      if (kind === "term") return { ...peer, selector: { terms: [...terms, { key: "role", values: ["x"] }] } };
      return {
        ...peer,
        selector: { terms: terms.map((term, index) => (index === pick % terms.length ? { ...term, values: without(term.values, pick) } : term)) },
      };
    }
    case "workloads":
      return kind === "term"
        ? { kind: "labels", selector: { terms: [{ key: "app", values: ["a"] }] } }
        : { kind: "labels", selector: { terms: [{ key: "env", values: ["prod", "dev"] }] } };
    case "anyone":
      return kind === "name" ? { kind: "zone", names: ["outside"] } : { kind: "workloads" };
  }
}

/** Half of a stretch of ports, or one protocol of all. */
function narrowedService({ protocol, low, high }: Service, pick: number): Service {
  if (protocol === null) return { protocol: 6, low: 0, high: 65535 };
  const middle = Math.floor((low + high) / 2);
  return pick % 2 === 0 ? { protocol, low, high: middle } : { protocol, low: middle, high };
}

/** The plain networks that only rules that open name, so that taking an address from them can only close. */
export function narrowableNetworks(set: PolicySet, inventory: Inventory): readonly string[] {
  const elsewhere = new Set([
    ...set.zones.flatMap(({ networks }) => networks),
    ...inventory.points.flatMap(({ networks }) => networks),
    ...set.forbids.flatMap(({ from, to }) => [...from, ...to].flatMap((peer) => (peer.kind === "network" ? peer.names : []))),
  ]);
  return set.networks.filter(({ name, own, expectsWorkloads }) => !own && !expectsWorkloads && !elsewhere.has(name)).map(({ name }) => name);
}

/** The set with one prefix of a network gone, or the network left without any. */
export function withoutPrefix(set: PolicySet, name: string, pick: number): PolicySet {
  return {
    ...set,
    networks: set.networks.map((network) => {
      if (network.name !== name) return network;
      const texts = network.prefixes.map(prefixText).toSorted();
      const gone = texts[pick % Math.max(1, texts.length)];
      return { ...network, prefixes: network.prefixes.filter((prefix) => prefixText(prefix) !== gone) };
    }),
  };
}
