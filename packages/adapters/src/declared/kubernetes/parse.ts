import type { DeclaredDependency, DeclaredEnd } from "@bulkhead/core/inventory/declared";
import { at, isFields, listAt, textAt, wordAt } from "../../inventories/tree.ts";
import type { DeclaredFormat } from "../reading.ts";
import { type Reference, referencesIn } from "../references.ts";
import { configTexts, type Told } from "./config.ts";

const controllers: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"]);

/** Manifests: whoever names a Service in its environment, its arguments or its ConfigMaps depends on the workloads behind it. Secrets are not looked into. */
export const kubernetesDeclared: DeclaredFormat = {
  name: "kubernetes",
  recognises: (document) => textAt(document, "apiVersion") !== undefined && textAt(document, "kind") !== undefined,
  read(documents, say) {
    const objects = documents.flatMap((one) => (textAt(one, "kind")?.endsWith("List") === true ? listAt(one, "items") : [one]));
    const workloads = objects
      .filter((one) => controllers.has(textAt(one, "kind") ?? "") && listAt(one, "metadata", "ownerReferences").length === 0)
      .map(workloadOf);
    const services = objects.filter((one) => textAt(one, "kind") === "Service").map((one) => serviceOf(one, workloads));
    const config = configTexts(objects);
    const unknown = new Set<string>();
    const found = workloads.flatMap((client) => dependenciesOf(client, { services, texts: config(client), unknown }));
    for (const name of unknown) say({ reason: "no-service", message: `\`${name}\` is named with a port, and no Service of these files is called so` });
    return onceEach(found);
  },
};

interface ManifestWorkload {
  readonly name: string;
  readonly namespace: string;
  readonly end: DeclaredEnd;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly pod: unknown;
  readonly where: string;
}

interface ManifestService {
  readonly name: string;
  readonly namespace: string;
  readonly id: string;
  readonly servers: readonly ManifestWorkload[];
  readonly ports: readonly { readonly port: number; readonly target: number | string | null; readonly protocol: string }[];
}

const namespaceOf = (one: unknown): string => textAt(one, "metadata", "namespace") ?? "default";

function workloadOf(one: unknown): ManifestWorkload {
  const [kind, name, namespace] = [textAt(one, "kind") ?? "", textAt(one, "metadata", "name") ?? "unnamed", namespaceOf(one)];
  const template = at(one, "spec", "template") ?? at(one, "spec", "jobTemplate", "spec", "template");
  const labels = at(kind === "Pod" ? one : template, "metadata", "labels");
  const own = isFields(labels) ? labels : {};
  const stated = Object.fromEntries(["app", "app.kubernetes.io/name"].flatMap((key) => (textAt(own, key) === undefined ? [] : [[key, textAt(own, key)!]])));
  return {
    name,
    namespace,
    labels: own,
    pod: kind === "Pod" ? at(one, "spec") : at(template, "spec"),
    where: `${kind} ${namespace}/${name}`,
    end: { name: `${namespace}/${name}`, ids: [`${namespace}/${kind.toLowerCase()}/${name}`], labels: stated },
  };
}

function serviceOf(one: unknown, workloads: readonly ManifestWorkload[]): ManifestService {
  const namespace = namespaceOf(one);
  const selector = at(one, "spec", "selector");
  const terms = Object.entries(isFields(selector) ? selector : {});
  return {
    name: textAt(one, "metadata", "name") ?? "unnamed",
    namespace,
    id: `${namespace}/service/${textAt(one, "metadata", "name") ?? "unnamed"}`,
    servers: workloads.filter(
      (workload) => terms.length > 0 && workload.namespace === namespace && terms.every(([key, value]) => at(workload.labels, key) === value),
    ),
    ports: listAt(one, "spec", "ports").flatMap((port) => {
      const number = at(port, "port");
      const target = at(port, "targetPort");
      if (typeof number !== "number") return [];
      return [
        {
          port: number,
          target: typeof target === "number" || typeof target === "string" ? target : null,
          protocol: (textAt(port, "protocol") ?? "TCP").toLowerCase(),
        },
      ];
    }),
  };
}

interface Around {
  readonly services: readonly ManifestService[];
  readonly texts: readonly Told[];
  readonly unknown: Set<string>;
}

function dependenciesOf(client: ManifestWorkload, { services, texts, unknown }: Around): readonly DeclaredDependency[] {
  return texts.flatMap(({ text, where }) =>
    referencesIn(text).flatMap((reference): readonly DeclaredDependency[] => {
      const service = services.find((one) => isCalled(one, reference.host, client.namespace));
      if (service === undefined) {
        if (reference.port !== null && !reference.host.includes(".") && !isNobody(reference.host)) unknown.add(reference.host.slice(0, 80));
        return [];
      }
      return service.servers
        .filter((server) => server !== client)
        .map((server) => ({
          from: client.end,
          to: endOf(server, service),
          services: servicesOf(service, server, reference),
          where: `${client.where}: ${where}`,
          by: null,
          at: null,
        }));
    }),
  );
}

const isNobody = (host: string): boolean => /^localhost$/i.test(host);

/** `cart`, `cart.shop`, `cart.shop.svc`, `cart.shop.svc.cluster.local`. */
function isCalled({ name, namespace }: ManifestService, host: string, from: string): boolean {
  const [first, second, ...rest] = host.toLowerCase().replace(/\.$/, "").split(".");
  if (first !== name) return false;
  if (second === undefined) return namespace === from;
  return second === namespace && (rest.length === 0 || rest[0] === "svc");
}

/** What is behind the service, also where the inventory knows the service's own address. */
const endOf = (server: ManifestWorkload, service: ManifestService): DeclaredEnd => ({ ...server.end, ids: [...server.end.ids, service.id] });

/** The port that is named and the port behind it: a sensor may see either. */
function servicesOf({ ports }: ManifestService, server: ManifestWorkload, { port }: Reference): readonly string[] {
  const meant = ports.filter((one) => port === null || one.port === port);
  if (meant.length === 0) return port === null ? ["any"] : [`tcp/${port}`];
  return [...new Set(meant.flatMap(({ port: own, target, protocol }) => [`${protocol}/${own}`, `${protocol}/${targetOf(target, server) ?? own}`]))];
}

function targetOf(target: number | string | null, { pod }: ManifestWorkload): number | null {
  if (typeof target !== "string") return target;
  const port = listAt(pod, "containers")
    .flatMap((container) => listAt(container, "ports"))
    .find((one) => textAt(one, "name") === target);
  const number = Number(wordAt(port, "containerPort") ?? Number.NaN);
  return Number.isInteger(number) ? number : null;
}

function onceEach(dependencies: readonly DeclaredDependency[]): readonly DeclaredDependency[] {
  const known = new Map<string, DeclaredDependency>();
  for (const one of dependencies) {
    const key = JSON.stringify([one.from.ids, one.to.ids, one.services]);
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}
