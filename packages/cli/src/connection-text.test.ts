import { expect, test } from "vitest";
import type { HeldConnection } from "./held-connection.ts";
import { connectionTable } from "./connection-text.ts";

const one = (changes: Partial<HeldConnection>): HeldConnection => ({
  clientWorkloads: [],
  serverWorkloads: [],
  source: "csv",
  file: "a.csv",
  record: 1,
  observer: null,
  first: 0,
  last: null,
  client: "10.0.0.1",
  clientPort: 1,
  server: "10.0.0.2",
  serverPort: 443,
  protocol: "tcp",
  icmpType: null,
  packetsToServer: 0,
  bytesToServer: null,
  packetsToClient: null,
  bytesToClient: null,
  direction: "handshake",
  answered: null,
  verdict: null,
  rule: null,
  reason: null,
  sampling: null,
  clientLabels: {},
  serverLabels: {},
  note: null,
  ...changes,
});

/** Where each line says how its direction is known. */
const columnsOf = (text: string): readonly number[] =>
  text
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.indexOf("handshake"));

test("long ends and times of any precision stay in their columns", () => {
  const long = { client: "2001:db8:1234:5678:9abc:def0:1234:5678", clientPort: 50123, clientWorkloads: ["warehouse-scanner-12"] };
  const text = connectionTable()([one({}), one({ ...long, first: 1_500_000 }), one({ first: 123 }), one({ first: null })]);
  expect(new Set(columnsOf(text)).size).toBe(1);
  expect(text.split("\n")[0]?.indexOf("how known")).toBe(columnsOf(text)[0]);
  expect(text).toContain("1970-01-01T00:00:01.500000Z ");
});

test("the head stands once over all portions, and an end of a thousand letters does not widen everything", () => {
  const table = connectionTable();
  const first = table([one({ clientWorkloads: ["x".repeat(1000)] }), one({})]);
  expect(first.split("\n")[2]!.length).toBeLessThan(200);
  expect(first + table([one({})]) + table([])).toMatch(/^first(?![^]*\nfirst)/);
  expect(connectionTable()([])).toMatch(/^first .*verdict\n$/);
});
