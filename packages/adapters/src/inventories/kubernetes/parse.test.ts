import { ipText } from "@bulkhead/core/base/ip";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseInventory } from "../open.ts";
import { clusterItems } from "../testing/cloud-samples.ts";

const problems: string[] = [];
const sightingsOf = (text: string): readonly Sighting[] => {
  problems.length = 0;
  return parseInventory(text, ({ message }) => void problems.push(message)).sightings;
};
/** One line a workload: id, labels, addresses, identity. */
const told = (text: string): readonly string[] =>
  sightingsOf(text).map(({ id, labels, leases, attributes }) => {
    const pairs = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(" ");
    return [id, pairs, leases.map(({ ip }) => ipText(ip)).join(" ") || "-", attributes["identity"] ?? "-"].join(" | ");
  });

const pod = (name: string, ip: string, more = ""): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop${more} }\nspec: {}\nstatus: { podIP: ${ip}, startTime: "2026-01-01T00:00:00Z" }\n---\n`;
const ownedBy = (kind: string, name: string): string => `, ownerReferences: [{ kind: ${kind}, name: ${name}, controller: true }]`;
const controller = (kind: string, name: string, more = ""): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop${more} }\nspec: { template: { metadata: { labels: { app: ${name} } }, spec: { serviceAccountName: ${name} } } }\n---\n`;

test("pods of a Deployment are folded through their ReplicaSet, before or behind it in the file", () => {
  const set = controller("ReplicaSet", "web-5d4f", ownedBy("Deployment", "web"));
  const pods = pod("web-5d4f-a", "10.1.0.1", ownedBy("ReplicaSet", "web-5d4f")) + pod("web-5d4f-b", "10.1.0.2", ownedBy("ReplicaSet", "web-5d4f"));
  const line = "shop/deployment/web | app=web namespace=shop";
  const identity = "system:serviceaccount:shop:web";
  expect(told(controller("Deployment", "web") + set + pods)).toEqual([`${line} | 10.1.0.1 10.1.0.2 | ${identity}`]);
  expect(told(pods + set + controller("Deployment", "web"))).toEqual([`${line} | 10.1.0.1 10.1.0.2 | ${identity}`]);
});

test("without the ReplicaSet in the file, the hash in its name says which Deployment it is; without a hash it stands for itself", () => {
  const hashed = pod("web-5d4f-a", "10.1.0.1", `, labels: { pod-template-hash: 5d4f, app: web }${ownedBy("ReplicaSet", "web-5d4f")}`);
  expect(told(hashed)).toEqual(["shop/deployment/web | app=web namespace=shop | 10.1.0.1 | -"]);
  expect(told(pod("old-x", "10.1.0.2", ownedBy("ReplicaSet", "old")))).toEqual(["shop/replicaset/old | namespace=shop | 10.1.0.2 | -"]);
  expect(told(controller("ReplicaSet", "old"))).toEqual(["shop/replicaset/old | app=old namespace=shop | - | system:serviceaccount:shop:old"]);
});

test("StatefulSets and DaemonSets hold the addresses of their pods, but never the node's", () => {
  const onHost = pod("log-1", "192.168.0.1", ownedBy("DaemonSet", "log")).replace("spec: {}", "spec: { hostNetwork: true }");
  const text =
    controller("StatefulSet", "db") +
    pod("db-0", "10.1.0.1", `, labels: { statefulset.kubernetes.io/pod-name: db-0, controller-revision-hash: db-77 }${ownedBy("StatefulSet", "db")}`) +
    controller("DaemonSet", "log") +
    pod("log-2", "10.1.0.2", ownedBy("DaemonSet", "log")) +
    onHost;
  expect(told(text)).toEqual([
    "shop/statefulset/db | app=db namespace=shop | 10.1.0.1 | system:serviceaccount:shop:db",
    "shop/daemonset/log | app=log namespace=shop | 10.1.0.2 | system:serviceaccount:shop:log",
  ]);
});

test("a pod of a CronJob's Job belongs to the CronJob, and holds nothing when it has ended", () => {
  const cron = `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: bill, namespace: shop }\nspec: { jobTemplate: { spec: { template: { metadata: { labels: { app: bill } }, spec: {} } } } }\n---\n`;
  const running = pod("bill-28000000-a", "10.1.0.1", ownedBy("Job", "bill-28000000"));
  const ended = pod("bill-27999999-a", "10.1.0.9", ownedBy("Job", "bill-27999999")).replace("status: {", "status: { phase: Succeeded,");
  const job = controller("Job", "bill-28000000", ownedBy("CronJob", "bill")).replaceAll("app: bill-28000000", "app: bill");
  expect(told(cron + running + ended)).toEqual(["shop/cronjob/bill | app=bill namespace=shop | 10.1.0.1 | -"]);
  expect(told(cron + job + running).map((line) => line.split(" | ")[0])).toEqual(["shop/cronjob/bill"]);
});

test("a bare pod is a workload, and so is one whose owner is no controller that we know", () => {
  expect(told(pod("alone", "10.1.0.1") + pod("etcd", "10.1.0.2", ownedBy("Node", "node-1")))).toEqual([
    "shop/pod/alone | namespace=shop | 10.1.0.1 | -",
    "shop/pod/etcd | namespace=shop | 10.1.0.2 | -",
  ]);
});

