import fc from "fast-check";
import { expect, test } from "vitest";
import { connectionsBy, decodedBy, rejectsBy } from "../testing/decoded-by.ts";
import { awsVpc } from "./decode.ts";

const usual = "2 123456789010 eni-102010ab 10.0.0.7 10.0.0.9 40123 443 6 10 840 1439387263 1439387264 ACCEPT OK";
const golden = {
  source: "aws-vpc",
  file: "file",
  record: 1,
  observer: "eni-102010ab",
  first: 1_439_387_263_000_000,
  last: 1_439_387_264_000_000,
  client: "10.0.0.7",
  clientPort: 40_123,
  server: "10.0.0.9",
  serverPort: 443,
  protocol: "tcp",
  icmpType: null,
  packetsToServer: 10,
  bytesToServer: 840,
  packetsToClient: null,
  bytesToClient: null,
  direction: "port",
  answered: null,
  verdict: "allowed",
  rule: null,
  reason: null,
  sampling: null,
  clientLabels: {},
  serverLabels: {},
  note: null,
};

test("a line in the default order needs no header, and the other direction is null", () => {
  expect(connectionsBy(awsVpc, `${usual}\n`)).toEqual([golden]);
});

test("a header line gives any order, and the packet's own addresses count", () => {
  const text =
    "bytes dstaddr srcaddr pkt-dstaddr pkt-srcaddr tcp-flags dstport srcport packets protocol flow-direction start end\n" +
    "840 10.9.9.9 10.8.8.8 10.0.0.9 10.0.0.7 2 8443 40123 10 6 egress 1439387263 1439387264\n";
  expect(connectionsBy(awsVpc, text)).toEqual([{ ...golden, observer: null, serverPort: 8443, direction: "handshake", verdict: null }]);
});

test("a SYN-ACK is the server's side: client and server change places", () => {
  const text = "srcaddr dstaddr srcport dstport protocol packets bytes tcp-flags\n10.0.0.9 10.0.0.7 8443 40123 6 10 840 19\n";
  expect(connectionsBy(awsVpc, text)).toMatchObject([
    { client: "10.0.0.7", clientPort: 40_123, server: "10.0.0.9", serverPort: 8443, packetsToClient: 10, packetsToServer: null, direction: "handshake" },
  ]);
});

test("a record without flags from a well-known to a high port is a reply; between high ports nobody knows", () => {
  const turned = usual.replace("10.0.0.7 10.0.0.9 40123 443", "10.0.0.9 10.0.0.7 443 40123");
  expect(connectionsBy(awsVpc, turned)).toMatchObject([{ client: "10.0.0.7", direction: "port", bytesToClient: 840 }]);
  expect(connectionsBy(awsVpc, usual.replace(" 443 ", " 8443 "))).toMatchObject([{ client: "10.0.0.7", direction: "unknown", bytesToServer: 840 }]);
});

test("what was rejected reached nobody", () => {
  expect(connectionsBy(awsVpc, usual.replace("ACCEPT", "REJECT"))).toMatchObject([{ verdict: "denied", answered: false }]);
});

test("NODATA and SKIPDATA are said, and are no connections", () => {
  const text = `2 1 eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n2 1 eni-1 - - - - - - - 1431280876 1431280934 - SKIPDATA\n${usual}\n`;
  expect(decodedBy(awsVpc, text)).toEqual([
    { kind: "notice", reason: "NODATA" },
    { kind: "notice", reason: "SKIPDATA" },
    { kind: "connection", connection: golden },
  ]);
});

test("an export of CloudWatch with its own time before each line is read", () => {
  expect(connectionsBy(awsVpc, `2015-08-12T13:47:43.000Z ${usual}\r\n`)).toEqual([golden]);
  expect(connectionsBy(awsVpc, `timestamp,message\n1439387263000,${usual}\n`)).toEqual([golden]);
  expect(connectionsBy(awsVpc, `2015-08-12T13:47:43.000000+00:00 eni-102010ab-all ${usual}\n`)).toEqual([golden]);
});

test("ICMP has no ports", () => {
  expect(connectionsBy(awsVpc, usual.replace("40123 443 6", "0 0 1"))).toMatchObject([{ protocol: "icmp", clientPort: null, serverPort: null }]);
});

test("labels belong to the end that the interface stands at, and only where the record says which", () => {
  const header = "srcaddr dstaddr srcport dstport protocol pkt-srcaddr pkt-dstaddr instance-id flow-direction pkt-src-aws-service pkt-dst-aws-service";
  const read = (line: string) => connectionsBy(awsVpc, `${header}\n${line}\n`).map(({ clientLabels, serverLabels }) => [clientLabels, serverLabels]);
  expect(read("10.0.0.7 10.0.0.9 40123 443 6 10.0.0.7 10.0.0.9 i-1 ingress - S3")).toEqual([[{}, { host: "i-1", service: "S3" }]]);
  expect(read("10.0.0.7 10.0.0.9 40123 443 6 10.0.0.7 10.0.0.9 i-1 egress EC2 -")).toEqual([[{ host: "i-1", service: "EC2" }, {}]]);
  // The packet's own address is another than the interface's: a pod's, on that machine.
  expect(read("10.0.0.7 10.0.0.9 40123 443 6 10.0.0.7 10.0.9.9 i-1 ingress - -")).toEqual([[{}, { node: "i-1" }]]);
  expect(read("10.0.0.7 10.0.0.9 40123 443 6 10.0.0.7 10.0.0.9 i-1 - - -")).toEqual([[{}, {}]]);
});

