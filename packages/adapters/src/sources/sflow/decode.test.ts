import type { Connection } from "@bulkhead/core/model/connection";
import { expect, test } from "vitest";
import { connectionsBy, decodedBy, rejectsBy } from "../testing/decoded-by.ts";
import { sflow } from "./decode.ts";
import {
  be16,
  be32,
  type Bytes,
  counters,
  datagram,
  discarded,
  ethernet,
  expandedSample,
  flowSample,
  four,
  rawHeader,
  record,
  tcpPacket,
} from "./testing/datagrams.ts";
import { readByAgent, translation, users } from "./testing/samples.ts";

const raw = (ports: readonly [number, number], flags: number): Bytes => rawHeader(ethernet(tcpPacket("10.0.0.7", "10.0.0.9", ports, flags)));
const line = ({ client, clientPort, server, serverPort, protocol, direction }: Connection): string =>
  `${client}:${clientPort} → ${server}:${serverPort} ${protocol} ${direction}`;
const lines = (...samples: readonly Bytes[]): readonly string[] => connectionsBy(sflow, datagram(samples)).map(line);
const notices = (bytes: Uint8Array): readonly string[] =>
  decodedBy(sflow, bytes).flatMap((one) => (one.kind === "notice" ? [`${one.count ?? 1} × ${one.reason}`] : []));

test("a sampled packet is a connection of one packet, with its IP bytes, its rate and the agent that saw it; its time is unknown", () => {
  expect(connectionsBy(sflow, datagram([flowSample([raw([40_123, 443], 2)])]))).toEqual([
    {
      source: "sflow",
      file: "file",
      record: 1,
      observer: "192.0.2.9",
      first: null,
      last: null,
      client: "10.0.0.7",
      clientPort: 40_123,
      server: "10.0.0.9",
      serverPort: 443,
      protocol: "tcp",
      icmpType: null,
      packetsToServer: 1,
      bytesToServer: 1500,
      packetsToClient: null,
      bytesToClient: null,
      direction: "handshake",
      answered: null,
      verdict: null,
      rule: null,
      reason: null,
      sampling: 512,
      clientLabels: {},
      serverLabels: {},
      note: null,
    },
  ]);
});

test("where bulkhead listens, the time is that of arrival", () => {
  const decoder = sflow.decoder({ file: "udp", arrived: 7_000_000 });
  const decoded = [...decoder.push(datagram([flowSample([raw([40_123, 443], 2)])])), ...decoder.end()];
  expect(decoded).toMatchObject([{ connection: { first: 7_000_000, last: 7_000_000 } }]);
});

test("one packet tells who opened by its flags, else by its ports, else not", () => {
  expect(lines(flowSample([raw([443, 40_123], 0x12)]))).toEqual(["10.0.0.9:40123 → 10.0.0.7:443 tcp handshake"]);
  expect(lines(flowSample([raw([443, 40_123], 0x18)]))).toEqual(["10.0.0.9:40123 → 10.0.0.7:443 tcp port"]);
  expect(lines(flowSample([raw([50_001, 40_123], 0x10)]))).toEqual(["10.0.0.7:50001 → 10.0.0.9:40123 tcp unknown"]);
});

test("compact and expanded samples, and headers that the agent has read itself, say the same", () => {
  const udp = "10.0.0.7:50000 → 10.0.0.9:40123 udp unknown";
  expect(lines(flowSample([readByAgent]), expandedSample([readByAgent]))).toEqual([udp, udp]);
  const six = record(4, [
    ...be32(99),
    ...be32(6),
    ...be32(536939960),
    ...be32(0),
    ...be32(0),
    ...be32(7),
    ...be32(536939960),
    ...be32(0),
    ...be32(0),
    ...be32(9),
    ...be32(40123),
    ...be32(443),
    ...be32(2),
    ...be32(0),
  ]);
  expect(connectionsBy(sflow, datagram([expandedSample([six])]))).toMatchObject([
    { client: "2001:db8::7", server: "2001:db8::9", serverPort: 443, direction: "handshake", bytesToServer: 99 },
  ]);
});

test("the packet is found behind VLAN tags, MPLS labels and IPv6 extension headers, and in a fragment there are no ports", () => {
  const packet = tcpPacket("10.0.0.7", "10.0.0.9", [40_123, 443], 2);
  const expected = "10.0.0.7:40123 → 10.0.0.9:443 tcp handshake";
  expect(lines(flowSample([rawHeader(ethernet(packet, [0x88a8, 0x8100]))]))).toEqual([expected]);
  expect(lines(flowSample([rawHeader(ethernet([0, 0, 0x10, 64, 0, 0, 0x11, 64, ...packet], [], 0x8847))]))).toEqual([expected]);
  expect(lines(flowSample([rawHeader([0, 0, 0x11, 64, ...packet], 13)]))).toEqual([expected]);
  const v6 = [
    0x60,
    0,
    0,
    0,
    ...be16(28),
    0,
    64,
    ...be32(0x20010db8),
    ...be32(0),
    ...be32(0),
    ...be32(7),
    ...be32(0x20010db8),
    ...be32(0),
    ...be32(0),
    ...be32(9),
  ];
  const icmp = [58, 0, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0];
  expect(connectionsBy(sflow, datagram([flowSample([rawHeader([...v6, ...icmp], 12)])]))).toMatchObject([
    { client: "2001:db8::7", protocol: "icmp6", icmpType: 128, clientPort: null, bytesToServer: 68 },
  ]);
  const fragment = packet.map((byte, at) => (at === 7 ? 5 : byte));
  expect(lines(flowSample([rawHeader(fragment, 11)]))).toEqual(["10.0.0.7:null → 10.0.0.9:null tcp unknown"]);
});

