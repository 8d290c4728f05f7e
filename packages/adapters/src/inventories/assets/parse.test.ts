import { ipText } from "@bulkhead/core/base/ip";
import { expect, test } from "vitest";
import { parseInventory } from "./parse.ts";

test("assets in JSON and in YAML say the same", () => {
  const json = `{"workloads":[{"id":"web-1","owner":"team","labels":{"app":"shop"},"addresses":["10.0.0.1"],"identity":{"name":"a","tier":3}}]}`;
  const yaml = `workloads:\n  - id: web-1\n    owner: team\n    labels: { app: shop }\n    addresses: [10.0.0.1]\n    identity: { name: a, tier: 3 }\n`;
  const { sightings, problems } = parseInventory(yaml);
  expect(problems).toEqual([]);
  expect(sightings).toEqual(parseInventory(json).sightings);
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
  const { sightings } = parseInventory(manifests);
  expect(sightings.map(({ id, leases }) => [id, leases.map(({ ip }) => ipText(ip))])).toEqual([
    ["shop/deployment/web", ["10.1.0.5"]],
    ["shop/service/web", ["10.96.0.1"]],
  ]);
  expect({ ...sightings[0]?.labels }).toEqual({ "app.kubernetes.io/name": "web", namespace: "shop", app: "web" });
  expect(sightings[0]?.attributes["identity"]).toBe("system:serviceaccount:shop:web");
});

test("aliases, binary files and broken text are refused in words", () => {
  for (const text of ["a: &a [x]\nworkloads: [*a, *a]\n", "id\u0000x", "{ no json", "workloads: [", "a: 1\na: 2\n"]) {
    const { sightings, problems } = parseInventory(text);
    expect(sightings).toEqual([]);
    expect(problems).toHaveLength(1);
  }
});
