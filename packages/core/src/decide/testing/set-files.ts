import { prefixText } from "../../base/prefix.ts";
import type { PolicyFile } from "../../language/policy-file.ts";
import type { Peer, Policy, PolicySet, Rule, Zone } from "../../model/policy-set.ts";

type Written = Readonly<Record<string, unknown>>;

/** A random set as its authors would have written it, every thing in a file of its own. */
export function filesOf(set: PolicySet): readonly PolicyFile[] {
  const sections: readonly Written[] = [
    ...set.networks.map(({ name, prefixes, own, expectsWorkloads }) => ({
      networks: { [name]: { prefixes: prefixes.map(prefixText), own, ...(expectsWorkloads ? { expects: "workloads" } : {}) } },
    })),
    ...set.zones.map((zone) => ({ zones: [zoneWritten(zone)] })),
    ...set.conduits.map((rule) => ({ conduits: [{ ...ruleWritten(rule), from: zonesIn(rule.from), to: zonesIn(rule.to) }] })),
    ...set.forbids.map((rule) => ({ forbid: [ruleWritten(rule)] })),
    ...set.commons.map((rule) => ({ common: [ruleWritten(rule)] })),
    ...set.exceptions.map((rule) => ({ exceptions: [ruleWritten(rule)] })),
    ...set.policies.map(policyWritten),
    ...set.stages.zones.map(({ name, boundary, inside }) => ({ stages: { zones: { [name]: given({ boundary, inside }) } } })),
    ...set.stages.segments.map((one) => ({ stages: { segments: { [one.name]: given({ in: one.in, out: one.out }) } } })),
  ];
  const encoder = new TextEncoder();
  return sections.map((section, index) => ({ path: `${index}.json`, bytes: encoder.encode(JSON.stringify(section)) }));
}

const given = (fields: Written): Written => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** A conduit names zones only, without saying so. */
const zonesIn = (peers: readonly Peer[]): readonly string[] => peers.flatMap((peer) => (peer.kind === "zone" ? peer.names : []));

const selectorWritten = ({ terms }: Policy["scope"]): Written => Object.fromEntries(terms.map(({ key, values }) => [key, values]));

const zoneWritten = ({ name, members, networks, inside, register }: Zone): Written => ({
  name,
  inside,
  ...(members === null ? {} : { members: selectorWritten(members) }),
  ...(networks.length === 0 ? {} : { networks }),
  ...register,
});

const policyWritten = ({ name, owner, scope, egressClosed, allow, exceptions }: Policy): Written => ({
  policy: name,
  owner,
  scope: selectorWritten(scope),
  ...(egressClosed ? { egress: "closed" } : {}),
  allow: allow.map(ruleWritten),
  exceptions: exceptions.map(ruleWritten),
});

function ruleWritten({ name, from, to, over, where, written, register }: Rule): Written {
  const demands = where.map((demand): readonly [string, unknown] => {
    switch (demand.kind) {
      case "encrypted":
        return ["encrypted", demand.value];
      case "tier":
        return ["identity", demand.least];
      case "fact":
        return [demand.fact, demand.values];
    }
  });
  return {
    name: name.slice(name.indexOf("/") + 1),
    from: from.map(peerWritten),
    to: to.map(peerWritten),
    ...(over.length === 0 ? {} : { over }),
    ...(demands.length === 0 ? {} : { where: Object.fromEntries(demands) }),
    ...given({ "from-date": written.from, until: written.until }),
    ...register,
  };
}

function peerWritten(peer: Peer): unknown {
  switch (peer.kind) {
    case "anyone":
    case "workloads":
      return peer.kind;
    case "zone":
    case "network":
      return { [peer.kind]: peer.names };
    case "identity":
      return { identity: peer.patterns };
    case "labels":
      return selectorWritten(peer.selector);
  }
}
