import { expect, test } from "vitest";
import { connectionCsv, csvHead } from "./connection-csv.ts";
import type { HeldConnection } from "./held-connection.ts";

const told: HeldConnection = {
  clientWorkloads: [],
  serverWorkloads: ["db-1", "db-2"],
  source: "csv",
  file: "a,b.csv",
  record: 1,
  observer: '=HYPERLINK("http://x")',
  first: 0,
  last: null,
  client: "10.0.0.1",
  clientPort: 1,
  server: "10.0.0.2",
  serverPort: null,
  protocol: "tcp",
  icmpType: null,
  packetsToServer: 0,
  bytesToServer: null,
  packetsToClient: null,
  bytesToClient: null,
  direction: "stated",
  answered: null,
  verdict: null,
  rule: " @SUM(A1)",
  reason: "+1",
  sampling: null,
  clientLabels: { pod: "x" },
  serverLabels: {},
  note: 'say "no"\n-1',
};

test("a cell never begins as a formula, and stays one cell", () => {
  const line = connectionCsv(told);
  expect(line).toContain(`,"'=HYPERLINK(""http://x"")",`);
  expect(line).toContain(",' @SUM(A1),'+1,");
  expect(line).toContain('"a,b.csv"');
  expect(line).toContain('"say ""no""\n-1"');
  expect(line.startsWith("1970-01-01T00:00:00Z,,10.0.0.1,1,10.0.0.2,,tcp,,0,,,,stated,,,")).toBe(true);
});

test("each line has the cells that its head names", () => {
  expect(connectionCsv({ ...told, file: "f", note: null, observer: null, clientLabels: {} }).split(",")).toHaveLength(csvHead.split(",").length);
});
