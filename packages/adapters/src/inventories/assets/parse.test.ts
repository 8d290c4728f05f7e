import { ipText } from "@bulkhead/core/base/ip";
import { expect, test } from "vitest";
import { parseInventory } from "../open.ts";

const readingOf = (text: string) => {
  const problems: string[] = [];
  return { ...parseInventory(text, ({ message }) => void problems.push(message)), problems };
};

test("assets in JSON and in YAML say the same", () => {
  const json = `{"workloads":[{"id":"web-1","owner":"team","labels":{"app":"shop"},"addresses":["10.0.0.1"],"identity":{"name":"a","tier":3}}]}`;
  const yaml = `workloads:\n  - id: web-1\n    owner: team\n    labels: { app: shop }\n    addresses: [10.0.0.1]\n    identity: { name: a, tier: 3 }\n`;
  const { sightings, problems } = readingOf(yaml);
  expect(problems).toEqual([]);
  expect(sightings).toEqual(readingOf(json).sightings);
  expect({ ...sightings[0]?.attributes }).toEqual({ owner: "team", identity: "a", "identity-tier": "3" });
});

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app.kubernetes.io/name: web } }
spec: { template: { spec: { serviceAccountName: web } } }
---
apiVersion: v1
kind: Pod
metadata:
  name: web-5d4f-x1
  namespace: shop
  labels: { pod-template-hash: 5d4f }
  ownerReferences: [{ kind: ReplicaSet, name: web-5d4f, controller: true }]
status: { podIP: 10.1.0.5, startTime: "2026-01-01T00:00:00Z" }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 10.96.0.1 }
`;

test("pods are folded into the controller that made them, and a service holds its own address", () => {
  const { sightings } = readingOf(manifests);
  expect(sightings.map(({ id, leases }) => [id, leases.map(({ ip }) => ipText(ip))])).toEqual([
    ["shop/deployment/web", ["10.1.0.5"]],
    ["shop/service/web", ["10.96.0.1"]],
  ]);
  expect({ ...sightings[0]?.labels }).toEqual({ "app.kubernetes.io/name": "web", namespace: "shop", app: "web" });
  expect(sightings[0]?.attributes["identity"]).toBe("system:serviceaccount:shop:web");
});

test("aliases, binary files and broken text are refused in words", () => {
  for (const text of ["a: &a [x]\nworkloads: [*a, *a]\n", "id\u0000x", "{ no json", "workloads: [", "a: 1\na: 2\n"]) {
    const { sightings, problems } = readingOf(text);
    expect(sightings).toEqual([]);
    expect(problems).toHaveLength(1);
  }
});

test("what `bulkhead inventory --json` prints is read again as it was: attributes, points, quarantine", () => {
  const text = `{"workloads":[{"id":"web-1","labels":{},"leases":[],"attributes":{"owner":"team","hva":true},"owner":"team"}],
    "points":[{"id":"firewall-1","networks":["corporate"],"live":false}],"quarantined":["web-1"]}`;
  const { sightings, points, quarantined } = readingOf(text);
  expect({ ...sightings[0]?.attributes }).toEqual({ owner: "team", hva: "true" });
  expect({ points, quarantined }).toEqual({ points: [{ id: "firewall-1", networks: ["corporate"], live: false }], quarantined: ["web-1"] });
});

test("a lease that ends before it begins is told, and so is what is no text, no address and no time", () => {
  const { sightings, problems } = readingOf(
    `{"workloads":[{"id":"a","labels":{"n":1},"addresses":[{"address":"10.0.0.1","from":"2026-02-01T00:00:00Z","until":"2026-01-01T00:00:00Z"},
      "10.0.0.2",{"address":"nowhere"},{"address":"10.0.0.3","from":"soon"}]}]}`,
  );
  expect(sightings[0]?.leases.map(({ ip }) => ipText(ip))).toEqual(["10.0.0.2"]);
  expect(problems).toEqual([
    "workload 1 (`a`): the label `n` is no text",
    "workload 1 (`a`): the lease of `10.0.0.1` ends before it begins",
    "workload 1 (`a`) holds `nowhere`, which is no address",
    "workload 1 (`a`): a lease of `10.0.0.3` begins or ends at no time such as 2026-11-25T12:00:00Z",
  ]);
});
