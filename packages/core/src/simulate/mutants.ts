import type { Span } from "../base/diagnostic.ts";
import { peerText } from "../decide/policy-words.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { Demand, Peer, PolicySet, Rule, Selector } from "../model/policy-set.ts";
import { protocolNumbers, type Service } from "../model/service.ts";
import { narrowerRules } from "./narrower-rules.ts";
import { type Touched, withRule } from "./related-rules.ts";

/** What was done to a rule, or to what guards. */
export type Mutation = "removed" | "narrowed" | "peer" | "zone" | "port" | "time" | "demand" | "guard" | "stage";

/** A set with one thing less, or one thing wider: if nobody notices, nobody holds it in place. */
export interface Mutant {
  /** The full name of the rule; `zone/…` or `policy/…` of what guards. */
  readonly name: string;
  readonly at: Span;
  readonly mutation: Mutation;
  /** What changed, as the end of a sentence: `… with its from widened to workloads`. */
  readonly what: string;
  readonly set: PolicySet;
  readonly was: Rule | null;
  readonly is: Rule | null;
  readonly touched: readonly Touched[];
}

/** Every rule removed, whole and by each of several parts, and widened one step in each; then every guard opened, and every stage lowered. */
export function* mutantsOf(set: PolicySet): Generator<Mutant> {
  for (const rule of everyRule(set)) yield* mutantsOfRule(set, rule);
  for (const zone of set.zones) {
    if (zone.inside !== "closed") continue;
    const zones = set.zones.map((one) => (one === zone ? { ...one, inside: "open" as const } : one));
    const inside: readonly Peer[] = [{ kind: "zone", names: [zone.name] }];
    yield guard({ set: { ...set, zones }, name: `zone/${zone.name}`, at: zone.at, what: "with its inside open" }, inside);
  }
  for (const policy of set.policies) {
    if (!policy.egressClosed) continue;
    const policies = set.policies.map((one) => (one === policy ? { ...one, egressClosed: false } : one));
    const members: readonly Peer[] = [{ kind: "labels", selector: policy.scope }];
    yield guard({ set: { ...set, policies }, name: `policy/${policy.name}`, at: policy.at, what: "with its egress open" }, members);
  }
  yield* loweredStages(set);
}

function* loweredStages(set: PolicySet): Generator<Mutant> {
  const { zones, segments } = set.stages;
  const lowered = (stages: PolicySet["stages"], said: Pick<Mutant, "name" | "at" | "what">, of: Peer): Mutant => ({
    ...guard({ set: { ...set, stages }, ...said }, [of]),
    mutation: "stage",
  });
  for (const one of zones)
    for (const part of ["boundary", "inside"] as const) {
      if (one[part] !== "enforce") continue;
      const stages = { zones: zones.map((other) => (other === one ? { ...one, [part]: "observe" as const } : other)), segments };
      yield lowered(stages, { name: `zone/${one.name}`, at: one.at, what: `with its ${part} observing` }, { kind: "zone", names: [one.name] });
    }
  for (const one of segments)
    for (const part of ["in", "out"] as const) {
      const scope = set.policies.find(({ name }) => name === one.name)?.scope;
      if (one[part] !== "enforce" || scope === undefined) continue;
      const stages = { zones, segments: segments.map((other) => (other === one ? { ...one, [part]: "observe" as const } : other)) };
      yield lowered(stages, { name: `policy/${one.name}`, at: one.at, what: `with its ${part} observing` }, { kind: "labels", selector: scope });
    }
}

const anyone: readonly Peer[] = [{ kind: "anyone" }];
const anyService: readonly Service[] = [{ protocol: null, low: 0, high: 0 }];

function guard(mutant: Pick<Mutant, "set" | "name" | "at" | "what">, of: readonly Peer[]): Mutant {
  const touched = [
    { from: of, to: anyone, services: anyService },
    { from: anyone, to: of, services: anyService },
  ];
  return { ...mutant, mutation: "guard", was: null, is: null, touched };
}