test("of a tunnel the inner conversation is the record, and the note names it; what was cut off before it is the outer one", () => {
  const inner = tcpPacket("10.0.0.7", "10.0.0.9", [40_123, 443], 2);
  const outer = (protocol: number, payload: Bytes): Bytes => [
    0x45,
    0,
    ...be16(1500),
    0,
    0,
    0,
    0,
    64,
    protocol,
    0,
    0,
    ...four("192.0.2.1"),
    ...four("192.0.2.2"),
    ...payload,
  ];
  const vxlan = [...be16(50_000), ...be16(4789), 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 7, 0];
  const geneve = [...be16(50_000), ...be16(6081), 0, 0, 0, 0, 1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 4];
  const read = (packet: Bytes) => connectionsBy(sflow, datagram([flowSample([rawHeader(packet, 11)])])).map((one) => `${line(one)} ${one.note}`);
  const known = "10.0.0.7:40123 → 10.0.0.9:443 tcp handshake";
  expect(read(outer(17, [...vxlan, ...ethernet(inner)]))).toEqual([`${known} VXLAN inner`]);
  expect(read(outer(17, [...geneve, ...ethernet(inner)]))).toEqual([`${known} GENEVE inner`]);
  expect(read(outer(4, inner))).toEqual([`${known} IP-in-IP inner`]);
  expect(read(outer(47, [0x20, 0, 8, 0, 0, 0, 0, 9, ...inner]))).toEqual([`${known} GRE inner`]);
  expect(read(outer(47, [0, 0, 0x65, 0x58, ...ethernet(outer(4, inner))]))).toEqual([`${known} GRE IP-in-IP inner`]);
  // A tunnel in a tunnel without end ends with what is read.
  const endless = Array.from({ length: 3000 }, () => outer(4, [])).flat();
  expect(read(endless)).toHaveLength(1);
  expect(read(outer(17, vxlan))).toEqual(["192.0.2.1:50000 → 192.0.2.2:4789 udp unknown null"]);
});

test("a discarded packet has its reason, and a verdict where somebody decided it", () => {
  const of = (reason: number) =>
    connectionsBy(sflow, datagram([discarded([raw([40_123, 443], 2)], reason)])).map((one) => `${one.verdict} ${one.answered} ${one.reason}`);
  expect([258, 257, 999].flatMap(of)).toEqual(["denied false ACL", "null null TTL exceeded", "null null discarded for reason 999"]);
});

test("a sample that says where the packet went out, or that it did not, says why", () => {
  const of = (output: number) =>
    [flowSample, expandedSample].map((kind) => connectionsBy(sflow, datagram([kind([raw([40_123, 443], 2)], { output })]))[0]?.reason);
  expect(of(4)).toEqual([null, null]);
  expect(of(2 * 2 ** 30 + 5)).toEqual([null, null]);
  expect(of(2 ** 30 + 258)).toEqual(["ACL", "ACL"]);
});

test("users and translations that the agent names stand at their ends", () => {
  expect(connectionsBy(sflow, datagram([flowSample([raw([443, 40_123], 0x18), users, translation])]))).toMatchObject([
    { client: "10.0.0.9", clientLabels: {}, serverLabels: { user: "mary" }, note: "source translated to 192.0.2.1; destination translated to 10.0.0.9" },
  ]);
});

test("counters are no connections; lost datagrams and dropped samples are counted", () => {
  const sample = (drops: number) => flowSample([raw([40_123, 443], 2)], { drops });
  const bytes = Uint8Array.from([...datagram([counters, sample(5)], 1), ...datagram([sample(9)], 4)]);
  expect(notices(bytes)).toEqual([
    "1 × counters of interfaces, no packets",
    "2 × lost on the way, by the sequence numbers",
    "4 × samples that the agent had to drop",
  ]);
  expect(connectionsBy(sflow, bytes).map((one) => one.record)).toEqual([1, 2]);
});

test("damage and older versions are refused in words", () => {
  const reasons = (bytes: Uint8Array): readonly string[] => rejectsBy(sflow, bytes).map(({ reason }) => reason);
  expect(reasons(Uint8Array.from([...be32(4), ...be32(1), ...four("10.0.0.1"), ...be32(1)]))).toEqual(["no-datagram"]);
  expect(rejectsBy(sflow, Uint8Array.from([...be32(4), ...be32(1)]))[0]?.message).toContain("let the agent send version 5");
  const good = datagram([flowSample([raw([40_123, 443], 2)])]);
  expect(reasons(good.subarray(0, 60))).toEqual(["truncated"]);
  expect(reasons(datagram([[...be32(1), ...be32(0x7fffffff)]]))).toEqual(["absurd-length"]);
  expect(reasons(datagram([flowSample([[...be32(1), ...be32(400), 0, 0, 0, 0]])]))).toEqual(["bad-sample"]);
  expect(notices(datagram([flowSample([rawHeader([1, 2, 3])])]))).toEqual(["1 × a sample holds no IP packet"]);
});
