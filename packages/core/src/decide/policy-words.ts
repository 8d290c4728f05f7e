import { byCodePoint } from "../base/order.ts";
import { peerKeys } from "../language/selector.ts";
import { hostileKeys } from "../language/yaml-text.ts";
import type { Peer, PolicySet, Selector } from "../model/policy-set.ts";
import { protocolNumbers, type ServicePoint } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";
import type { KnownEnd } from "./ends.ts";

/** One service as policy text has it: `tcp/22`, `icmp6/128`, `ip/47`. */
export function pointText({ protocol, port }: ServicePoint): string {
  const name = Object.entries(protocolNumbers).find(([, number]) => number === protocol)?.[0];
  return name === undefined ? `ip/${protocol}` : `${name}/${port}`;
}

/** A peer as policy text has it: `{ app: shop, role: [api, web] }`. */
export function peerText(peer: Peer): string {
  switch (peer.kind) {
    case "labels":
      return `{ ${peer.selector.terms.map(({ key, values }) => `${plain(key)}: ${listed(values)}`).join(", ")} }`;
    case "zone":
    case "network":
      return `{ ${peer.kind}: ${listed(peer.names)} }`;
    case "identity":
      return `{ identity: ${listed(peer.patterns)} }`;
    case "workloads":
    case "anyone":
      return peer.kind;
  }
}

/** The careful way to name an end in a rule: its labels that the schema knows, else its smallest network, else its zone; null for a workload without labels. */
export function peerFor(set: PolicySet, { workload, zone, networks }: KnownEnd): Peer | null {
  if (workload === null) {
    const longest = (name: string): number => Math.max(-1, ...(set.networks.find((one) => one.name === name)?.prefixes ?? []).map(({ length }) => length));
    const network = [...networks].filter((name) => name !== "internet").sort((a, b) => longest(b) - longest(a))[0];
    if (network !== undefined) return { kind: "network", names: [network] };
    return networks.has("internet") ? { kind: "network", names: ["internet"] } : { kind: "zone", names: [zone] };
  }
  const terms = nameable(set, workload);
  return terms.length === 0 ? null : { kind: "labels", selector: { terms } };
}

/** The labels of a workload that policy text can name: inventories have others, too. */
export function nameable({ labels: schema }: Pick<PolicySet, "labels">, { labels }: Pick<Workload, "labels">): Selector["terms"] {
  const isInSchema = (key: string, value: string): boolean =>
    schema.length === 0 || schema.some((one) => one.key === key && (one.values === null || one.values.includes(value)));
  return Object.entries(labels)
    .filter(([key, value]) => value !== "" && !peerKeys.has(key) && !hostileKeys.has(key) && isInSchema(key, value))
    .map(([key, value]) => ({ key, values: [value] }))
    .sort((a, b) => byCodePoint(a.key, b.key));
}

const listed = (values: readonly string[]): string => (values.length === 1 ? plain(values[0]!) : `[${values.map(plain).join(", ")}]`);

/** Plain where YAML would read the same text, quoted otherwise. */
function plain(text: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
