import { addTo } from "@bulkhead/core/base/lists";
import { listed } from "../listed.ts";
import { at, isFields, listAt, textAt } from "../tree.ts";

/** What stands behind a service: the ids of workloads, or addresses that are nobody's in the file. */
export type BackendsOf = (service: unknown) => string | undefined;

/** Something that runs pods: its id, its namespace, and the labels of the pods. */
export interface Runner {
  readonly id: string;
  readonly namespace: string;
  readonly labels: unknown;
}

/** Finds what is behind services: by their endpoints where the file has them, else by their selectors. */
export function backends(objects: readonly unknown[], runners: readonly Runner[], runnerOfPod: ReadonlyMap<string, string>): BackendsOf {
  const byPair = new Map<string, Runner[]>();
  for (const runner of runners)
    for (const [key, value] of isFields(runner.labels) ? Object.entries(runner.labels) : [])
      addTo(byPair, `${runner.namespace} ${key}=${String(value)}`, runner);
  const bySlices = endpoints(objects, runnerOfPod);
  return (service) => {
    const namespace = textAt(service, "metadata", "namespace") ?? "default";
    const told = bySlices.get(`${namespace}/${textAt(service, "metadata", "name") ?? ""}`);
    if (told !== undefined) return listed(told);
    const selector = at(service, "spec", "selector");
    const [first, ...rest] = isFields(selector) ? Object.entries(selector) : [];
    if (first === undefined) return undefined;
    const found = (byPair.get(`${namespace} ${first[0]}=${String(first[1])}`) ?? []).filter(({ labels }) =>
      rest.every(([key, value]) => at(labels, key) === value),
    );
    return listed(found.map(({ id }) => id));
  };
}

function endpoints(objects: readonly unknown[], runnerOfPod: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const slice of objects) {
    const service = textAt(slice, "metadata", "labels", "kubernetes.io/service-name");
    if (textAt(slice, "kind") !== "EndpointSlice" || service === undefined) continue;
    const namespace = textAt(slice, "metadata", "namespace") ?? "default";
    for (const one of listAt(slice, "endpoints")) {
      const pod = textAt(one, "targetRef", "kind") === "Pod" ? `${namespace}/${textAt(one, "targetRef", "name") ?? ""}` : "";
      const known = runnerOfPod.get(pod);
      const names = (known === undefined ? listAt(one, "addresses") : [known]).filter((name) => typeof name === "string");
      for (const name of names) addTo(found, `${namespace}/${service}`, name);
    }
  }
  return found;
}
