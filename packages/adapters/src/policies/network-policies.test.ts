import { ipOf } from "@bulkhead/core/base/ip";
import { compileFor } from "@bulkhead/core/compile/compile";
import { interpret } from "@bulkhead/core/compile/interpret";
import { decide } from "@bulkhead/core/decide/decide";
import { worldOf } from "@bulkhead/core/decide/world";
import { readPolicySet } from "@bulkhead/core/language/read";
import type { Inventory } from "@bulkhead/core/model/workload";
import { expect, test } from "vitest";
import { type Pod, podOf, policyFilesFor } from "./testing/network-policies.ts";
import { cellsOf, type TruthTable, truthTables as cases } from "./testing/truth-tables.ts";

const at = Date.parse("2026-11-25T12:00:00Z") * 1000;

function worldFor({ policies, pods }: TruthTable) {
  const all = pods.map(podOf);
  const inventory: Inventory = {
    workloads: all.map(({ ns, pod }: Pod, number) => ({
      id: `${ns}/${pod}`,
      labels: { ns, pod },
      leases: [{ ip: ipOf(`10.0.0.${number + 1}`)!, from: null, until: null }],
      identity: null,
      point: true,
    })),
    points: [],
    quarantined: [],
  };
  const { set, diagnostics } = readPolicySet(policyFilesFor(policies, all));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return { world: worldOf(set, inventory), addressOf: (pod: string) => `10.0.0.${pods.indexOf(pod) + 1}` };
}

test.skipIf(cases.length === 0)(
  "every cell of Kubernetes' truth tables has the effect that Kubernetes expects (skipped where they do not lie beside the checkout)",
  () => {
    let count = 0;
    for (const one of cases) {
      const { world } = worldFor(one);
      for (const { cell, passes, ends } of cellsOf(one)) {
        const { effect } = decide(world, { from: ends[0], to: ends[1], over: { protocol: 6, port: one.port }, at, facts: {} });
        expect(`${one.name}: ${cell} ${effect}`).toBe(`${one.name}: ${cell} ${passes ? "pass" : "block"}`);
        count += 1;
      }
    }
    expect(count).toBe(90);
  },
);

test.skipIf(cases.length === 0)(
  "the compiled rule sets of both ends let through the same cells (skipped where the tables do not lie beside the checkout)",
  () => {
    for (const one of cases) {
      const { world, addressOf } = worldFor(one);
      const rulesets = new Map(one.pods.map((pod) => [pod, compileFor(world, pod, at).ruleset]));
      for (const { cell, passes, ends } of cellsOf(one)) {
        const over = { protocol: 6, port: one.port };
        const out = interpret(rulesets.get(ends[0])!, { direction: "outbound", peer: addressOf(ends[1]), over, at });
        const into = interpret(rulesets.get(ends[1])!, { direction: "inbound", peer: addressOf(ends[0]), over, at });
        expect(`${one.name}: ${cell} ${out !== "block" && into !== "block"}`).toBe(`${one.name}: ${cell} ${passes}`);
      }
    }
  },
);

test.skipIf(cases.length === 0)("a reading that forgets the policies is caught by the tables (skipped where they do not lie beside the checkout)", () => {
  const wrong = cases.filter((one) => {
    const { world } = worldFor({ ...one, policies: [] });
    return cellsOf(one).some(
      ({ passes, ends }) => (decide(world, { from: ends[0], to: ends[1], over: { protocol: 6, port: one.port }, at, facts: {} }).effect === "pass") !== passes,
    );
  });
  expect(wrong.length).toBeGreaterThan(5);
});
