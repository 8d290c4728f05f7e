import { expect, test } from "vitest";
import { connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { netobserv } from "./decode.ts";

const row = {
  SrcAddr: "10.128.0.7",
  DstAddr: "10.128.0.9",
  SrcPort: 48_974,
  DstPort: 8443,
  Proto: 6,
  Packets: 2,
  Bytes: 132,
  TimeFlowStartMs: 1_764_072_000_459,
  TimeFlowEndMs: 1_764_072_001_121,
  TimeReceived: 1_764_072_002,
  AgentIP: "10.0.1.7",
  Interface: "eth0",
};
const read = (...changes: readonly object[]) => connectionsBy(netobserv, changes.map((one) => JSON.stringify({ ...row, ...one })).join("\n"));

test("a flow is one direction at one interface of one node, in frame bytes", () => {
  expect(read({}, { Interface: undefined, Interfaces: ["br-ex", "eth0"], Sampling: 50 })).toMatchObject([
    {
      packetsToServer: 2,
      bytesToServer: 132,
      packetsToClient: null,
      observer: "10.0.1.7 eth0",
      first: 1_764_072_000_459_000,
      sampling: null,
      note: "frame bytes",
    },
    { observer: "10.0.1.7 br-ex", sampling: 50 },
  ]);
});

test("a SYN alone is the opener's, a SYN-ACK the server's; flags that either side may add up to say nothing", () => {
  expect(
    read({ Flags: 2 }, { Flags: 256 + 16 }, { Flags: 18 }, { Flags: ["SYN_ACK", "ACK"] }, { Flags: ["SYN"] }).map(({ client, direction }) => [
      client,
      direction,
    ]),
  ).toEqual([
    ["10.128.0.7", "handshake"],
    ["10.128.0.9", "handshake"],
    ["10.128.0.7", "unknown"],
    ["10.128.0.9", "handshake"],
    ["10.128.0.7", "handshake"],
  ]);
});

test("Loki's labels of a stream belong to each of its flows, and answers without flows have none", () => {
  const stream = { SrcK8S_Namespace: "shop", SrcK8S_OwnerName: "web", SrcK8S_Type: "Pod", DstK8S_Type: "Service" };
  const answer = {
    status: "success",
    data: {
      resultType: "streams",
      result: [
        {
          stream,
          values: [
            ["1", JSON.stringify({ ...row, SrcK8S_Name: "web-1", DstK8S_Name: "api" })],
            ["2", "{"],
          ],
        },
      ],
    },
  };
  expect(connectionsBy(netobserv, JSON.stringify(answer))).toMatchObject([
    { clientLabels: { pod: "web-1", namespace: "shop", workload: "web" }, serverLabels: { service: "api" } },
  ]);
  expect(rejectsBy(netobserv, JSON.stringify(answer))).toMatchObject([{ reason: "json", record: 2 }]);
  expect(connectionsBy(netobserv, JSON.stringify({ status: "success", data: ["default", "shop"] }))).toEqual([]);
});

test("a tracked conversation has both ways", () => {
  expect(
    read({ _RecordType: "endConnection", Packets: undefined, Bytes: undefined, Packets_AB: 3, Bytes_AB: 300, Packets_BA: 2, Bytes_BA: 200 }),
  ).toMatchObject([{ packetsToServer: 3, bytesToServer: 300, packetsToClient: 2, bytesToClient: 200, answered: true }]);
});

test("a drop keeps its cause; it is a verdict only where a rule dropped everything, or a policy is named", () => {
  expect(
    read(
      { PktDropPackets: 1, PktDropLatestDropCause: "SKB_DROP_REASON_TCP_INVALID_SEQUENCE" },
      { PktDropPackets: 2, PktDropLatestDropCause: "SKB_DROP_REASON_NETFILTER_DROP" },
      { NetworkEvents: [{ Feature: "acl", Action: "drop", Name: "lock", Namespace: "shop" }] },
      { NetworkEvents: [{ Feature: "acl", Action: "allow-related", Name: "web", Namespace: "shop" }] },
    ).map(({ verdict, reason, rule }) => [verdict, reason, rule]),
  ).toEqual([
    [null, "SKB_DROP_REASON_TCP_INVALID_SEQUENCE", null],
    ["denied", "SKB_DROP_REASON_NETFILTER_DROP", null],
    ["denied", null, "shop/lock"],
    ["allowed", null, "shop/web"],
  ]);
});

test("older records: seconds, a sampler's address in base64, and without times the time of receipt", () => {
  const old = { TimeFlowStartMs: undefined, TimeFlowEndMs: undefined, Interface: undefined, AgentIP: undefined, SamplerAddress: "ZEAABw==", InIf: 18 };
  expect(read({ ...old, TimeFlowStart: 1_764_072_000, TimeFlowEnd: 1_764_072_001 }, { ...old, TimeFlowStart: 0, TimeFlowEnd: 0 })).toMatchObject([
    { observer: "100.64.0.7 if18", first: 1_764_072_000_000_000, last: 1_764_072_001_000_000, note: null },
    { first: 1_764_072_002_000_000, last: 1_764_072_002_000_000, note: "time of receipt" },
  ]);
});

test("ICMP has types and no ports", () => {
  expect(read({ Proto: 1, IcmpType: 0, SrcPort: 0, DstPort: 0 })).toMatchObject([
    { protocol: "icmp", icmpType: 8, client: "10.128.0.9", clientPort: null, packetsToClient: 2 },
  ]);
});