test("a List, a typed list and several documents say the same, in YAML and in JSON", () => {
  const items = [
    { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, status: { podIPs: [{ ip: "10.1.0.1" }, { ip: "2001:db8::1" }] } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "no workload" } },
  ];
  const wanted = ["default/pod/a | namespace=default | 10.1.0.1 2001:db8::1 | -"];
  for (const kind of ["List", "PodList"]) expect(told(JSON.stringify({ apiVersion: "v1", kind, items }))).toEqual(wanted);
  expect(told(items.map((one) => `---\n${JSON.stringify(one)}\n`).join(""))).toEqual(wanted);
  expect(told(`apiVersion: v1\nkind: List\nitems: ${JSON.stringify(items)}\n`)).toEqual(wanted);
});

test("owners that own each other end the search, and hostile names are names", () => {
  const loop = controller("ReplicaSet", "a", ownedBy("Deployment", "b")) + controller("Deployment", "b", ownedBy("ReplicaSet", "a"));
  expect(told(loop).length).toBeGreaterThan(0);
  const hostile = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "__proto__", namespace: "=1\u001b[2J", labels: JSON.parse('{"__proto__":"x"}') as object },
  };
  expect(sightingsOf(JSON.stringify(hostile))[0]).toMatchObject({ id: "=1\u001b[2J/pod/__proto__", leases: [] });
});

const shared = fileURLToPath(new URL("../../../../../../shared/data/", import.meta.url));
const isThere = existsSync(shared);
const why = isThere ? "" : " (skipped: ../shared/data is not here)";

test.skipIf(!isThere)(`the manifests of real applications are read without a problem${why}`, () => {
  const idsIn = (folder: string): readonly string[] =>
    readdirSync(`${shared}${folder}`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .flatMap((name) => {
        const sightings = sightingsOf(readFileSync(`${shared}${folder}/${name}`, "utf8"));
        expect([name, ...problems]).toEqual([name]);
        return sightings.map(({ id }) => id);
      });
  expect(new Set(idsIn("apps/bookinfo")).size).toBe(22);
  expect(new Set(idsIn("apps/online-boutique/kubernetes-manifests")).size).toBe(24);
});

test.skipIf(!isThere)(`of the manifests of the policy tools, only what is no YAML is refused${why}`, () => {
  const folder = `${shared}k8s-netpol-npguard/manifests`;
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.ya?ml$/.test(name));
  const refused = names.filter((name) => {
    sightingsOf(readFileSync(`${folder}/${name}`, "utf8"));
    return problems.length > 0;
  });
  // Three have a closing bracket that is not indented, which the YAML of kubectl forgives and YAML 1.2 does not.
  const unindented = ["frontend/webapp", "payments/gateway", "payments/visa-processor-v2"].map(
    (path) => `acs-security-demos-added-workloads/${path}/deployment.yaml`,
  );
  const broken = ["bad_yamls/subdir/empty.yaml", "dirty/backend.yaml", "dirty/frontend.yaml", "onlineboutique_with_pods_severe_error/pods.yaml"];
  expect(refused.sort()).toEqual([...unindented, ...broken]);
});

const list = (...items: readonly object[]): string => JSON.stringify({ apiVersion: "v1", kind: "List", items });

test("a node holds its own addresses, is the machine that its cloud calls otherwise, and its pods' range is a network", () => {
  const { sightings, networks } = parseInventory(list(...clusterItems), () => undefined);
  const node = sightings.find(({ id }) => id === "node/node-1");
  expect(node?.leases.map(({ ip, from }) => [ipText(ip), from])).toEqual([["10.0.0.7", Date.parse("2026-11-20T08:00:00Z") * 1000]]);
  expect(node?.attributes).toEqual({ class: "kubernetes-node", os: "Bottlerocket", "same-as": "i-0a1" });
  expect(networks).toEqual([{ name: "node-1", prefix: "10.1.0.0/24", kind: "pod-network", attributes: { node: "node-1" } }]);
});

test("a service names what is behind it: by its endpoints, else by its selector", () => {
  const behind = (text: string): string | undefined => sightingsOf(text).find(({ id }) => id === "shop/service/web")?.attributes["backends"];
  expect(behind(list(...clusterItems))).toBe("shop/deployment/web");
  const slice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-x", namespace: "shop", labels: { "kubernetes.io/service-name": "web" } },
    endpoints: [{ addresses: ["10.1.0.5"], targetRef: { kind: "Pod", name: "solo" } }, { addresses: ["192.0.2.9"] }],
  };
  const solo = { apiVersion: "v1", kind: "Pod", metadata: { name: "solo", namespace: "shop" }, status: { podIP: "10.1.0.5" } };
  expect(behind(list(...clusterItems, slice, solo))).toBe("192.0.2.9 shop/pod/solo");
});

test("what a namespace says of its environment and owner holds for what is in it and says nothing else", () => {
  const [web] = sightingsOf(list(...clusterItems));
  expect([web?.labels["env"], web?.attributes["owner"]]).toEqual(["prod", "shop-team"]);
  const own = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x", namespace: "shop", labels: { env: "dev" } }, spec: {} };
  expect(sightingsOf(list(...clusterItems, own)).find(({ id }) => id === "shop/deployment/x")?.labels["env"]).toBe("dev");
});
