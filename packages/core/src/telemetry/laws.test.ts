import fc from "fast-check";
import { expect, test } from "vitest";
import { hour, minute } from "../base/instant.ts";
import type { Connection } from "../model/connection.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { HolderSegment } from "../model/holder-segment.ts";
import { attributionOf, flowsOf } from "./attribute.ts";
import { conversationsOf } from "./conversations.ts";
import { told } from "./testing/told.ts";

const addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "8.8.8.8"];
const someone = fc.constantFrom(...addresses);

// Leases that begin and end on the hour, so that flows also fall on the very borders.
const anySegments: fc.Arbitrary<readonly HolderSegment[]> = fc
  .array(fc.tuple(someone, fc.array(fc.constantFrom(["a"], ["b"], ["c"], ["a", "b"], []), { minLength: 1, maxLength: 5 })), { maxLength: 4 })
  .map((rows) => [...new Map(rows)].flatMap(([address, turns]) => turns.map((holders, at) => ({ address, from: at * hour, until: (at + 1) * hour, holders }))));

const anyRecord = fc
  .tuple(
    someone,
    someone,
    fc.constantFrom(22, 443, 8443),
    fc.integer({ min: 0, max: 11 }),
    fc.constantFrom("core", "edge"),
    fc.integer({ min: 40_000, max: 40_003 }),
  )
  .map(([client, server, serverPort, halfHours, observer, clientPort]) =>
    told({ client, clientPort, server, serverPort, first: (halfHours * hour) / 2, observer }),
  );

const counted = (flows: readonly Pick<Flow, "connections">[]) => flows.reduce((sum, { connections }) => sum + connections, 0);

test("law 16: aggregation loses no connection and invents none", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 30 }), anySegments, (records, segments) => {
      const conversations = conversationsOf(records);
      // Told once by each record of the observer that told most, within one stretch of one pair of endpoints: at most all records, at least one for each pair.
      const pairs = new Set(records.map(({ client, clientPort, server, serverPort }) => `${client} ${clientPort} ${server} ${serverPort}`));
      expect(counted(conversations)).toBeLessThanOrEqual(records.length);
      expect(counted(conversations)).toBeGreaterThanOrEqual(pairs.size);
      const flows = flowsOf(conversations, attributionOf(segments));
      expect(counted(flows)).toBe(counted(conversations));
      for (const flow of flows) expect(flow.answered + flow.unanswered + flow.untold).toBe(flow.connections);
      // By one observer alone every record is a conversation.
      const alone = records.filter(({ observer }) => observer === "core");
      expect(counted(flowsOf(conversationsOf(alone), attributionOf(segments)))).toBe(alone.length);
    }),
  );
});

/** One record as a source tells it that reports on a connection while it lasts: it begins, goes on, and ends. */
const inParts = (record: Connection, parts: number): readonly Connection[] => [
  { ...record, note: "begins", packetsToServer: null, bytesToServer: null, packetsToClient: null, bytesToClient: null, answered: null },
  ...Array.from({ length: parts }, (_, at) => ({
    ...record,
    first: record.first! + at * minute,
    last: record.first! + at * minute,
    note: at === parts - 1 ? "ends" : "goes on",
  })),
];
const anyParts = fc.array(fc.tuple(anyRecord, fc.integer({ min: 1, max: 5 })), { maxLength: 20 });
const summed = (records: readonly Connection[]) => conversationsOf(records).map(({ connections, answered }) => [connections, answered]);

test("law 16: a connection that is told in parts counts as often as one that is told at once", () => {
  fc.assert(
    fc.property(anyParts, (all) => {
      const alone = all.map(([record, parts]) => [{ ...record, observer: "core" }, parts] as const);
      const whole = alone.map(([record]) => record);
      const told = conversationsOf(alone.flatMap(([record, parts]) => inParts(record, parts)));
      expect(counted(told)).toBe(whole.length);
      // Without its beginning it is told all the same, once in each stretch.
      const later = conversationsOf(alone.flatMap(([record, parts]) => inParts(record, parts).slice(1)));
      expect(later.map(({ connections }) => connections)).toEqual(conversationsOf(whole).map(() => 1));
    }),
  );
});

test("a part that stands before every beginning is of a connection that began unseen", () => {
  const [begins, goesOn] = [told({ first: 5 * minute, note: "begins" }), told({ first: 0, note: "goes on" })];
  expect(summed([goesOn, begins])).toEqual([[2, 1]]);
  expect(summed([begins, { ...goesOn, first: 6 * minute }])).toEqual([[1, 1]]);
  // What is denied goes on with nothing.
  expect(summed([begins, { ...goesOn, first: 6 * minute, verdict: "denied", answered: false }])).toEqual([[2, 1]]);
});

test("positive control: parts that are taken for records invent connections", () => {
  const parts = inParts(told({}), 4);
  expect(summed(parts)).toEqual([[1, 1]]);
  expect(summed(parts.map((one) => ({ ...one, note: null })))).not.toEqual([[1, 1]]);
});

test("positive control: a sum that keeps one flow of each pair of ends breaks law 16", () => {
  const records = [told({ serverPort: 22 }), told({ serverPort: 443, clientPort: 40_001 })];
  const flows = flowsOf(conversationsOf(records), attributionOf([]));
  const careless = [...new Map(flows.map((flow) => [JSON.stringify([flow.client, flow.server]), flow])).values()];
  expect(counted(careless)).not.toBe(records.length);
});

/** The meaning of a lease, read segment by segment. */
function heldAt(segments: readonly HolderSegment[], address: string, at: number): FlowEnd {
  const holders = segments
    .filter((one) => one.address === address && (one.from ?? -Infinity) <= at && at < (one.until ?? Infinity))
    .flatMap((one) => one.holders);
  if (holders.length > 1) return { kind: "contested", address, holders };
  return holders.length === 1 ? { kind: "held", holder: holders[0]! } : { kind: "bare", address };
}

test("law 17: attribution uses the lease of the flow's own time", () => {
  fc.assert(
    fc.property(anyRecord, anySegments, (record, segments) => {
      const [flow] = flowsOf(conversationsOf([record]), attributionOf(segments));
      expect(flow?.client).toEqual(heldAt(segments, record.client, record.first!));
      expect(flow?.server).toEqual(heldAt(segments, record.server, record.first!));
    }),
  );
});

test("positive control: attribution by the lease of today breaks law 17", () => {
  const segments = [
    { address: "10.0.0.1", from: 0, until: hour, holders: ["a"] },
    { address: "10.0.0.1", from: hour, until: null, holders: ["b"] },
  ];
  const today = attributionOf(segments)("10.0.0.1", 5 * hour);
  expect(attributionOf(segments)("10.0.0.1", hour - 1)).toEqual({ kind: "held", holder: "a" });
  expect(attributionOf(segments)("10.0.0.1", hour)).toEqual(today);
  expect(attributionOf(segments)("10.0.0.1", 0)).not.toEqual(today);
});

test("a flow without a time is attributed only where no lease has an end", () => {
  const attribution = attributionOf([
    { address: "10.0.0.1", from: null, until: null, holders: ["a"] },
    { address: "10.0.0.2", from: 0, until: null, holders: ["b"] },
  ]);
  expect([attribution("10.0.0.1", null), attribution("10.0.0.2", null)]).toEqual([
    { kind: "held", holder: "a" },
    { kind: "bare", address: "10.0.0.2" },
  ]);
});
