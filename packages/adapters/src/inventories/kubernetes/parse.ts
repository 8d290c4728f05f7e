import { instantOf } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import type { Lease } from "@bulkhead/core/model/workload";
import type { DocumentFormat } from "../formats.ts";
import { isMeant, meantBy, meantTags } from "../meant-keys.ts";
import { nothingRead } from "../reading.ts";
import { at, isFields, listAt, textAt } from "../tree.ts";
import { backends, type BackendsOf } from "./backends.ts";
import { kubernetesCredentials, type Runner } from "./credentials.ts";
import { nodeOf, podNetworksOf } from "./nodes.ts";

const controllers: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"]);
// Labels that name a revision or one pod, not the workload.
const passing: ReadonlySet<string> = new Set([
  "pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "controller-uid",
  "job-name",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
]);

/** Objects of Kubernetes: manifests, or what a cluster prints of them. */
export const kubernetes: DocumentFormat = {
  name: "kubernetes",
  recognises: (document) => isManifest(document),
  read(documents) {
    const objects = documents.flatMap((one) => (textAt(one, "kind")?.endsWith("List") === true ? listAt(one, "items") : [one])).filter(isManifest);
    const nodes = objects.filter((one) => textAt(one, "kind") === "Node");
    const credentials = kubernetesCredentials(objects, runnersIn(objects));
    return { ...nothingRead, sightings: [...parseManifests(objects), ...nodes.map(nodeOf)], networks: nodes.flatMap(podNetworksOf), credentials };
  },
};

function runnersIn(objects: readonly unknown[]): readonly Runner[] {
  const known = new Map(objects.map((one) => [keyOf(one), one]));
  return objects
    .filter((one) => textAt(one, "kind") === "Pod" || controllers.has(textAt(one, "kind") ?? ""))
    .map((one) => ({ id: controllerOf(one, known), namespace: namespaceOf(one), pods: at(podTemplate(one) ?? one, "spec") }));
}

const isManifest = (one: unknown): boolean => textAt(one, "apiVersion") !== undefined && textAt(one, "kind") !== undefined;

/** The workloads of Kubernetes objects: controllers with the addresses of their pods, pods that nothing controls, and services, which hold their own addresses. */
function parseManifests(objects: readonly unknown[]): readonly Sighting[] {
  const known = new Map(objects.map((one) => [keyOf(one), one]));
  const found = new Map<string, Sighting>();
  const backendsOf = backendsIn(objects, known);
  const ofNamespace = namespacesIn(objects);
  for (const one of objects) {
    const kind = textAt(one, "kind") ?? "";
    if (kind !== "Pod" && kind !== "Service" && !controllers.has(kind)) continue;
    const id = kind === "Service" ? keyOf(one) : controllerOf(one, known);
    const leases = kind === "Pod" ? podLeases(one) : kind === "Service" ? serviceLeases(one) : [];
    const around = ofNamespace(namespaceOf(one));
    const behind = kind === "Service" ? backendsOf(one) : undefined;
    const attributes = { ...around.attributes, ...attributesOf(one, id), ...(behind === undefined ? {} : { backends: behind }) };
    const sighting = { id, labels: merged(labelsOf(one), around.labels), attributes, leases };
    const before = found.get(id);
    // What the controller itself says comes before what its pods say.
    const [first, then] = before === undefined ? [sighting, sighting] : id === keyOf(one) ? [sighting, before] : [before, sighting];
    found.set(id, {
      id,
      labels: merged(first.labels, then.labels),
      attributes: merged(first.attributes, then.attributes),
      leases: before === undefined ? leases : [...before.leases, ...leases],
    });
  }
  return [...found.values()];
}

/** What the labels of a namespace mean for everything in it that says nothing else: its environment, its owner, how critical it is. */
function namespacesIn(objects: readonly unknown[]): (namespace: string) => ReturnType<typeof meantTags> {
  const found = new Map<string, ReturnType<typeof meantTags>>();
  for (const one of objects) {
    const labels = at(one, "metadata", "labels");
    if (textAt(one, "kind") !== "Namespace" || !isFields(labels)) continue;
    const shared = Object.entries(labels).filter(([name]) => isMeant(name) && !["app", "role"].includes(meantBy(name).key));
    found.set(textAt(one, "metadata", "name") ?? "", meantTags(shared));
  }
  return (namespace) => found.get(namespace) ?? { labels: {}, attributes: {} };
}

