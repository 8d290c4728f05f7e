import { instantOf } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import { prefixText, readPrefix } from "@bulkhead/core/base/prefix";
import type { KnownNetwork, Sighting } from "@bulkhead/core/inventory/sighting";
import { at, isFields, listAt, textAt } from "../tree.ts";

/** A node, which holds its own addresses and those of the pods on the host's network; it is the machine that its cloud calls by another name. */
export function nodeOf(node: unknown): Sighting {
  const from = instantOf(textAt(node, "metadata", "creationTimestamp") ?? "") ?? null;
  const held = listAt(node, "status", "addresses").filter((one) => ["InternalIP", "ExternalIP"].includes(textAt(one, "type") ?? ""));
  const ips = held.flatMap((one) => ipOf(textAt(one, "address") ?? "") ?? []);
  const machine = machineIn(textAt(node, "spec", "providerID") ?? "");
  const labels = Object.create(null) as Record<string, string>;
  const told = at(node, "metadata", "labels");
  for (const [key, value] of Object.entries(isFields(told) ? told : {})) if (typeof value === "string" && value !== "") labels[key] = value;
  const os = textAt(node, "status", "nodeInfo", "osImage");
  return {
    id: `node/${textAt(node, "metadata", "name") ?? "unnamed"}`,
    labels,
    attributes: { class: "kubernetes-node", ...(os === undefined ? {} : { os }), ...(machine === undefined ? {} : { "same-as": machine }) },
    leases: ips.map((ip) => ({ ip, from, until: null })),
  };
}

/** What the inventories of AWS, Azure and Google Cloud call the machine that a provider's id names. */
function machineIn(provider: string): string | undefined {
  const aws = /^aws:\/\/\/?(?:[^/]*\/)?(i-\w+)$/.exec(provider)?.[1];
  if (aws !== undefined) return aws;
  const [, project, name] = /^gce:\/\/([^/]+)\/[^/]+\/([^/]+)$/.exec(provider) ?? [];
  if (name !== undefined) return `${project}/${name}`;
  const [, group, machine] = /^azure:\/\/.*\/resourcegroups\/([^/]+)\/providers\/microsoft\.compute\/virtualmachines\/([^/]+)$/i.exec(provider) ?? [];
  const [, setGroup, set, number] =
    /^azure:\/\/.*\/resourcegroups\/([^/]+)\/providers\/microsoft\.compute\/virtualmachinescalesets\/([^/]+)\/virtualmachines\/(\d+)$/i.exec(provider) ?? [];
  if (machine !== undefined) return `${group}/${machine}`.toLowerCase();
  return number === undefined ? undefined : `${setGroup}/${set}_${number}`.toLowerCase();
}

/** The ranges from which a node gives its pods addresses. */
export function podNetworksOf(node: unknown): readonly KnownNetwork[] {
  const name = textAt(node, "metadata", "name") ?? "unnamed";
  const texts = [textAt(node, "spec", "podCIDR"), ...listAt(node, "spec", "podCIDRs")].filter((text) => typeof text === "string");
  return [...new Set(texts)].flatMap((text) => {
    const read = readPrefix(text);
    return read.kind === "prefix" ? [{ name, prefix: prefixText(read.prefix), kind: "pod-network", attributes: { node: name } }] : [];
  });
}
