import { expect, test } from "vitest";
import { connectionsBy, decodedBy, rejectsBy } from "../testing/decoded-by.ts";
import { hubble } from "./decode.ts";

const flow = {
  time: "2025-11-25T12:00:00.5Z",
  verdict: "FORWARDED",
  IP: { source: "10.244.1.60", destination: "10.244.1.5", ipVersion: "IPv4" },
  l4: { TCP: { source_port: 44_916, destination_port: 8080, flags: { ACK: true } } },
  source: { namespace: "shop", pod_name: "web-1", workloads: [{ name: "web", kind: "Deployment" }] },
  destination: { namespace: "shop", pod_name: "api-1" },
  node_name: "kind/worker",
};
const read = (...changes: readonly object[]) => connectionsBy(hubble, changes.map((one) => JSON.stringify({ ...flow, ...one })).join("\n"));
const tcp = (flags: object): object => ({ l4: { TCP: { source_port: 44_916, destination_port: 8080, flags } } });

test("a flow is read with its envelope and without, at the time of its event", () => {
  const enveloped = JSON.stringify({ flow, node_name: "kind/worker", time: flow.time });
  const bare = JSON.stringify(flow);
  expect(connectionsBy(hubble, enveloped)).toEqual(connectionsBy(hubble, bare));
  expect(connectionsBy(hubble, bare)).toMatchObject([
    {
      first: 1_764_072_000_500_000,
      last: 1_764_072_000_500_000,
      observer: "kind/worker",
      verdict: "allowed",
      packetsToServer: null,
      clientLabels: { pod: "web-1", namespace: "shop", workload: "web" },
      serverLabels: { pod: "api-1", namespace: "shop" },
    },
  ]);
});

test("who opened: a SYN, a SYN-ACK, Cilium's own word, a socket's way, the kind of request, in this order", () => {
  expect(
    read(
      tcp({ SYN: true }),
      tcp({ SYN: true, ACK: true }),
      { is_reply: true },
      { is_reply: false },
      { reply: true },
      { sock_xlate_point: "SOCK_XLATE_POINT_POST_DIRECTION_REV" },
      { l7: { type: "RESPONSE", http: { code: 200 } } },
      {},
    ).map(({ client, direction, answered }) => [client, direction, answered]),
  ).toEqual([
    ["10.244.1.60", "handshake", null],
    ["10.244.1.5", "handshake", true],
    ["10.244.1.5", "stated", true],
    ["10.244.1.60", "stated", null],
    ["10.244.1.5", "stated", true],
    ["10.244.1.5", "stated", true],
    ["10.244.1.5", "stated", true],
    ["10.244.1.60", "unknown", null],
  ]);
});

test("a drop is denied with its reason and policy; audit lets through and says so; an error and a trace are no verdict", () => {
  expect(
    read(
      { verdict: "DROPPED", drop_reason_desc: "POLICY_DENIED", ingress_denied_by: [{ name: "lock", namespace: "shop" }] },
      { verdict: "DROPPED", drop_reason: 181 },
      { verdict: "AUDIT" },
      { verdict: "REDIRECTED" },
      { verdict: "ERROR" },
      { verdict: "TRACED" },
      { egress_allowed_by: [{ name: "b" }, { name: "a", namespace: "shop" }] },
    ).map(({ verdict, reason, rule, note }) => [verdict, reason, rule, note]),
  ).toEqual([
    ["denied", "POLICY_DENIED", "shop/lock", null],
    ["denied", "181", null, null],
    ["allowed", null, null, "audit: would be denied"],
    ["allowed", null, null, "redirected to the proxy"],
    [null, "ERROR", null, null],
    [null, null, null, null],
    ["allowed", null, "b, shop/a", null],
  ]);
});

test("an echo reply is the server's, and ICMP names the type that opened it", () => {
  expect(read({ l4: { ICMPv4: { type: 8 } } }, { l4: { ICMPv4: {} } }, { l4: { ICMPv6: { type: 129 } } }, { l4: { ICMPv6: { type: 133 } } })).toMatchObject([
    { protocol: "icmp", icmpType: 8, client: "10.244.1.60", clientPort: null },
    // Protobuf's JSON leaves out zeros: a type that is missing is an echo reply.
    { protocol: "icmp", icmpType: 8, client: "10.244.1.5" },
    { protocol: "icmp6", icmpType: 128, client: "10.244.1.5" },
    { protocol: "icmp6", icmpType: 133, direction: "unknown" },
  ]);
});

test("where in the host it was seen, and what was asked at layer 7, stand in the note", () => {
  expect(
    read({ trace_observation_point: "TO_ENDPOINT" }, { l7: { type: "REQUEST", dns: { query: "shop.example." } } }, { IP: { ...flow.IP, encrypted: true } }).map(
      ({ note }) => note,
    ),
  ).toEqual(["seen at TO_ENDPOINT", "dns request", "encrypted"]);
});

test("lost events are said; events of agents and frames without addresses are no flows", () => {
  const text = [
    { lost_events: { source: "PERF_EVENT_RING_BUFFER", num_events_lost: "12" }, node_name: "n" },
    { agent_event: { type: "ENDPOINT_CREATED" }, node_name: "n" },
    { flow: { verdict: "FORWARDED", ethernet: { source: "aa:bb:cc:dd:ee:ff" } } },
  ]
    .map((one) => JSON.stringify(one))
    .join("\n");
  expect(decodedBy(hubble, text)).toEqual([{ kind: "notice", reason: "lost events (PERF_EVENT_RING_BUFFER)", count: 12 }]);
});

test("a flow with half an address is rejected", () => {
  expect(rejectsBy(hubble, JSON.stringify({ ...flow, IP: { source: "10.244.1.60" } }))).toMatchObject([{ reason: "bad-address", line: 1 }]);
  expect(rejectsBy(hubble, JSON.stringify({ ...flow, IP: undefined }))).toMatchObject([
    { reason: "no-address", message: expect.stringContaining("field mask") as string },
  ]);
});
