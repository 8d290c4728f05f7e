import type { Instant } from "../base/instant.ts";
import type { Demand, Peer, Rule, Selector } from "../model/policy-set.ts";
import type { Facts } from "../model/question.ts";
import type { Service, ServicePoint } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";

/** What a peer looks at: a workload or a bare address, in its zone and networks. */
export interface Matchable {
  readonly workload: Workload | null;
  readonly zone: string;
  /** The networks that hold it: bare addresses only. */
  readonly networks: ReadonlySet<string>;
}

/** Whoever it is, as labels and identity tell it, wherever it is; null is nobody of whom anything is known. */
export const placeless = (workload: Workload | null): Matchable => ({ workload, zone: "", networks: nowhere });
const nowhere: ReadonlySet<string> = new Set();

/** A question whose ends are resolved. */
export interface Asked {
  readonly client: Matchable;
  readonly server: Matchable;
  readonly over: ServicePoint;
  readonly at: Instant;
  readonly facts: Facts;
}

/** Whether labels satisfy a selector: every key, one of its values, compared exactly. */
export function isSelected({ terms }: Selector, labels: Readonly<Record<string, string>>): boolean {
  return terms.every(({ key, values }) => Object.hasOwn(labels, key) && values.includes(labels[key]!));
}

/** Whether an allow, common rule, conduit or exception matches: what is unknown never lets traffic in. */
export function opens(rule: Rule, asked: Asked): boolean {
  return matchesBesideFacts(rule, asked, 2) && rule.where.every((demand) => isMet(demand, asked) === "met");
}

/** Whether a forbid matches: unless a demand is not met. */
export function forbids(rule: Rule, asked: Asked): boolean {
  return matchesBesideFacts(rule, asked, 0) && rule.where.every((demand) => isMet(demand, asked) !== "not-met");
}

function matchesBesideFacts(rule: Rule, { client, server, over, at }: Asked, tierLeast: number): boolean {
  return (
    isInForce(rule, at) &&
    rule.services.some((service) => coversService(service, over)) &&
    rule.from.some((peer) => isPeer(peer, client, tierLeast)) &&
    rule.to.some((peer) => isPeer(peer, server, tierLeast))
  );
}

/** Whether a rule matches some time, with some facts: its ends and its services do. */
export function couldMatch(rule: Rule, { client, server, over }: Pick<Asked, "client" | "server" | "over">): boolean {
  return (
    rule.services.some((service) => coversService(service, over)) &&
    rule.from.some((peer) => isPeer(peer, client, 0)) &&
    rule.to.some((peer) => isPeer(peer, server, 0))
  );
}

/** Whether a rule demands more than addresses, ports and identities tell: no flow record and no kernel can say whether it is met. */
export const demandsFacts = ({ where }: Pick<Rule, "where">): boolean => where.some(({ kind }) => kind !== "tier");

/** Start ≤ t < end. */
export function isInForce({ start, end }: Pick<Rule, "start" | "end">, at: Instant): boolean {
  return (start === null || start <= at) && (end === null || at < end);
}

/** Whether a stretch of services holds the one that is asked for. */
export function coversService({ protocol, low, high }: Service, over: ServicePoint): boolean {
  return protocol === null || (protocol === over.protocol && low <= over.port && over.port <= high);
}

/** Whether an end is one of these peers. Identities count from `tierLeast`: any tier in a forbid, 2 elsewhere. */
export function isPeer(peer: Peer, end: Matchable, tierLeast: number): boolean {
  switch (peer.kind) {
    case "anyone":
      return true;
    case "workloads":
      return end.workload !== null;
    case "zone":
      return peer.names.includes(end.zone);
    case "network":
      return peer.names.some((name) => end.networks.has(name));
    case "labels":
      return end.workload !== null && isSelected(peer.selector, end.workload.labels);
    case "identity": {
      const identity = end.workload?.identity ?? null;
      return identity !== null && identity.tier >= tierLeast && peer.patterns.some((pattern) => isNamed(pattern, identity.name));
    }
  }
}

/** `x/*` matches what begins with `x/`; anything else only itself. */
function isNamed(pattern: string, name: string): boolean {
  return pattern.endsWith("/*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Whether a demand is met by what is known. The client's tier is always known: without an identity it is 0. */
export function isMet(demand: Demand, { client, facts }: Pick<Asked, "client" | "facts">): "met" | "not-met" | "unknown" {
  switch (demand.kind) {
    case "tier":
      return (client.workload?.identity?.tier ?? 0) >= demand.least ? "met" : "not-met";
    case "encrypted":
      return told(facts.encrypted, (value) => value === demand.value);
    case "fact": {
      const isName = demand.fact === "name";
      return told(
        facts[demand.fact],
        (value) => typeof value === "string" && demand.values.some((wanted) => (isName ? hostName(wanted) === hostName(value) : wanted === value)),
      );
    }
  }
}

function told(fact: unknown, isAsDemanded: (value: unknown) => boolean): "met" | "not-met" | "unknown" {
  if (fact === undefined || fact === null) return "unknown";
  return isAsDemanded(fact) ? "met" : "not-met";
}

const hostName = (text: string): string => text.toLowerCase().replace(/\.$/, "");
