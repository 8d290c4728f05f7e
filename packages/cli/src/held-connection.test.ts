import { attributionOf } from "@bulkhead/core/telemetry/attribute";
import { expect, test } from "vitest";
import { connectionTable } from "./connection-text.ts";
import { heldConnection } from "./held-connection.ts";

const told = {
  source: "csv",
  file: "x.csv",
  record: 1,
  observer: null,
  first: 50,
  last: null,
  client: "10.0.0.1",
  clientPort: 1,
  server: "10.0.0.2",
  serverPort: 2,
  protocol: "tcp",
  icmpType: null,
  packetsToServer: 0,
  bytesToServer: null,
  packetsToClient: null,
  bytesToClient: null,
  direction: "stated" as const,
  answered: null,
  verdict: null,
  rule: null,
  reason: null,
  sampling: null,
  clientLabels: {},
  serverLabels: {},
  note: null,
};
const attribution = attributionOf([
  { address: "10.0.0.1", from: null, until: 40, holders: ["old"] },
  { address: "10.0.0.1", from: 40, until: null, holders: ["web-1"] },
  { address: "10.0.0.2", from: null, until: null, holders: ["db-1", "db-2"] },
]);

test("a listed connection names who held its addresses at its own time, and all who contest one", () => {
  expect(heldConnection(told, attribution)).toMatchObject({ clientWorkloads: ["web-1"], serverWorkloads: ["db-1", "db-2"] });
  expect(heldConnection({ ...told, first: 39 }, attribution).clientWorkloads).toEqual(["old"]);
  expect(heldConnection({ ...told, client: "10.0.0.3" }, attribution).clientWorkloads).toEqual([]);
  expect(connectionTable()([heldConnection(told, attribution)])).toContain("10.0.0.1 :1 web-1");
});

test("a name from an inventory cannot speak to the terminal", () => {
  const hostile = attributionOf([{ address: "10.0.0.1", from: null, until: null, holders: ["\u001b[31mweb"] }]);
  expect(connectionTable()([heldConnection(told, hostile)])).toContain("\\u001b[31mweb");
});
