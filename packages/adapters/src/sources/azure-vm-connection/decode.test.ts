import { expect, test } from "vitest";
import { connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { azureVmConnection } from "./decode.ts";

const row = {
  TimeGenerated: "2025-11-25T12:00:38.868Z",
  Computer: "WEB-1",
  Direction: "outbound",
  ProcessName: "java",
  SourceIp: "10.0.0.7",
  DestinationIp: "10.0.0.9",
  DestinationPort: 5432,
  Protocol: "tcp",
  BytesSent: 218,
  BytesReceived: 1220,
  LinksEstablished: 3,
  Type: "VMConnection",
};
const read = (...rows: readonly object[]) => connectionsBy(azureVmConnection, rows.map((one) => JSON.stringify(one)).join("\n"));

test("what the monitored machine sends goes to the server, or to the client of what comes in", () => {
  expect(read(row, { ...row, Direction: "inbound" })).toMatchObject([
    {
      client: "10.0.0.7",
      clientPort: null,
      serverPort: 5432,
      bytesToServer: 218,
      bytesToClient: 1220,
      clientLabels: { host: "WEB-1", process: "java" },
      serverLabels: {},
    },
    { client: "10.0.0.7", bytesToServer: 1220, bytesToClient: 218, clientLabels: {}, serverLabels: { host: "WEB-1", process: "java" } },
  ]);
});

test("connections that were established were answered, and those that only failed were not", () => {
  expect(read(row, { ...row, LinksEstablished: 0, LinksFailed: 1 }, { ...row, Protocol: "udp", LinksEstablished: undefined })).toMatchObject([
    { answered: true, note: "payload bytes; 3 connections in one minute" },
    { answered: false },
    { answered: null, protocol: "udp" },
  ]);
});

test("rows of other tables are passed over, and a row without addresses is rejected", () => {
  const text = `${JSON.stringify({ ...row, Type: "VMProcess" })}\n${JSON.stringify({ ...row, SourceIp: null })}\n`;
  expect(rejectsBy(azureVmConnection, text)).toMatchObject([{ record: 1, line: 2, reason: "bad-address" }]);
});
