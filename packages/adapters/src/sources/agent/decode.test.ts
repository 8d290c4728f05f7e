import { expect, test } from "vitest";
import { connectionsBy } from "../testing/decoded-by.ts";
import { agentFlows } from "./decode.ts";

const seen = {
  bulkhead: "flows/1",
  observer: "web-1",
  from: "2026-11-28T12:00:00Z",
  until: "2026-11-28T12:00:10Z",
  client: "10.0.0.7",
  server: "10.0.0.9",
  protocol: 6,
  port: 443,
  packetsToServer: 3,
  bytesToServer: 180,
  packetsToClient: 2,
  bytesToClient: 120,
};
const read = (...changes: readonly object[]) => connectionsBy(agentFlows, changes.map((one) => JSON.stringify({ ...seen, ...one })).join("\n"));

test("the note says in the map's own word how many connections an interval began", () => {
  expect(read({ opened: 1 }, { opened: 0 }, { opened: 4 }).map(({ note }) => note)).toEqual([
    null,
    "goes on from an earlier interval",
    "4 connections in one interval",
  ]);
});
