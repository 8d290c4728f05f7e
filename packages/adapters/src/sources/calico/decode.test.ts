import { expect, test } from "vitest";
import { connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { calico } from "./decode.ts";

const flow = {
  start_time: 1_764_072_000,
  end_time: 1_764_072_300,
  source_ip: "192.168.47.9",
  source_name: "web-6b68-zn5s2",
  source_name_aggr: "web-6b68-*",
  source_namespace: "shop",
  source_port: 42_106,
  source_type: "wep",
  dest_ip: "192.168.138.79",
  dest_name: "-",
  dest_name_aggr: "api-86c5-*",
  dest_namespace: "shop",
  dest_port: 80,
  dest_type: "wep",
  proto: "tcp",
  action: "allow",
  reporter: "dst",
  bytes_in: 388,
  bytes_out: 1113,
  packets_in: 6,
  packets_out: 5,
  host: "node-1",
};
const read = (...changes: readonly object[]) => connectionsBy(calico, changes.map((one) => JSON.stringify({ ...flow, ...one })).join("\n"));

test("in and out are as the reporting end sees them, and each reporter is an observer of its own", () => {
  expect(read({}, { reporter: "src" }, { reporter: "fwd" })).toMatchObject([
    { bytesToServer: 388, packetsToClient: 5, observer: "node-1 dst", answered: true, first: 1_764_072_000_000_000 },
    { bytesToServer: 1113, packetsToClient: 6, observer: "node-1 src" },
    { bytesToServer: null, bytesToClient: null, answered: null, note: "forwarded; 388 bytes in and 1113 out, it is not told which way is in" },
  ]);
});

test("names are labels: the pod where it is named, the workload from the aggregated name, hosts apart, networks not at all", () => {
  expect(
    read({}, { source_type: "net", source_name: "-", source_name_aggr: "pub", source_namespace: "-" }, { source_type: "hep", source_name: "edge-1" }),
  ).toMatchObject([
    {
      clientLabels: { pod: "web-6b68-zn5s2", namespace: "shop", workload: "web-6b68" },
      serverLabels: { namespace: "shop", workload: "api-86c5", node: "node-1" },
    },
    { clientLabels: {} },
    { clientLabels: { host: "edge-1" } },
  ]);
});

test("the rule is the enforced policy that decided, never a staged one", () => {
  const strings = {
    policies: {
      all_policies: ["0|t|ns1/t.p|pass|3", "1|t2|ns2/staged:t.q|deny|1", "2|default|shop/default.web|allow|2"],
      enforced_policies: ["0|t|ns1/t.p|pass|3", "1|default|shop/default.web|allow|2"],
    },
  };
  const objects = {
    policies: {
      enforced: [
        { kind: "StagedNetworkPolicy", name: "trial", action: "Allow" },
        { kind: "NetworkPolicy", name: "web", namespace: "shop", action: "Allow" },
      ],
    },
  };
  const denied = { action: "deny", policies: { enforced_policies: ["0|t|ns1/t.p|pass|3", "1|default|shop/default.lock|deny|-1"] } };
  expect(read(strings, objects, denied).map(({ rule, verdict }) => [verdict, rule])).toEqual([
    ["allowed", "shop/default.web"],
    ["allowed", "shop/web"],
    ["denied", "shop/default.lock"],
  ]);
});

test("Elasticsearch's answer and Calico's own list are read, with times as they write them", () => {
  const answer = JSON.stringify({ hits: { total: { value: 2 }, hits: [{ _source: flow }, { _source: { ...flow, num_flows: 7 } }] } });
  expect(connectionsBy(calico, answer)).toMatchObject([{ record: 1 }, { record: 2, note: "7 connections" }]);
  const items = JSON.stringify({
    items: [{ ...flow, start_time: "2025-11-25T12:00:00Z", protocol: "tcp", proto: undefined, reporter: "Src", action: "Deny" }],
  });
  expect(connectionsBy(calico, items)).toMatchObject([{ first: 1_764_072_000_000_000, verdict: "denied", bytesToServer: 1113 }]);
});

test("a record that is aggregated by name is refused with what to do", () => {
  expect(rejectsBy(calico, JSON.stringify({ ...flow, source_ip: null }))).toMatchObject([
    { reason: "no-address", message: expect.stringContaining("aggregation to 0") as string },
  ]);
  expect(rejectsBy(calico, JSON.stringify({ ...flow, source_ip: "nowhere" }))).toMatchObject([{ reason: "bad-address" }]);
});
