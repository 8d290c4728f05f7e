import { expect, test } from "vitest";
import { day } from "../../base/instant.ts";
import { ipOf } from "../../base/ip.ts";
import type { Connection } from "../../model/connection.ts";
import { attributionOf, flowDaysOf, flowsOf } from "../../telemetry/attribute.ts";
import { conversationsOf } from "../../telemetry/conversations.ts";
import { holderSegments } from "../../inventory/holders.ts";
import { told } from "../../telemetry/testing/told.ts";
import { monday } from "./testing/lived.ts";
import { watch } from "./watch.ts";
import { newBetween, watchedUntil, within } from "./watched.ts";

const start = monday * day;
const workload = (id: string, { app, address, from = null }: { readonly app: string; readonly address: string; readonly from?: number | null }) => ({
  id,
  labels: { app, env: "prod", role: id.split("-")[0]! },
  leases: [{ ip: ipOf(address)!, from, until: null }],
});
const workloads = [
  workload("web-1", { app: "shop", address: "10.0.0.1" }),
  workload("web-2", { app: "shop", address: "10.0.0.2" }),
  workload("db-1", { app: "shop", address: "10.0.0.3" }),
  workload("bill-1", { app: "billing", address: "10.0.0.4", from: start + 5 * day }),
  workload("late-1", { app: "late", address: "10.0.0.5", from: start + 30 * day }),
];

let record = 0;
const on = (days: number, known: Partial<Connection>): Connection => {
  record += 1;
  const first = start + days * day + record * 1000;
  return told({ record, clientPort: 40_000 + record, first, last: first + 1000, serverPort: 5432, client: "10.0.0.1", server: "10.0.0.3", ...known });
};

function watched(records: readonly Connection[], until = 10) {
  const segments = attributionOf(holderSegments(workloads));
  const conversations = conversationsOf(records).filter(({ first }) => first !== null && first < start + until * day);
  return watch({
    flows: flowsOf(conversations, segments),
    presence: flowDaysOf(conversations, segments),
    workloads,
    cycles: [],
    observers: new Map(),
    until: start + until * day,
  });
}

test("what several workloads of a group do is one dependency, with the days of all", () => {
  const { dependencies, days, origin } = watched([on(2, {}), on(0, {}), on(0, {}), on(4, { client: "10.0.0.2" })]);
  expect([origin, days]).toEqual([monday, 10]);
  expect(dependencies).toMatchObject([
    { client: "app=shop,env=prod,role=web", server: "app=shop,env=prod,role=db", service: "tcp/5432", days: [0, 2, 4], hours: [0], since: 0 },
  ]);
});

test("attempts, broadcast and scanners are no dependencies", () => {
  const scan = Array.from({ length: 40 }, (_, at) =>
    on(3, { client: "10.0.0.2", server: `10.0.1.${at}`, serverPort: 20 + (at % 8), answered: false, packetsToClient: 0, bytesToClient: 0 }),
  );
  const noise = [
    on(1, { serverPort: 9999, answered: false, packetsToClient: 0, bytesToClient: 0 }),
    on(1, { server: "224.0.0.251", serverPort: 5353, protocol: "udp" }),
    ...scan,
    on(3, { client: "10.0.0.2", serverPort: 22 }),
  ];
  expect(watched([on(0, {}), ...noise]).dependencies.map(({ service }) => service)).toEqual(["tcp/5432"]);
  // Positive control: who does not scan is believed.
  expect(watched([on(0, {}), on(3, { client: "10.0.0.2", serverPort: 22 })]).dependencies).toHaveLength(2);
});

test("a group is as old as its first lease, and what comes later does not exist yet", () => {
  const { groups, dependencies } = watched([on(0, {}), on(7, { client: "10.0.0.4" })]);
  expect(groups.map(({ id, since }) => [id.slice(0, 8), since])).toEqual([
    ["app=shop", 0],
    ["app=shop", 0],
    ["app=bill", 5],
  ]);
  expect(dependencies.map(({ since }) => since).sort()).toEqual([0, 5]);
});

test("a day on which no sensor said anything is not watched, and a clock that was centuries wrong makes no centuries", () => {
  const { isObserved, days } = watched([on(0, {}), on(3, {}), on(-100_000, {})]);
  expect(days).toBe(10);
  expect(isObserved.map((is) => (is ? 1 : 0)).join("")).toBe("1001000000");
});

test("new is what was never seen before, between groups that existed then", () => {
  const world = watched([on(0, {}), on(6, { serverPort: 80 }), on(6, { client: "10.0.0.4" }), on(8, { client: "10.0.0.4", serverPort: 443 })]);
  expect(newBetween(world, { from: 5, until: 10 })).toBe(1);
  expect(newBetween(world, { from: 7, until: 10 })).toBe(1);
  expect(watchedUntil(world, 6).dependencies).toHaveLength(1);
  expect(within(world, { app: "billing" }).dependencies).toHaveLength(2);
  expect(within(world, { app: "nobody" }).dependencies).toHaveLength(0);
});