function backendsIn(objects: readonly unknown[], known: ReadonlyMap<string, unknown>): BackendsOf {
  const ofKind = (kind: string | undefined): boolean => kind === "Pod" || controllers.has(kind ?? "");
  const runners = objects
    .filter((one) => ofKind(textAt(one, "kind")))
    .map((one) => ({ id: controllerOf(one, known), namespace: namespaceOf(one), labels: at(podTemplate(one) ?? one, "metadata", "labels") }));
  const pods = objects.filter((one) => textAt(one, "kind") === "Pod");
  return backends(objects, runners, new Map(pods.map((pod) => [`${namespaceOf(pod)}/${textAt(pod, "metadata", "name") ?? ""}`, controllerOf(pod, known)])));
}

const merged = (first: Readonly<Record<string, string>>, then: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.assign(Object.create(null) as Record<string, string>, then, first);

const namespaceOf = (one: unknown): string => textAt(one, "metadata", "namespace") ?? "default";
const keyOf = (one: unknown): string =>
  `${namespaceOf(one)}/${(textAt(one, "kind") ?? "").toLowerCase()}/${textAt(one, "metadata", "name") ?? textAt(one, "metadata", "generateName") ?? "unnamed"}`;

/** The topmost controller, from owner references; where the owner is not in the file, from how Kubernetes names what it creates. */
function controllerOf(one: unknown, known: ReadonlyMap<string, unknown>, depth = 0): string {
  const owner = listAt(one, "metadata", "ownerReferences").find((reference) => at(reference, "controller") !== false);
  const [kind, name] = [textAt(owner, "kind"), textAt(owner, "name")];
  if (kind === undefined || name === undefined || !controllers.has(kind) || depth > 4) return keyOf(one);
  const key = `${namespaceOf(one)}/${kind.toLowerCase()}/${name}`;
  const above = known.get(key);
  if (above !== undefined) return controllerOf(above, known, depth + 1);
  const hash = textAt(one, "metadata", "labels", "pod-template-hash");
  if (kind === "ReplicaSet" && hash !== undefined && name.endsWith(`-${hash}`)) return `${namespaceOf(one)}/deployment/${name.slice(0, -hash.length - 1)}`;
  const scheduled = kind === "Job" ? /^(.+)-\d{8,10}$/.exec(name)?.[1] : undefined;
  return scheduled === undefined ? key : `${namespaceOf(one)}/cronjob/${scheduled}`;
}

const podTemplate = (one: unknown): unknown => at(one, "spec", "template") ?? at(one, "spec", "jobTemplate", "spec", "template");

function labelsOf(one: unknown): Readonly<Record<string, string>> {
  const labels = Object.create(null) as Record<string, string>;
  for (const side of [at(one, "metadata", "labels"), at(podTemplate(one), "metadata", "labels")])
    for (const [key, value] of Object.entries(isFields(side) ? side : {}))
      if (typeof value === "string" && value !== "" && !passing.has(key)) labels[key] ??= value;
  labels["namespace"] = namespaceOf(one);
  // A label of one's own comes before the recommended ones, which are kept as they are.
  for (const [key, recommended] of [
    ["app", "app.kubernetes.io/name"],
    ["role", "app.kubernetes.io/component"],
  ] as const)
    if (labels[key] === undefined && labels[recommended] !== undefined) labels[key] = labels[recommended];
  return labels;
}

function attributesOf(one: unknown, id: string): Readonly<Record<string, string>> {
  const attributes = Object.create(null) as Record<string, string>;
  attributes["class"] = `kubernetes-${id.split("/")[1] ?? ""}`;
  const account = textAt(podTemplate(one), "spec", "serviceAccountName") ?? textAt(one, "spec", "serviceAccountName");
  if (account === undefined) return attributes;
  attributes["identity"] = `system:serviceaccount:${namespaceOf(one)}:${account}`;
  attributes["identity-tier"] = "2";
  return attributes;
}

function podLeases(pod: unknown): readonly Lease[] {
  // On the host's network the address is the node's; a pod that has ended holds none.
  if (at(pod, "spec", "hostNetwork") === true || ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase") ?? "")) return [];
  const texts = [textAt(pod, "status", "podIP"), ...listAt(pod, "status", "podIPs").map((one) => textAt(one, "ip"))];
  return leasesOf(texts, instantOf(textAt(pod, "status", "startTime") ?? "") ?? null);
}

function serviceLeases(service: unknown): readonly Lease[] {
  const balanced = listAt(service, "status", "loadBalancer", "ingress").map((one) => textAt(one, "ip"));
  const own = [...listAt(service, "spec", "clusterIPs"), ...listAt(service, "spec", "externalIPs")].map((one) => (typeof one === "string" ? one : undefined));
  return leasesOf([textAt(service, "spec", "clusterIP"), ...own, ...balanced], null);
}

function leasesOf(texts: readonly (string | undefined)[], from: number | null): readonly Lease[] {
  return [...new Set(texts)].flatMap((text) => {
    const ip = text === undefined ? undefined : ipOf(text);
    return ip === undefined ? [] : [{ ip, from, until: null }];
  });
}
