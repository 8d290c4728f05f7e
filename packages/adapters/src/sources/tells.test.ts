import { type Connection, isContinuing } from "@bulkhead/core/model/connection";
import type { Extent, FlowFormat } from "@bulkhead/core/outside";
import { expect, test } from "vitest";
import { recognisable } from "./open.ts";
import { connectionsBy } from "./testing/decoded-by.ts";
import { flowSourcesPage } from "./testing/flow-sources-page.ts";
import { samples, table } from "./testing/samples.ts";

const formats: readonly FlowFormat[] = [...recognisable, table];

/** What a record says that its source claims never to say, or lacks that it claims always to say. */
function contradictions({ tells }: FlowFormat, connection: Connection): readonly string[] {
  const extents: readonly (readonly [word: "answered" | "verdict" | "rule" | "reason", extent: Extent])[] = [
    ["answered", tells.answered],
    ["verdict", tells.verdict],
    ["rule", tells.rule],
    ["reason", tells.reason],
  ];
  const labels = [...Object.keys(connection.clientLabels), ...Object.keys(connection.serverLabels)];
  return [
    ...(tells.opener.includes(connection.direction) ? [] : [`direction ${connection.direction}`]),
    ...extents.flatMap(([word, extent]) => ((connection[word] === null ? "always" : "never") === extent ? [`${word} ${String(connection[word])}`] : [])),
    ...(isContinuing(connection) && !tells.connections.includes("beginnings") ? ["a later part of a connection"] : []),
    ...(countsOf(connection) === "one" && !tells.connections.includes("windows") ? ["a window of one direction"] : []),
    ...(tells.counts.includes(countsOf(connection)) ? [] : [`counts ${countsOf(connection)}`]),
    ...labels.filter((key) => !tells.labels.includes(key)).map((key) => `label ${key}`),
    ...((connection.sampling !== null) === (tells.sampling !== "said") && connection.sampling !== null ? [`sampling ${connection.sampling}`] : []),
    ...(connection.first !== null && tells.times === "none" ? ["a time"] : []),
    ...(tells.bytes.every((counted) => counted === "ip") && /\b(frame|payload) bytes\b/.test(connection.note ?? "") ? [connection.note!] : []),
  ];
}

function countsOf({ packetsToServer, bytesToServer, packetsToClient, bytesToClient }: Connection): "both" | "one" | "none" {
  const there = packetsToServer !== null || bytesToServer !== null;
  const back = packetsToClient !== null || bytesToClient !== null;
  return there && back ? "both" : there || back ? "one" : "none";
}

const contradictionsOf = (format: FlowFormat): readonly string[] =>
  (samples[format.name] ?? []).flatMap((sample) => connectionsBy(format, sample).flatMap((connection) => contradictions(format, connection)));

test("the page says what the code says", async () => {
  await expect(flowSourcesPage(formats), "`npx vitest run packages/adapters/src/sources/tells.test.ts -u` writes the page anew").toMatchFileSnapshot(
    "../../../../docs/reference/flow-sources.md",
  );
});

test("no record of a sample says what its source claims never to tell, or leaves out what it claims always to tell", () => {
  for (const format of formats) expect(contradictionsOf(format), format.name).toEqual([]);
});

test("a source that claims too much or too little is caught by the test above", () => {
  const zeek = recognisable.find(({ name }) => name === "zeek-conn")!;
  for (const claim of [{ opener: ["unknown"] }, { answered: "never" }, { verdict: "always" }, { counts: ["one"] }, { times: "none" }] as const)
    expect(contradictionsOf({ ...zeek, tells: { ...zeek.tells, ...claim } }), JSON.stringify(claim)).not.toEqual([]);
});

test("a source whose later parts or windows are said to be whole connections is caught by the test above", () => {
  for (const name of ["azure-nsg", "azure-vnet", "aws-vpc"]) {
    const format = recognisable.find((one) => one.name === name)!;
    expect(contradictionsOf({ ...format, tells: { ...format.tells, connections: ["records"] } }), name).not.toEqual([]);
  }
});

test("every format has samples with connections in them, and no sample is of a format that is gone", () => {
  for (const format of formats)
    for (const sample of samples[format.name] ?? [""]) expect(connectionsBy(format, sample), `a sample of ${format.name}`).not.toEqual([]);
  expect(Object.keys(samples).sort()).toEqual(formats.map(({ name }) => name).sort());
});
