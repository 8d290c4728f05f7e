import { expect, test } from "vitest";
import { gcpFirewall, gcpFlow } from "../testing/cloud-samples.ts";
import { connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { gcpVpc } from "./decode.ts";

const read = (...entries: readonly object[]) => connectionsBy(gcpVpc, entries.map((one) => JSON.stringify(one)).join("\n"));
const flowWith = (payload: object): object => ({ ...gcpFlow, jsonPayload: { ...gcpFlow.jsonPayload, ...payload } });

test("an entry is one direction, with its machines and pods as labels", () => {
  expect(read(gcpFlow)).toMatchObject([
    {
      client: "10.0.0.7",
      clientPort: 40_123,
      server: "10.0.0.9",
      serverPort: 443,
      packetsToServer: 4,
      bytesToServer: 491,
      packetsToClient: null,
      first: 1_764_072_000_301_723,
      direction: "port",
      verdict: null,
      observer: "shop/db-1",
      clientLabels: { pod: "web-5d4b-x2", namespace: "shop", workload: "web", node: "node-1" },
      serverLabels: { host: "db-1", workload: "db" },
    },
  ]);
});

test("the answer of a well-known port is turned, labels and all; between high ports nobody knows", () => {
  const connection = gcpFlow.jsonPayload.connection;
  const back = flowWith({ reporter: "SRC", connection: { ...connection, src_port: 443.0, dest_port: 40_123.0 } });
  expect(read(back)).toMatchObject([
    { client: "10.0.0.9", server: "10.0.0.7", serverPort: 443, bytesToClient: 491, bytesToServer: null, serverLabels: { pod: "web-5d4b-x2" } },
  ]);
  expect(read(flowWith({ connection: { ...connection, dest_port: 8443 } }))).toMatchObject([{ direction: "unknown", client: "10.0.0.7" }]);
});

test("ICMP has no ports, and other protocols keep their number", () => {
  expect(
    read(
      flowWith({ connection: { src_ip: "10.0.0.7", dest_ip: "10.0.0.9", protocol: 1 } }),
      flowWith({ connection: { src_ip: "2001:db8::1", dest_ip: "2001:db8::2", protocol: 50 } }),
    ),
  ).toMatchObject([
    { protocol: "icmp", clientPort: null, serverPort: null, direction: "unknown" },
    { protocol: "50", clientPort: null },
  ]);
});

test("a firewall's entry has a verdict and the rule, and counts nothing", () => {
  expect(read(gcpFirewall, { ...gcpFirewall, jsonPayload: { ...gcpFirewall.jsonPayload, disposition: "ALLOWED" } })).toMatchObject([
    {
      verdict: "denied",
      answered: false,
      rule: "network:shop/firewall:deny-ssh",
      direction: "stated",
      packetsToServer: null,
      clientLabels: { host: "web-1" },
      serverLabels: { host: "db-1" },
      first: 1_764_072_000_500_000,
    },
    { verdict: "allowed", answered: null },
  ]);
});

test("an entry without addresses or with a protocol that is none is rejected; other logs are passed over", () => {
  const text = [
    { jsonPayload: { message: "hello" } },
    flowWith({ connection: { src_ip: "x", dest_ip: "10.0.0.9", protocol: 6 } }),
    flowWith({ connection: { src_ip: "10.0.0.7", dest_ip: "10.0.0.9", protocol: 600 } }),
  ]
    .map((one) => JSON.stringify(one))
    .join("\n");
  expect(rejectsBy(gcpVpc, text).map(({ reason, line }) => [reason, line])).toEqual([
    ["bad-address", 2],
    ["bad-protocol", 3],
  ]);
});