test("a task of ECS is a pod of its service in its cluster", () => {
  const header = "srcaddr dstaddr srcport dstport protocol flow-direction ecs-cluster-name ecs-service-name ecs-task-id reject-reason action";
  expect(connectionsBy(awsVpc, `${header}\n10.0.0.7 10.0.0.9 40123 443 6 egress prod web task-1 BPA REJECT\n`)).toMatchObject([
    { clientLabels: { namespace: "prod", workload: "web", pod: "task-1" }, serverLabels: {}, reason: "BPA", verdict: "denied" },
  ]);
});

test("a transit gateway's default format needs no header, and says why it lost packets", () => {
  const line =
    "6 TransitGateway 1 tgw-1 tgw-attach-1 1 1 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 az az tgw-attach-2 10.0.0.7 10.1.0.9 40123 443 6 10 840 1439387263 1439387264 OK IPv4 0 2 0 0 2 us-east-1 ingress - -";
  expect(connectionsBy(awsVpc, line)).toMatchObject([
    { client: "10.0.0.7", server: "10.1.0.9", observer: "tgw-attach-1", reason: "blackhole", direction: "handshake", verdict: null },
  ]);
});

test("what CloudWatch sends and prints as JSON is read, and a custom order in it is refused with what to do", () => {
  const sent = JSON.stringify({ messageType: "DATA_MESSAGE", logEvents: [{ id: "1", timestamp: 1, message: usual }] });
  expect(connectionsBy(awsVpc, sent + sent)).toEqual([golden, { ...golden, record: 2 }]);
  expect(connectionsBy(awsVpc, JSON.stringify({ events: [{ message: usual, ingestionTime: 1 }], nextToken: "x" }, null, 2))).toEqual([golden]);
  expect(rejectsBy(awsVpc, JSON.stringify({ logEvents: [{ message: "10.0.0.7 10.0.0.9 6" }] }))).toMatchObject([
    { reason: "columns", message: expect.stringContaining("header line") as string },
  ]);
});

test("multicast is never a client", () => {
  expect(connectionsBy(awsVpc, usual.replace("10.0.0.9 40123 443", "239.1.2.3 123 40123"))).toMatchObject([
    { client: "10.0.0.7", server: "239.1.2.3", direction: "unknown" },
  ]);
});

test("a damaged line is rejected with its place", () => {
  const text = [
    usual,
    "2 cut",
    usual.replace("10.0.0.7", "\u001b[2J"),
    usual.replace(" 443 ", " 99999 "),
    usual.replace(" 840 ", " many "),
    usual.replace(" 6 ", " 300 "),
  ];
  expect(rejectsBy(awsVpc, text.join("\n")).map(({ reason, line }) => [reason, line])).toEqual([
    ["columns", 2],
    ["bad-address", 3],
    ["bad-port", 4],
    ["bad-number", 5],
    ["bad-protocol", 6],
  ]);
});

test("the quick reader and the slow one agree on every line", () => {
  const word = fc.constantFrom(
    "-",
    "0",
    "1",
    "2",
    "6",
    "17",
    "18",
    "19",
    "443",
    "65536",
    "300",
    "9007199254",
    "9007199255",
    "9999999999999999",
    "10.0.0.7",
    "10.0.0.07",
    "::1",
    "fe80::1",
    "ACCEPT",
    "REJECT",
    "OK",
    "NODATA",
    "é",
    "ingress",
    "egress",
    "i-1",
    "S3",
  );
  const places = fc.uniqueArray(fc.tuple(fc.nat(24), word), { maxLength: 6, selector: ([place]) => place });
  const header =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags " +
    "pkt-srcaddr pkt-dstaddr flow-direction instance-id pkt-src-aws-service pkt-dst-aws-service ecs-cluster-name ecs-service-name ecs-task-id reject-reason\n";
  fc.assert(
    fc.property(places, (changes) => {
      const words = `${usual} 2 - - ingress i-9 - - - - - -`.split(" ");
      for (const [place, text] of changes) words[place] = text;
      // Two spaces are one to the slow reader, and nothing that the quick one takes.
      expect(decodedBy(awsVpc, `${header}${words.join(" ")}\n`)).toEqual(decodedBy(awsVpc, `${header}${words.join("  ")}\n`));
    }),
    { numRuns: 1000 },
  );
});
