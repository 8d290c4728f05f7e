import { peerText } from "../decide/policy-words.ts";
import { rangeText } from "../decide/services-text.ts";
import type { Peer, Rule } from "../model/policy-set.ts";
import type { Service } from "../model/service.ts";

/** A rule with one part less, and what it is without. */
export interface NarrowerRule {
  readonly is: Rule;
  readonly text: string;
}

/** A rule without one of its several peers, values, names or services, each in turn: a test of the rest would not hold that part in place. */
export function narrowerRules(rule: Rule): readonly NarrowerRule[] {
  const sides = (["from", "to"] as const).flatMap((side) =>
    narrowerPeers(rule[side]).map(({ peers, text }) => ({ is: { ...rule, [side]: peers }, text: `${text} in its ${side}` })),
  );
  const services = withoutEach(rule.services).map(({ one, rest }) => ({ is: { ...rule, services: rest }, text: `${serviceText(one)} in its over` }));
  return [...sides, ...services];
}

/** Every item of a list of several, with the list without it. */
const withoutEach = <Item>(items: readonly Item[]): readonly { readonly one: Item; readonly rest: readonly Item[] }[] =>
  items.length < 2 ? [] : items.map((one) => ({ one, rest: items.filter((other) => other !== one) }));

interface NarrowerPeers {
  readonly peers: readonly Peer[];
  readonly text: string;
}

function narrowerPeers(peers: readonly Peer[]): readonly NarrowerPeers[] {
  const whole = withoutEach(peers).map(({ one, rest }) => ({ peers: rest, text: peerText(one) }));
  const parts = peers.flatMap((peer) => narrowerPeer(peer).map(({ is, text }) => ({ peers: peers.map((one) => (one === peer ? is : one)), text })));
  return [...whole, ...parts];
}

function narrowerPeer(peer: Peer): readonly { readonly is: Peer; readonly text: string }[] {
  switch (peer.kind) {
    case "labels": {
      const { terms } = peer.selector;
      return terms.flatMap((term) =>
        withoutEach(term.values).map(({ one, rest }) => ({
          is: { kind: "labels" as const, selector: { terms: terms.map((other) => (other === term ? { ...term, values: rest } : other)) } },
          text: `${term.key}: ${one}`,
        })),
      );
    }
    case "zone":
    case "network":
      return withoutEach(peer.names).map(({ one, rest }) => ({ is: { kind: peer.kind, names: rest }, text: `${peer.kind} ${one}` }));
    case "identity":
      return withoutEach(peer.patterns).map(({ one, rest }) => ({ is: { kind: "identity" as const, patterns: rest }, text: `identity ${one}` }));
    case "workloads":
    case "anyone":
      return [];
  }
}

const serviceText = ({ protocol, low, high }: Service): string => (protocol === null ? "any" : rangeText({ protocol, low, high }));
