import { expect, test } from "vitest";
import { bytesOf } from "../language/utf8.ts";
import type { Flow } from "../model/flow.ts";
import { frontierOf } from "./frontier.ts";
import { labelsOf } from "./granularity.ts";
import { judgedLater } from "./judged-later.ts";
import { recommend } from "./recommend.ts";
import { recordedShop } from "./testing/shop.ts";

const { flows, workloads } = recordedShop();
const moments = flows.flatMap(({ first }) => (first === null ? [] : [first])).toSorted((a, b) => a - b);
const half = moments[Math.floor(moments.length / 2)]!;
const learned = flows.filter(({ first }) => first !== null && first < half);
const later = flows.filter(({ first }) => first !== null && first >= half);
const filesFrom = (evidence: typeof flows) => recommend(evidence, workloads).files.map(({ path, text }) => ({ path, bytes: bytesOf(text) }));

test("a policy denies nothing of what it was learned from, and exactly what it was not shown", () => {
  const judged = (evidence: typeof flows) => judgedLater(flows, { files: filesFrom(evidence), workloads, present: [] });
  expect(judged(flows).denied).toEqual([]);
  const isLedger = ({ server, serverPort }: Flow): boolean => server.kind === "held" && server.holder.startsWith("ledger-") && serverPort === 5432;
  const { dependencies, denied } = judged(flows.filter((flow) => !isLedger(flow)));
  expect(denied.length).toBeGreaterThan(1);
  expect(denied.length).toBeLessThan(dependencies);
  expect(new Set(denied.map(({ to, service }) => `${to} ${service}`))).toEqual(new Set(["app=billing,env=prod,role=ledger tcp/5432"]));
  for (const { connections, last } of denied) expect([connections > 0, last !== null]).toEqual([true, true]);
});

test("the finer the granularity, the less is opened that nobody used, and the more is denied later", () => {
  const [app, role, workload] = frontierOf({ learned, later }, { workloads, present: [] });
  expect([app!.granularity, role!.granularity, workload!.granularity]).toEqual(["app", "role", "workload"]);
  expect(app!.excess).toBeGreaterThan(role!.excess);
  expect(app!.excess).toBeGreaterThan(workload!.excess);
  expect(app!.denied).toBeLessThanOrEqual(role!.denied);
  expect(role!.denied).toBeLessThanOrEqual(workload!.denied);
  expect([app!.isPossible, role!.isPossible, workload!.isPossible]).toEqual([true, true, false]);
});

test("rules name single machines only by a label that each has, and no two share", () => {
  const named = (valueOf: (id: string) => string) => workloads.map((one) => ({ ...one, labels: { ...one.labels, machine: valueOf(one.id) } }));
  const whole = named((id) => id);
  expect([workloads, whole, named(() => "same"), named((id) => (id === workloads[0]!.id ? "" : id))].map((all) => labelsOf("workload", all))).toEqual([
    null,
    ["app", "env", "role", "machine"],
    null,
    null,
  ]);
  const { files, rules } = recommend(flows, whole, { labels: labelsOf("workload", whole)! });
  expect(files.find(({ path }) => path === "zones.yaml")!.text).toContain("machine: {");
  expect(files.find(({ path }) => path === "shop-prod.yaml")!.text).toMatch(/machine: \[?web-1/);
  expect(rules.length).toBeGreaterThan(recommend(flows, workloads, { labels: ["app", "env"] }).rules.length);
});
