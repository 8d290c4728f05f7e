import { expect, test } from "vitest";
import { ipOf } from "../base/ip.ts";
import { believe } from "../inventory/believe.ts";
import type { Agreement, FismaSystem } from "../inventory/fisma-system.ts";
import { interconnectionReport } from "./interconnections.ts";
import { bare, flow, held } from "./testing/estate.ts";

const system = (id: string, prefixes: readonly string[], more: Partial<FismaSystem> = {}): FismaSystem => ({
  id,
  prefixes,
  labels: [],
  level: null,
  hva: false,
  owner: null,
  ...more,
});
const systems = [
  system("BILL", ["10.1.0.0/16"], { level: "high", hva: true }),
  system("HR", ["10.2.0.0/16"]),
  system("VAULT", ["10.1.9.0/24"]),
  system("PORTAL", [], { labels: [{ app: "portal" }] }),
  system("PARTNER", ["203.0.113.0/24"]),
];
const sighting = (id: string, address: string, labels: Record<string, string> = {}) => ({
  id,
  labels,
  attributes: {},
  leases: [{ ip: ipOf(address)!, from: null, until: null }],
});
const { workloads } = believe([
  {
    source: "cmdb",
    at: 0,
    systems,
    sightings: [
      sighting("bill-1", "10.1.0.1"),
      sighting("hr-1", "10.2.0.1"),
      sighting("vault-1", "10.1.9.1"),
      sighting("portal-1", "10.1.0.7", { app: "portal" }),
    ],
  },
]);
const agreement = (id: string, from: string, to: string, more: Partial<Agreement> = {}): Agreement => ({
  id,
  from,
  to,
  services: ["tcp/443"],
  bothWays: false,
  since: null,
  until: null,
  ...more,
});
const report = (agreements: readonly Agreement[], flows: readonly ReturnType<typeof flow>[]) =>
  interconnectionReport({ systems, agreements, workloads, flows, now: 1000 });

test("what crosses boundaries is agreed, expired, or without an agreement; what stays inside one is none of it", () => {
  const flows = [
    flow(held("bill-1"), held("hr-1"), "tcp/443"),
    flow(held("hr-1"), held("bill-1"), "tcp/443"),
    flow(held("bill-1"), bare("203.0.113.9"), "tcp/22"),
    flow(held("bill-1"), bare("10.1.0.200"), "tcp/443"),
  ];
  const { interconnections, agreements } = report(
    [agreement("ISA-1", "BILL", "HR"), agreement("ISA-2", "HR", "BILL", { until: 500 }), agreement("ISA-3", "HR", "NOBODY")],
    flows,
  );
  expect(interconnections.map(({ from, to, service, agreements: now, expired }) => [`${from} ${to} ${service}`, now, expired])).toEqual([
    ["BILL HR tcp/443", ["ISA-1"], []],
    ["BILL PARTNER tcp/22", [], []],
    ["HR BILL tcp/443", [], ["ISA-2"]],
  ]);
  expect(agreements.map(({ agreement: { id }, isExpired, connections, unknown }) => [id, isExpired, connections, unknown])).toEqual([
    ["ISA-1", false, 10, []],
    ["ISA-2", true, 10, []],
    ["ISA-3", false, 0, ["NOBODY"]],
  ]);
});

test("an agreement of both ways covers either side, another service is not covered", () => {
  const back = [flow(held("hr-1"), held("bill-1"), "tcp/443")];
  expect(report([agreement("M", "BILL", "HR", { bothWays: true })], back).interconnections[0]?.agreements).toEqual(["M"]);
  // The control: one way only, it does not.
  expect(report([agreement("M", "BILL", "HR")], back).interconnections[0]?.agreements).toEqual([]);
  expect(report([agreement("M", "HR", "BILL", { services: ["tcp/8443"] })], back).interconnections[0]?.agreements).toEqual([]);
});

test("labels come before prefixes, the longest prefix before others, and the boundary gives its workloads level and value", () => {
  const of = (id: string) => workloads.find((one) => one.id === id)?.attributes;
  expect(["bill-1", "vault-1", "portal-1"].map((id) => of(id)?.["fisma-system"])).toEqual(["BILL", "VAULT", "PORTAL"]);
  expect({ ...of("bill-1") }).toEqual({ "fisma-system": "BILL", fisma: "high", hva: "yes" });
});

test("a workload that two boundaries claim is named, and counted for neither", () => {
  const twice = [...systems, system("OTHER", ["10.2.0.0/16"])];
  const believed = believe([{ source: "cmdb", at: 0, systems: twice, sightings: [sighting("bill-1", "10.1.0.1"), sighting("hr-1", "10.2.0.1")] }]);
  const flows = [flow(held("hr-1"), held("bill-1"), "tcp/443")];
  const { claimed, interconnections } = interconnectionReport({ systems: twice, agreements: [], workloads: believed.workloads, flows, now: 0 });
  expect([claimed, interconnections]).toEqual([[{ workload: "hr-1", systems: ["HR", "OTHER"] }], []]);
});
