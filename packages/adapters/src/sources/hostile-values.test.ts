import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat } from "@bulkhead/core/outside";
import { expect, test } from "vitest";
import { recognisable } from "./open.ts";
import { cloudSamples } from "./testing/cloud-samples.ts";
import { connectionsBy } from "./testing/decoded-by.ts";

/** What a value of a document may be replaced by: words that objects know by themselves, and kinds that nobody expects. */
const strange: readonly unknown[] = [
  "constructor",
  "__proto__",
  "",
  "-",
  "\u001b[2J",
  "x".repeat(5000),
  null,
  true,
  -1,
  1e300,
  0.5,
  [],
  [[]],
  {},
  { constructor: 1 },
  ["10.0.0.1"],
];

/** The document with one value after the other replaced by each of these; texts also column by column. */
function* replaced(document: unknown): Generator<unknown> {
  if (typeof document === "object" && document !== null) {
    const isList = Array.isArray(document);
    for (const [key, value] of Object.entries(document)) {
      const withValue = (one: unknown): unknown =>
        isList ? document.map((old: unknown, at) => (String(at) === key ? one : old)) : { ...document, [key]: one };
      for (const one of strange) yield withValue(one);
      for (const one of replaced(value)) yield withValue(one);
    }
    return;
  }
  const columns = typeof document === "string" ? document.split(",") : [];
  if (columns.length < 2) return;
  for (const at of columns.keys()) for (const word of ["constructor", "__proto__", "", "-1", "99999"]) yield columns.with(at, word).join(",");
}

const isText = (value: unknown): boolean => value === null || (typeof value === "string" && value.length < 5000);
const isCount = (value: unknown): boolean => value === null || (Number.isSafeInteger(value) && Number(value) >= 0);

/** What is no value of its kind in a record. */
function wrongIn(one: Connection): readonly string[] {
  const counts = [
    "packetsToServer",
    "bytesToServer",
    "packetsToClient",
    "bytesToClient",
    "clientPort",
    "serverPort",
    "icmpType",
    "sampling",
    "first",
    "last",
  ] as const;
  const texts = ["observer", "rule", "reason", "note"] as const;
  return [
    ...counts.filter((name) => !isCount(one[name])),
    ...texts.filter((name) => !isText(one[name])),
    ...(/^(tcp|udp|sctp|icmp6?|\d{1,3})$/.test(one.protocol) ? [] : ["protocol"]),
    ...([one.client, one.server].every((address) => /^[\da-f.:]+$/.test(address)) ? [] : ["address"]),
    ...(["allowed", "denied", null].includes(one.verdict) && [true, false, null].includes(one.answered) ? [] : ["verdict"]),
    ...([...Object.values(one.clientLabels), ...Object.values(one.serverLabels)].every((label) => label !== null && isText(label)) ? [] : ["label"]),
  ];
}

/** The documents of a sample: the whole, or one a line. */
function documentsOf(sample: string): readonly unknown[] {
  const isWhole = sample.startsWith("[{") || (sample.startsWith("{") && !sample.includes("}\n{"));
  const texts = isWhole ? [sample] : sample.split("\n").filter((line) => line.startsWith("{"));
  return texts.map((text) => JSON.parse(text) as unknown);
}

function complaintsOf(format: FlowFormat): ReadonlySet<string> {
  const found = new Set<string>();
  for (const document of (cloudSamples[format.name] ?? []).flatMap(documentsOf))
    for (const changed of replaced(document)) {
      const complaints = connectionsBy(format, JSON.stringify(changed)).flatMap(wrongIn);
      complaints.forEach((one) => found.add(one));
    }
  return found;
}

for (const format of recognisable.filter(({ name }) => cloudSamples[name] !== undefined))
  test(`whatever stands in a value, ${format.name} makes no record that is none`, { timeout: 60_000 }, () => {
    expect([...complaintsOf(format)]).toEqual([]);
  });

test("a format that passes on what it finds is caught by the test above", () => {
  const hubble = recognisable.find(({ name }) => name === "hubble")!;
  const careless: FlowFormat = {
    ...hubble,
    decoder(input) {
      const decoder = hubble.decoder(input);
      const spoilt = (connection: Connection): Connection => ({
        ...connection,
        observer: ({} as Record<string, string>)[connection.observer ?? ""] ?? connection.observer,
      });
      const through = (all: ReturnType<typeof decoder.end>) =>
        [...all].map((one) => (one.kind === "connection" ? { ...one, connection: spoilt(one.connection) } : one));
      return { push: (bytes) => through(decoder.push(bytes)), end: () => through(decoder.end()) };
    },
  };
  expect([...complaintsOf(careless)]).toEqual(["observer"]);
});
