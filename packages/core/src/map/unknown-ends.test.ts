import { expect, test } from "vitest";
import type { Connection } from "../model/connection.ts";
import { attributionOf, flowsOf } from "../telemetry/attribute.ts";
import { conversationsOf } from "../telemetry/conversations.ts";
import { told } from "../telemetry/testing/told.ts";
import { sizeOf } from "./dot.ts";
import { mapOf } from "./map.ts";
import { mapTable } from "./table.ts";
import { deedsText } from "./unknown-ends.ts";

const attribution = attributionOf([{ address: "10.0.0.1", from: null, until: null, holders: ["web"] }]);
const mapped = (records: readonly Partial<Connection>[], apartMax = 0) =>
  mapOf(
    flowsOf(conversationsOf(records.map((record, at) => told({ clientPort: 40_000 + at, ...record }))), attribution),
    [{ id: "web", labels: { app: "shop" } }],
    {
      apartMax,
    },
  );

const seen: readonly Partial<Connection>[] = [
  ...[22, 445, 3389].map((serverPort) => ({ server: "10.0.0.9", serverPort, answered: false })),
  { server: "10.0.0.9", serverPort: 8081 },
  { server: "10.0.0.9", serverPort: 8081, answered: false },
  ...[443, 443, 80].map((serverPort) => ({ client: "10.0.0.9", server: "8.8.8.8", serverPort })),
  { server: "10.0.0.10", serverPort: 22, answered: false },
];

test("an unknown address answers only what it answered; what it opened and what was tried stand apart", () => {
  const [end] = mapped(seen).unknowns.filter(({ address }) => address === "10.0.0.9");
  expect(end).toMatchObject({
    answers: { names: ["tcp/8081"], more: 0 },
    opens: { names: ["tcp/443", "tcp/80"] },
    tried: { names: ["tcp/22", "tcp/3389", "tcp/445"] },
  });
  expect(deedsText(end!)).toBe("answers tcp/8081; opens tcp/443, tcp/80; not seen to answer tcp/22, tcp/3389, tcp/445");
});

test("what an unknown address did reads the same whatever the order, and says how much it leaves out", () => {
  const many = Array.from({ length: 30 }, (_, n) => ({ server: "10.0.0.9", serverPort: 1000 + n }));
  const text = (records: readonly Partial<Connection>[]) => mapped(records).unknowns.map(deedsText);
  expect(text(many)).toEqual(["answers tcp/1000, tcp/1001, tcp/1002, tcp/1003 and 26 more"]);
  expect(text([...many].reverse())).toEqual(text(many));
});

test("addresses that name no machine are not missing in any inventory", () => {
  const map = mapped([
    ...["0.0.0.0", "::", "fe80::1", "169.254.7.7"].map((client) => ({ client, server: "10.0.0.1", serverPort: 67, protocol: "udp" })),
    { server: "224.0.0.251", serverPort: 5353, protocol: "udp", answered: false },
    { server: "10.0.0.10" },
  ]);
  expect(map.groups.map(({ id, addresses }) => [id, addresses])).toEqual([
    ["app=shop", 0],
    ["broadcast", 1],
    ["nowhere", 4],
    ["unknown", 1],
  ]);
  expect(map.totals).toMatchObject({ unknownThere: 1, unknownSilent: 0 });
});

test("the table lists unknown machines that are there, and counts the addresses where perhaps nobody is", () => {
  const text = mapTable(mapped(seen), { edgesMax: 5, unknownsMax: 5, printable: (word) => word });
  expect(text).toContain("answers tcp/8081");
  expect(text).toContain("1 address never answered and never spoke");
  expect(text).not.toContain("10.0.0.10");
});

test("a group of unknown addresses says how many are machines, and how many kept silent", () => {
  const { groups, totals } = mapped(seen);
  const unknown = groups.find(({ id }) => id === "unknown")!;
  expect([unknown.addresses, unknown.there, totals.unknownThere]).toEqual([2, 1, 1]);
  expect(sizeOf(unknown)).toBe("1 machine, 1 silent address");
  // Where all kept silent, and where none did, nothing is said of the others.
  expect(sizeOf({ ...unknown, there: 0 })).toBe("2 silent addresses");
  expect(sizeOf({ ...unknown, there: 2 })).toBe("2 machines");
});

test("what is no machine is said to be none, and an empty inventory is said so", () => {
  const records = [{ client: "10.0.0.9", server: "224.0.0.251", serverPort: 5353, protocol: "udp", answered: false }];
  const empty = mapOf(flowsOf(conversationsOf(records.map(told)), attributionOf([])), []);
  const text = mapTable(empty, { edgesMax: 5, unknownsMax: 5, printable: (word) => word });
  expect(text).toContain("broadcast and multicast: 1 address, no machine\n");
  expect(text).toContain("the inventory is empty");
  expect(mapTable(mapped(seen), { edgesMax: 5, unknownsMax: 5, printable: (word) => word })).not.toContain("is empty");
});

test("unknown machines stand apart when they are asked for, the busiest first, and nothing is lost or counted twice", () => {
  const together = mapped(seen);
  const apart = mapped(seen, 5);
  expect(together.groups.filter(({ kind }) => kind === "unknown")).toMatchObject([{ id: "unknown", addresses: 2, there: 1, address: null }]);
  // Who never answered and never spoke is no machine that could stand anywhere.
  expect(apart.groups.filter(({ kind }) => kind === "unknown")).toMatchObject([
    { id: "unknown", addresses: 1, there: 0, address: null },
    { id: "unknown 10.0.0.9", addresses: 1, there: 1, address: "10.0.0.9" },
  ]);
  expect(apart.edges.map(({ from, to, service }) => `${from} → ${to} ${service}`)).toContain("app=shop → unknown 10.0.0.9 tcp/8081");
  expect(apart.totals).toEqual(together.totals);
  const text = (map: typeof apart) => mapTable(map, { edgesMax: 0, unknownsMax: 9, printable: (one) => one });
  expect(/unknown inside: .*/.exec(text(apart))?.[0]).toBe(/unknown inside: .*/.exec(text(together))?.[0]);
});
