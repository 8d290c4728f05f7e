import fc from "fast-check";
import { expect, test } from "vitest";
import type { Connection } from "../model/connection.ts";
import { attributionOf, flowsOf } from "../telemetry/attribute.ts";
import { conversationsOf } from "../telemetry/conversations.ts";
import { told } from "../telemetry/testing/told.ts";
import { mapOf } from "./map.ts";

const labelled = (id: string, labels: Record<string, string>) => ({ id, labels });
const workloads = [
  labelled("web-1", { app: "shop", env: "prod", role: "web" }),
  labelled("web-2", { app: "shop", env: "prod", role: "web" }),
  labelled("db-1", { app: "shop", env: "prod" }),
  labelled("plc-1", {}),
  labelled("camera-1", { site: "north" }),
];
const held = ["web-1", "web-2", "db-1", "plc-1", "camera-1"].map((id, at) => ({ address: `10.0.0.${at + 1}`, from: null, until: null, holders: [id] }));
const segments = [...held, { address: "10.0.0.9", from: null, until: null, holders: ["web-1", "db-1"] }];

const mapped = (records: readonly Partial<Connection>[], by?: readonly string[]) =>
  mapOf(flowsOf(conversationsOf(records.map(told)), attributionOf(segments)), workloads, by === undefined ? {} : { by });
const edges = (records: readonly Partial<Connection>[]) => mapped(records).edges.map(({ from, to, service }) => `${from} → ${to} ${service}`);
const web = "app=shop,env=prod,role=web";

test("workloads with the same labels are one group, and a label that nobody stated is missing", () => {
  const map = mapped([
    { client: "10.0.0.1", server: "10.0.0.3", serverPort: 5432 },
    { client: "10.0.0.2", server: "10.0.0.3", serverPort: 5432 },
  ]);
  expect(map.groups).toMatchObject([
    { id: "app=shop,env=prod", labels: { app: "shop", env: "prod" }, workloads: ["db-1"] },
    { id: web, workloads: ["web-1", "web-2"] },
  ]);
  expect(map.edges).toMatchObject([
    { from: web, to: "app=shop,env=prod", service: "tcp/5432", connections: 2, observers: ["core"], reasons: { handshake: 2 } },
  ]);
});

test("workloads without any of the labels form one group that names them", () => {
  const map = mapped([
    { client: "10.0.0.4", server: "10.0.0.1" },
    { client: "10.0.0.5", server: "10.0.0.1" },
  ]);
  expect(map.groups[1]).toMatchObject({ id: "unlabelled", labels: {}, workloads: ["camera-1", "plc-1"], network: null });
});

test("unknown ends are told apart: internet, unmanaged, broadcast, contested", () => {
  const map = mapped([
    { client: "10.0.0.1", server: "8.8.8.8" },
    { client: "192.168.7.7", server: "10.0.0.1" },
    { client: "10.0.0.9", server: "10.0.0.1" },
    { client: "10.0.0.1", server: "10.0.0.255", serverPort: 137, protocol: "udp", answered: false },
    { client: "10.0.0.1", server: "ff02::fb", serverPort: 5353, protocol: "udp", answered: false },
  ]);
  const kinds = map.groups.filter(({ kind }) => kind !== "workloads").map(({ id, network, addresses }) => [id, network, addresses]);
  expect(kinds).toEqual([
    ["broadcast", null, 2],
    ["contested", null, 1],
    ["internet", "internet", 1],
    ["unknown", null, 1],
  ]);
  expect(map.unknowns.find(({ address }) => address === "10.0.0.9")?.holders).toEqual(["web-1", "db-1"]);
  expect(map.attempts.map(({ to }) => to)).toEqual(["broadcast", "broadcast"]);
});

test("an attempt without an answer is no dependency and is counted apart", () => {
  const map = mapped([
    { client: "10.0.0.1", server: "10.0.0.3", serverPort: 5432, answered: false },
    { client: "10.0.0.2", server: "10.0.0.3", serverPort: 5432 },
    { client: "10.0.0.2", server: "10.0.0.3", serverPort: 22, answered: false },
  ]);
  expect(map.edges).toMatchObject([{ service: "tcp/5432", connections: 1, unanswered: 0 }]);
  expect(map.attempts).toMatchObject([
    { service: "tcp/22", connections: 1 },
    { service: "tcp/5432", connections: 1 },
  ]);
});

test("icmp is named by its type, and honestly where nobody told it", () => {
  const ping = { client: "10.0.0.1", server: "10.0.0.3", clientPort: null, serverPort: null };
  expect(edges([{ ...ping, protocol: "icmp", icmpType: 8 }])).toEqual([`${web} → app=shop,env=prod icmp4/8`]);
  expect(edges([{ ...ping, protocol: "icmp6" }])).toEqual([`${web} → app=shop,env=prod icmp/any`]);
  expect(edges([{ ...ping, protocol: "47" }])).toEqual([`${web} → app=shop,env=prod ip/47`]);
});

test("labels that look like ids of other groups make no group of two", () => {
  const strange = [labelled("x", { app: "a,env=b" }), labelled("y", { app: "a", env: "b" }), labelled("z", { app: "internet" })];
  const at = strange.map(({ id }, index) => ({ address: `10.1.0.${index + 1}`, from: null, until: null, holders: [id] }));
  const records = strange.map((_, index) => told({ client: `10.1.0.${index + 1}`, server: "8.8.8.8" }));
  const map = mapOf(flowsOf(conversationsOf(records), attributionOf(at)), strange, {});
  expect(new Set(map.groups.map(({ id }) => id)).size).toBe(4);
});

test("a scanner is named, its edges are marked, and monitoring that reaches as many is none", () => {
  const hosts = Array.from({ length: 24 }, (_, at) => `10.9.0.${at + 1}`);
  const scan = hosts.flatMap((server) =>
    [22, 80, 443, 3389, 5432].map((serverPort) => ({ client: "10.0.0.4", server, serverPort, answered: serverPort === 22 })),
  );
  const watch = hosts.map((server) => ({ client: "10.0.0.5", server, serverPort: 9100 }));
  const map = mapped([...scan, ...watch]);
  expect(map.scanners).toMatchObject([{ name: "plc-1", isWorkload: true, servers: 24, services: 5, connections: 120, unanswered: 96 }]);
  expect(map.edges.map(({ service, scan: isScan }) => [service, isScan])).toEqual([
    ["tcp/22", true],
    ["tcp/9100", false],
  ]);
});

test("law 16 on the map: edges and attempts together hold every connection", () => {
  const anyRecord = fc.record({
    client: fc.constantFrom("10.0.0.1", "10.0.0.4", "10.0.0.9", "8.8.8.8", "192.168.7.7"),
    server: fc.constantFrom("10.0.0.2", "10.0.0.3", "10.0.0.255", "224.0.0.1"),
    serverPort: fc.constantFrom(22, 443),
    protocol: fc.constantFrom("tcp", "udp"),
    answered: fc.constantFrom(true, false),
  });
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 25 }), (records) => {
      const { totals, edges: drawn, groups } = mapped(records.map((record, at) => ({ ...record, clientPort: 40_000 + at })));
      expect([totals.connections, totals.inEdges + totals.inAttempts]).toEqual([records.length, records.length]);
      const known = new Set(groups.map(({ id }) => id));
      for (const { from, to } of drawn) expect(known.has(from) && known.has(to)).toBe(true);
    }),
  );
});
