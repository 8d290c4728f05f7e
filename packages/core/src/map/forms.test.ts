import { expect, test } from "vitest";
import { attributionOf, flowsOf } from "../telemetry/attribute.ts";
import { conversationsOf } from "../telemetry/conversations.ts";
import { told } from "../telemetry/testing/told.ts";
import { mapDot } from "./dot.ts";
import { mapJson } from "./json.ts";
import { mapOf } from "./map.ts";
import { mapTable } from "./table.ts";

const hostile = `"]; evil -> \\N [label="\u001b[31m`;
const workloads = [
  { id: "web-1", labels: { app: hostile, env: "prod" } },
  { id: "db-1", labels: { app: "shop", env: "prod" } },
];
const attribution = attributionOf(workloads.map(({ id }, at) => ({ address: `10.0.0.${at + 1}`, from: null, until: null, holders: [id] })));
const records = [
  told({ client: "10.0.0.1", server: "10.0.0.2", serverPort: 5432 }),
  told({ client: "192.168.7.7", server: "10.0.0.2", serverPort: 22, sampling: 16 }),
  told({ client: "10.0.0.2", server: "8.8.8.8", serverPort: 9999, answered: false }),
];
const map = mapOf(flowsOf(conversationsOf(records), attribution), workloads);
const table = (of: typeof map): string => mapTable(of, { edgesMax: 1, unknownsMax: 5, printable: (text) => text.replaceAll("\u001b", "\\u001b") });

test("a label cannot leave its quotes in DOT, nor name the node by itself", () => {
  const dot = mapDot(map);
  // Every quoted string is taken away; nothing that a label holds may be left outside.
  const outside = dot.replace(/"(?:[^"\\]|\\.)*"/g, "");
  expect(outside).not.toContain("evil");
  expect(dot).not.toContain("\u001b");
  expect(outside.match(/->/g)).toHaveLength(2);
  expect(dot).toContain("\\\\N");
});

test("positive control: without escaping the label does leave its quotes", () => {
  const careless = `digraph { "${hostile}"; }`;
  expect(careless.replace(/"(?:[^"\\]|\\.)*"/g, "")).toContain("evil");
});

test("the table begins with what nobody knew, and says what it leaves out", () => {
  const text = table(map);
  expect(text.indexOf("192.168.7.7")).toBeLessThan(text.indexOf("Who depends on whom"));
  expect(text).toContain("… and 1 more");
  expect(text).toContain("1 connection of 1 kind was an attempt");
  expect(text).not.toContain("\u001b");
});

test("the table of nothing says so", () => {
  expect(table(mapOf([], []))).toBe("Nobody talked.\n");
});

test("in JSON an instant is a text, unknown is null, and the edge says how it is known", () => {
  const { edges, until } = JSON.parse(mapJson(map)) as { edges: Record<string, unknown>[]; until: unknown };
  expect(until).toBeNull();
  const sampled = edges.find(({ service }) => service === "tcp/22");
  expect(sampled).toMatchObject({ from: "unknown", sampling: 16, first: "1970-01-01T00:00:00Z", reasons: { handshake: 1 }, observers: ["core"] });
});
