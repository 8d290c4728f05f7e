import { expect, test } from "vitest";
import { connectionsBy, decodedBy, rejectsBy } from "../testing/decoded-by.ts";
import { azureNsg } from "./decode.ts";

const record = (tuples: readonly string[], { rule = "UserRule_web", minute = "00" } = {}): object => ({
  time: `2025-11-25T12:${minute}:35Z`,
  category: "NetworkSecurityGroupFlowEvent",
  properties: { Version: 2, flows: [{ rule, flows: [{ mac: "000D3AF87856", flowTuples: tuples }] }] },
});
const read = (...records: readonly object[]) => connectionsBy(azureNsg, JSON.stringify({ records }));

test("a tuple names who opened, the rule, the verdict, and after the beginning what went both ways", () => {
  expect(
    read(
      record([
        "1764072000,10.0.0.7,10.0.0.9,40123,443,T,I,A,B,,,,",
        "1764072060,10.0.0.7,10.0.0.9,40123,443,T,I,A,C,10,840,8,700",
        "1764072090,10.0.0.7,10.0.0.9,40123,443,T,I,A,E,1,52,0,0",
        "1764072000,10.0.0.7,10.0.0.9,40124,53,U,O,D,B,,,,",
      ]),
    ),
  ).toMatchObject([
    { record: 1, direction: "stated", verdict: "allowed", rule: "UserRule_web", packetsToServer: null, bytesToClient: null, answered: null, note: "begins" },
    { record: 2, packetsToServer: 10, bytesToServer: 840, packetsToClient: 8, bytesToClient: 700, answered: true, note: "goes on" },
    { record: 3, first: 1_764_072_090_000_000, last: 1_764_072_090_000_000, packetsToClient: 0, answered: null, note: "ends" },
    { record: 4, protocol: "udp", verdict: "denied", answered: false, packetsToServer: null, observer: "000D3AF87856" },
  ]);
});

test("version 1 says nothing of counts", () => {
  expect(read(record(["1487282421,192.0.2.95,10.1.0.4,51529,5358,T,I,D"]))).toMatchObject([
    { client: "192.0.2.95", serverPort: 5358, verdict: "denied", note: null },
  ]);
});

test("records inside a record are read, and what stands twice counts once and is said", () => {
  const [first, second] = [record(["1764072000,10.0.0.7,10.0.0.9,1,443,T,I,A"]), record(["1764072060,10.0.0.7,10.0.0.9,2,443,T,I,A"], { minute: "01" })];
  const third = record(["1764072120,10.0.0.7,10.0.0.9,3,443,T,I,A"], { minute: "02" });
  const decoded = decodedBy(azureNsg, JSON.stringify({ records: [first, second, { records: [first, second, third] }] }));
  expect(decoded.map((one) => (one.kind === "connection" ? one.connection.clientPort : one.kind === "notice" ? one.reason : one))).toEqual([
    1,
    2,
    "repeated record",
    "repeated record",
    3,
  ]);
});

test("equal tuples of two records are two records", () => {
  const tuple = "1764072000,10.0.0.7,10.0.0.9,1,443,T,I,A,C,1,40,1,40";
  expect(read(record([tuple]), record([tuple], { minute: "01" }))).toHaveLength(2);
});

test("a damaged tuple is rejected with its reason, and the others are read", () => {
  const tuples = [
    "1764072000,10.0.0.7,10.0.0.9,1,443,T,I",
    "1764072000,10.0.0,10.0.0.9,1,443,T,I,A",
    "1764072000,10.0.0.7,10.0.0.9,1,443,constructor,I,A",
    "yesterday,10.0.0.7,10.0.0.9,1,443,T,I,A",
    "1764072000,10.0.0.7,10.0.0.9,1,443,T,I,?",
    "1764072000,10.0.0.7,10.0.0.9,1,70000,T,I,A",
    "1764072000,10.0.0.7,10.0.0.9,1,443,T,I,A,C,-1,840,8,700",
    "1764072000,10.0.0.7,10.0.0.9,1,443,T,I,A",
  ];
  const text = JSON.stringify({ records: [record(tuples)] });
  expect(rejectsBy(azureNsg, text).map(({ reason, record: nth }) => [nth, reason])).toEqual([
    [1, "columns"],
    [2, "bad-address"],
    [3, "bad-protocol"],
    [4, "bad-time"],
    [5, "bad-verdict"],
    [6, "bad-port"],
    [7, "bad-number"],
  ]);
  expect(connectionsBy(azureNsg, text)).toMatchObject([{ record: 8 }]);
});
