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
import { flowsIn } from "./flow-rows.ts";
import { attributeStatements, flowsQuery, openEnd, openStart } from "./flows-query.ts";
import { rollUpStatements, slicesFor, textRecords } from "./roll-up.ts";

const minute = 60_000_000;
const day = 1440 * minute;
const columns =
  "source String, observer Nullable(String), first Nullable(Int64), last Nullable(Int64), client String, clientPort Nullable(UInt16), server String, serverPort Nullable(UInt16), protocol String, icmpType Nullable(UInt8), packetsToServer Nullable(UInt64), bytesToServer Nullable(UInt64), packetsToClient Nullable(UInt64), bytesToClient Nullable(UInt64), direction String, answered Nullable(Bool), verdict Nullable(String), note Nullable(String), sampling Nullable(UInt32)";
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

function load(table: string, batches: readonly (readonly object[])[], shape: string): void {
  const path = join(directory, `${table}.json`);
  session.query(`DROP TABLE IF EXISTS w.${table}`);
  session.query(`CREATE TABLE w.${table} (${shape}) ENGINE = MergeTree ORDER BY tuple()`);
  for (const rows of batches.filter((batch) => batch.length > 0)) {
    writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
    session.query(`INSERT INTO w.${table} SELECT * FROM file('${path}', 'JSONEachRow', '${shape}')`);
  }
}

interface Window {
  readonly since: number | null;
  readonly until: number | null;
}
const always: Window = { since: null, until: null };

interface Asked {
  readonly windows?: readonly Window[];
  readonly slices?: number;
  /** A roll-up that is broken on purpose. */
  readonly broken?: (statement: string) => string;
}

async function bySql(
  batches: readonly (readonly Connection[])[],
  held: readonly HolderSegment[],
  { windows = [always], slices = 1, broken = (statement) => statement }: Asked = {},
) {
  load("records", batches, columns);
  load("segments", [held.map((one) => ({ ...one, from: one.from ?? openStart, until: one.until ?? openEnd }))], segmentColumns);
  for (const statement of rollUpStatements({ records: textRecords("w.records"), prefix: "w.", slices })) session.query(broken(statement));
  for (const statement of attributeStatements({ prefix: "w.", segments: "w.segments" })) session.query(statement);
  const answers: string[][] = [];
  for (const window of windows) {
    const query = flowsQuery({ prefix: "w.", ...window });
    for (const statement of query.make) session.query(statement);
    const bytes = async (of: string, format: string) => Buffer.from((await session.queryAsync(of, { format })).bytes());
    const [flows, ends, words] = [await bytes(query.flows, "RowBinary"), await bytes(query.ends, "RowBinary"), await bytes(query.words, "JSONEachRow")];
    for (const statement of query.drop) session.query(statement);
    answers.push(canonical(flowsIn({ flows, ends, words })));
  }
  return answers;
}

function byCore(records: readonly Connection[], held: readonly HolderSegment[], windows: readonly Window[]) {
  const conversations = conversationsOf(records);
  const isInside = (first: number | null, { since, until }: Window): boolean =>
    first === null ? since === null && until === null : first >= (since ?? -Infinity) && first < (until ?? Infinity);
  return windows.map((window) =>
    canonical(
      flowsOf(
        conversations.filter(({ first }) => isInside(first, window)),
        attributionOf(held),
      ),
    ),
  );
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
    note: fc.constantFrom(null, null, null, "begins", "goes on", "ends; encrypted", "goes on from an earlier interval", "it goes on"),
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
  }));

const segments: readonly HolderSegment[] = [
  { address: "10.0.0.1", from: null, until: null, holders: ["web"] },
  { address: "10.0.0.2", from: null, until: 20 * minute, holders: ["old"] },
  { address: "10.0.0.2", from: 20 * minute, until: 40 * minute, holders: ["new", "newer"] },
];

test("the engine's roll-up says what core/telemetry says, on random records", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 7 }), async (records, slices) => {
      expect(await bySql([records], segments, { slices })).toEqual(byCore(records, segments, [always]));
    }),
    { numRuns: 10 },
  );
}, 120_000);

const instant = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -3, max: 6 }).map((at) => at * day),
  fc.integer({ min: -2 * 1440, max: 5 * 1440 }).map((at) => at * minute),
);
const window = fc.record({ since: instant, until: instant });

test("batches in any order, over days and before 1970, say the same in every window", async () => {
  const overDays = fc.tuple(anyRecord, fc.integer({ min: -2, max: 4 })).map(([one, days]) => later(one, days * day));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(overDays, { maxLength: 100 }), { minLength: 1, maxLength: 4 }),
      fc.array(window, { minLength: 3, maxLength: 3 }),
      async (batches, windows) => {
        const told = byCore(batches.flat(), segments, windows);
        expect(await bySql(batches, segments, { windows })).toEqual(told);
        expect(await bySql([...batches].reverse(), segments, { windows, slices: 3 })).toEqual(told);
      },
    ),
    { numRuns: 3 },
  );
}, 120_000);

const later = (one: Connection, by: number): Connection => ({
  ...one,
  first: one.first === null ? null : one.first + by,
  last: one.last === null ? null : one.last + by,
});

test("positive control: slices that part the records of one conversation are caught", async () => {
  const [one] = fc.sample(fc.array(anyRecord, { minLength: 200, maxLength: 200 }), { seed: 1, numRuns: 1 });
  const records = one!;
  const broken = (statement: string): string => statement.replace("cityHash64(lo, hi)", "cityHash64(coalesce(r.bytesToServer, 0))");
  expect(await bySql([records], segments, { slices: 3 })).toEqual(byCore(records, segments, [always]));
  expect(await bySql([records], segments, { slices: 3, broken })).not.toEqual(byCore(records, segments, [always]));
});

test("a month of a hundred million connections is made in slices, and a day of an office in one", () => {
  expect([1, 5_000_000, 5_000_001, 200_000_000, 10_000_000_000].map(slicesFor)).toEqual([1, 1, 2, 40, 90]);
});

test("positive control: a roll-up that forgets to turn the replies is caught", async () => {
  const reply = { direction: "unknown", client: "10.0.0.2", clientPort: 22, server: "10.0.0.1", serverPort: 40_001, protocol: "tcp" } as const;
  const [record] = fc.sample(anyRecord, { seed: 1, numRuns: 1 });
  const records = [{ ...record!, ...reply }];
  const careless = records.map((one) => ({ ...one, direction: "stated" as const }));
  expect(await bySql([careless], segments)).not.toEqual(byCore(records, segments, [always]));
});

test("positive control: a window that ends a moment later is caught", async () => {
  const [record] = fc.sample(anyRecord, { seed: 1, numRuns: 1 });
  const records = [{ ...record!, first: day, last: null }];
  expect(await bySql([records], segments, { windows: [{ since: null, until: day + 1 }] })).not.toEqual(
    byCore(records, segments, [{ since: null, until: day }]),
  );
});

test("positive control: a roll-up that takes later parts for connections is caught", async () => {
  const [record] = fc.sample(anyRecord, { seed: 1, numRuns: 1 });
  const records = ["begins", "goes on", "ends"].map((note, at) => ({ ...record!, first: at * minute, last: at * minute, verdict: null, note }));
  expect(await bySql([records], segments)).toEqual(byCore(records, segments, [always]));
  const careless = records.map((one) => ({ ...one, note: null }));
  expect(await bySql([careless], segments)).not.toEqual(byCore(records, segments, [always]));
});
