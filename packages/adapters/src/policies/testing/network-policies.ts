/** The part of Kubernetes' NetworkPolicy that its first end-to-end tests use, as policies of ours. For tests: it knows every pod that exists. */

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: "In" | "NotIn"; readonly values: readonly string[] }[];
}

interface NetworkPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
}

export interface NetworkPolicy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly ingress?: readonly { readonly from?: readonly NetworkPeer[] }[];
    readonly egress?: readonly { readonly to?: readonly NetworkPeer[] }[];
    readonly policyTypes: readonly ("Ingress" | "Egress")[];
  };
}

/** A pod as `namespace/name`. */
export interface Pod {
  readonly ns: string;
  readonly pod: string;
}

export const podOf = (text: string): Pod => {
  const [ns = "", pod = ""] = text.split("/");
  return { ns, pod };
};

/**
 * Policy files that mean the same for these pods. Where Kubernetes isolates only one direction, our segment guards both, and the
 * stage of the other one observes: Kubernetes has no guard that is not enforced. Pods that the same policies select are one segment.
 */
export function policyFilesFor(policies: readonly NetworkPolicy[], pods: readonly Pod[]): readonly { readonly path: string; readonly bytes: Uint8Array }[] {
  const segments = segmentsOf(policies, pods);
  const stage = (isEnforced: boolean): string => (isEnforced ? "enforce" : "observe");
  const stages = { stages: { segments: Object.fromEntries(segments.map(({ name, isIn, isOut }) => [name, { in: stage(isIn), out: stage(isOut) }])) } };
  const written = segments.map(({ name, ns, members, allow, isOut }) => ({
    policy: name,
    owner: "cluster",
    scope: { ns, pod: members },
    ...(isOut ? { egress: "closed" } : {}),
    allow,
  }));
  return [...(segments.length === 0 ? [] : [stages]), ...written].map((one, number) => ({
    path: `${number}.json`,
    bytes: new TextEncoder().encode(JSON.stringify(one)),
  }));
}

interface Segment {
  readonly name: string;
  readonly ns: string;
  readonly members: readonly string[];
  readonly allow: readonly object[];
  readonly isIn: boolean;
  readonly isOut: boolean;
}

function segmentsOf(policies: readonly NetworkPolicy[], pods: readonly Pod[]): readonly Segment[] {
  const selecting = (pod: Pod): readonly NetworkPolicy[] =>
    policies.filter(({ metadata, spec }) => metadata.namespace === pod.ns && isSelected(spec.podSelector, { pod: pod.pod }));
  const groups = new Map<string, { readonly ns: string; readonly members: string[]; readonly policies: readonly NetworkPolicy[] }>();
  for (const pod of pods) {
    const own = selecting(pod);
    const key = `${pod.ns} ${own.map(({ metadata }) => metadata.name).join(" ")}`;
    if (own.length === 0) continue;
    const group = groups.get(key) ?? { ns: pod.ns, members: [], policies: own };
    groups.set(key, group);
    group.members.push(pod.pod);
  }
  return [...groups.values()].map(({ ns, members, policies: own }, number) => {
    const scope = { ns, pod: members };
    const incoming = own.flatMap(({ spec }) => spec.ingress ?? []).map(({ from }) => ({ from: peersOf(from, ns, pods), to: scope }));
    const outgoing = own.flatMap(({ spec }) => spec.egress ?? []).map(({ to }) => ({ from: scope, to: peersOf(to, ns, pods) }));
    return {
      name: `segment-${number}`,
      ns,
      members,
      allow: [...incoming, ...outgoing].map((ends, at) => ({ name: `rule-${at}`, ...ends, over: "any", because: "the cluster says so" })),
      isIn: own.some(({ spec }) => spec.policyTypes.includes("Ingress")),
      isOut: own.some(({ spec }) => spec.policyTypes.includes("Egress")),
    };
  });
}

/** Peers as the pods that they select today: our selectors have no negation, so `NotIn` becomes the names that exist. */
function peersOf(peers: readonly NetworkPeer[] | undefined, ns: string, pods: readonly Pod[]): unknown {
  if (peers === undefined) return "anyone";
  return peers.flatMap(({ podSelector, namespaceSelector }) => {
    const chosen = pods.filter(
      (pod) =>
        (namespaceSelector === undefined ? pod.ns === ns : isSelected(namespaceSelector, { "kubernetes.io/metadata.name": pod.ns })) &&
        (podSelector === undefined || isSelected(podSelector, { pod: pod.pod })),
    );
    return [...new Set(chosen.map((pod) => pod.ns))].map((own) => ({ ns: own, pod: chosen.filter((pod) => pod.ns === own).map(({ pod }) => pod) }));
  });
}

function isSelected({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => values.includes(labels[key] ?? "") === (operator === "In"))
  );
}
