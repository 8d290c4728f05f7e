import { attributionOf, flowsOf } from "@bulkhead/core/telemetry/attribute";
import { conversationsOf } from "@bulkhead/core/telemetry/conversations";
import { ipOf, ipText } from "@bulkhead/core/base/ip";
import type { Connection, Direction } from "@bulkhead/core/model/connection";
import type { HolderSegment } from "@bulkhead/core/model/holder-segment";
import { Session } from "chdb";
import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attributeStatements, flowOf, flowsQuery, openEnd, openStart, type FlowRow } from "./flows-query.ts";
import { rollUpStatements, textRecords } from "./roll-up.ts";

const minute = 60_000_000;
const columns =
  "source String, observer Nullable(String), first Nullable(Int64), last Nullable(Int64), client String, clientPort Nullable(UInt16), server String, serverPort Nullable(UInt16), protocol String, icmpType Nullable(UInt8), packetsToServer Nullable(UInt64), bytesToServer Nullable(UInt64), packetsToClient Nullable(UInt64), bytesToClient Nullable(UInt64), direction String, answered Nullable(Bool), verdict Nullable(String), sampling Nullable(UInt32)";
const segmentColumns = "address String, from Int64, until Int64, holders Array(String)";

let directory: string;
let session: Session;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "bulkhead-roll-up-"));
  session = new Session(join(directory, "engine"));
  session.query("CREATE DATABASE w");
});
afterAll(() => {
  session.cleanup();
  rmSync(directory, { recursive: true, force: true });
});

function load(table: string, rows: readonly object[], shape: string): void {
  const path = join(directory, `${table}.json`);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  session.query(`DROP TABLE IF EXISTS w.${table}`);
  session.query(`CREATE TABLE w.${table} (${shape}) ENGINE = MergeTree ORDER BY tuple()`);
  if (rows.length > 0) session.query(`INSERT INTO w.${table} SELECT * FROM file('${path}', 'JSONEachRow', '${shape}')`);
}

function bySql(records: readonly Connection[], segments: readonly HolderSegment[]) {
  load("records", records, columns);
  load(
    "segments",
    segments.map((one) => ({ ...one, from: one.from ?? openStart, until: one.until ?? openEnd })),
    segmentColumns,
  );
  const made = [...rollUpStatements({ records: textRecords("w.records"), prefix: "w." }), ...attributeStatements({ prefix: "w.", segments: "w.segments" })];
  for (const statement of made) session.query(statement);
  const query = flowsQuery({ prefix: "w.", since: null, until: null });
  const text = session.query(`${query} SETTINGS output_format_json_quote_64bit_integers = 0`, "JSONEachRow");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => flowOf(JSON.parse(line) as FlowRow));
}

const canonical = (flows: readonly object[]) => flows.map((flow) => JSON.stringify(sortedKeys(flow))).sort();
const sortedKeys = (value: unknown): unknown =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, sortedKeys(inner)]),
      );

const address = fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "224.0.0.9", "8.8.8.8", "ff02::fb").map((text) => ipText(ipOf(text)!));
const port = fc.constantFrom(null, 22, 123, 8443, 40_001, 50_051);
const count = fc.constantFrom(null, null, 0, 1, 40, 70);
const anyRecord: fc.Arbitrary<Connection> = fc
  .record({
    source: fc.constantFrom("aws-vpc", "zeek-conn"),
    observer: fc.constantFrom(null, "eni-1", "eni-2"),
    first: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 9, arbitrary: fc.integer({ min: 0, max: 60 }).map((at) => at * minute) }),
    lasts: fc.constantFrom(null, 0, 5 * minute),
    client: address,
    clientPort: port,
    server: address,
    serverPort: port,
    protocol: fc.constantFrom("tcp", "udp", "icmp"),
    icmpType: fc.constant(null),
    packetsToServer: count,
    bytesToServer: count,
    packetsToClient: count,
    bytesToClient: count,
    direction: fc.constantFrom<Direction>("handshake", "first-packet", "port", "unknown", "unknown"),
    answered: fc.constantFrom(null, null, true, false),
    verdict: fc.constantFrom<"allowed" | "denied" | null>(null, null, "allowed", "denied"),
    sampling: fc.constantFrom(null, null, null, 16),
  })
  .map(({ lasts, ...known }) => ({
    ...known,
    last: lasts === null || known.first === null ? null : known.first + lasts,
    file: "x",
    record: 1,
    rule: null,
    reason: null,
    clientLabels: {},
    serverLabels: {},
    note: null,
  }));

const segments: readonly HolderSegment[] = [
  { address: "10.0.0.1", from: null, until: null, holders: ["web"] },
  { address: "10.0.0.2", from: null, until: 20 * minute, holders: ["old"] },
  { address: "10.0.0.2", from: 20 * minute, until: 40 * minute, holders: ["new", "newer"] },
];

test("the engine's roll-up says what core/telemetry says, on random records", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 400 }), (records) => {
      expect(canonical(bySql(records, segments))).toEqual(canonical(flowsOf(conversationsOf(records), attributionOf(segments))));
    }),
    { numRuns: 5 },
  );
}, 120_000);

test("positive control: a roll-up that forgets to turn the replies is caught", () => {
  const reply = { direction: "unknown", client: "10.0.0.2", clientPort: 22, server: "10.0.0.1", serverPort: 40_001, protocol: "tcp" } as const;
  const [record] = fc.sample(anyRecord, { seed: 1, numRuns: 1 });
  const records = [{ ...record!, ...reply }];
  const careless = records.map((one) => ({ ...one, direction: "stated" as const }));
  expect(canonical(bySql(careless, segments))).not.toEqual(canonical(flowsOf(conversationsOf(records), attributionOf(segments))));
});