function* mutantsOfRule(set: PolicySet, rule: Rule): Generator<Mutant> {
  const mutant = (mutation: Mutation, what: string, is: Rule | null): Mutant => ({
    name: rule.name,
    at: rule.at,
    mutation,
    what,
    set: withRule(set, rule, is),
    was: rule,
    is,
    touched: is === null ? [rule] : [rule, is],
  });
  yield mutant("removed", "taken away", null);
  for (const { is, text } of narrowerRules(rule)) yield mutant("narrowed", `without ${text}`, is);
  for (const side of ["from", "to"] as const)
    for (const { mutation, peers, text } of widerPeers(set, rule[side]))
      yield mutant(mutation, `with its ${side} widened to ${text}`, { ...rule, [side]: peers });
  for (const { services, text } of widerServices(rule.services)) yield mutant("port", `with its over widened to ${text}`, { ...rule, services });
  if (rule.start !== null) yield mutant("time", "without its start", { ...rule, start: null });
  if (rule.end !== null) yield mutant("time", "without its end", { ...rule, end: null });
  for (const demand of rule.where)
    yield mutant("demand", `without its demand of ${demandText(demand)}`, { ...rule, where: rule.where.filter((one) => one !== demand) });
}

interface WiderPeers {
  readonly mutation: "peer" | "zone";
  readonly peers: readonly Peer[];
  readonly text: string;
}

/** A side with one of its peers one step wider. */
function widerPeers(set: PolicySet, peers: readonly Peer[]): readonly WiderPeers[] {
  return peers.flatMap((peer, index) =>
    widerPeer(set, peer).map((wider) => ({
      mutation: peer.kind === "zone" ? ("zone" as const) : ("peer" as const),
      peers: peers.map((one, at) => (at === index ? wider : one)),
      text: peers.length > 1 ? `${peerText(wider)} in peer ${index + 1}` : peerText(wider),
    })),
  );
}

function widerPeer(set: PolicySet, peer: Peer): readonly Peer[] {
  switch (peer.kind) {
    case "anyone":
      return [];
    case "workloads":
    case "network":
      return [{ kind: "anyone" }];
    case "identity":
      return [{ kind: "workloads" }];
    case "zone":
      return otherZones(set, peer.names).map((name) => ({ kind: "zone", names: [...peer.names, name] }));
    case "labels":
      return withOneTermLess(peer.selector);
  }
}

const otherZones = (set: PolicySet, names: readonly string[]): readonly string[] =>
  [...new Set([...set.zones.map(({ name }) => name), "outside", "unplaced"])].filter((name) => !names.includes(name));

function withOneTermLess({ terms }: Selector): readonly Peer[] {
  if (terms.length === 1) return [{ kind: "workloads" }];
  return terms.map((term) => ({ kind: "labels", selector: { terms: terms.filter((one) => one !== term) } }));
}

/** Every port of a protocol of the rule, and every protocol. */
function widerServices(services: readonly Service[]): readonly { readonly services: readonly Service[]; readonly text: string }[] {
  if (services.some(({ protocol }) => protocol === null)) return [];
  const protocols = [...new Set(services.map(({ protocol }) => protocol))].filter((one) => one !== null);
  const whole = protocols.flatMap((protocol) => {
    const every = { protocol, low: 0, high: lastOf(protocol) };
    if (services.some((one) => one.protocol === protocol && one.low === 0 && one.high === every.high)) return [];
    if (every.high === 0) return [];
    return [{ services: [...services.filter((one) => one.protocol !== protocol), every], text: `${nameOf(protocol)}/any` }];
  });
  return whole.length > 0 ? whole : [{ services: anyService, text: "any" }];
}

const nameOf = (protocol: number): string => Object.entries(protocolNumbers).find(([, number]) => number === protocol)?.[0] ?? `ip/${protocol}`;
const lastOf = (protocol: number): number => (protocol === 6 || protocol === 17 || protocol === 132 ? 65_535 : protocol === 1 || protocol === 58 ? 255 : 0);

function demandText(demand: Demand): string {
  switch (demand.kind) {
    case "encrypted":
      return `encrypted: ${demand.value}`;
    case "tier":
      return `identity: ${demand.least}`;
    case "fact":
      return `${demand.fact}: ${demand.values.join(", ")}`;
  }
}
