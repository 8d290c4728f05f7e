import type { FlowFormat } from "@bulkhead/core/outside";
import { conversationsOf } from "@bulkhead/core/telemetry/conversations";
import { expect, test } from "vitest";
import { agentFlows } from "./agent/decode.ts";
import { azureNsg } from "./azure-nsg/decode.ts";
import { azureVnet } from "./azure-vnet/decode.ts";
import { formatOf } from "./open.ts";
import { connectionsBy } from "./testing/decoded-by.ts";

const told = (format: FlowFormat, content: string) =>
  conversationsOf(connectionsBy(format, content)).map(({ connections, answered, bytesToClient }) => ({ connections, answered, bytesToClient }));

const nsg = (...tuples: readonly string[]): string =>
  JSON.stringify({
    records: [{ category: "NetworkSecurityGroupFlowEvent", properties: { Version: 2, flows: [{ rule: "r", flows: [{ mac: "A", flowTuples: tuples }] }] } }],
  });
const vnet = (...tuples: readonly string[]): string =>
  JSON.stringify({
    records: [
      { flowLogVersion: 4, macAddress: "A", category: "FlowLogFlowEvent", flowRecords: { flows: [{ flowGroups: [{ rule: "r", flowTuples: tuples }] }] } },
    ],
  });

const ends = "10.0.0.7,10.0.0.9,40123,443";
const nsgParts = [`1764072000,${ends},T,I,A,B,,,,`, `1764072060,${ends},T,I,A,C,10,840,8,700`, `1764072120,${ends},T,I,A,E,2,80,1,40`];
const vnetParts = [`1764072000000,${ends},6,I,B,NX,0,0,0,0`, `1764072060000,${ends},6,I,C,NX,10,840,8,700`, `1764072120000,${ends},6,I,E,NX,2,80,1,40`];

test("a connection that Azure's logs begin, go on with and end is one, with the bytes of all its parts", () => {
  const one = [{ connections: 1, answered: 1, bytesToClient: 740 }];
  expect(told(azureNsg, nsg(...nsgParts))).toEqual(one);
  expect(told(azureVnet, vnet(...vnetParts))).toEqual(one);
  // A log that begins in its middle tells one, too.
  expect(told(azureNsg, nsg(...nsgParts.slice(1)))).toEqual(one);
  expect(told(azureVnet, vnet(...vnetParts.slice(1)))).toEqual(one);
});

test("two beginnings between the same ports are two, and a denial goes on with nothing", () => {
  expect(told(azureNsg, nsg(...nsgParts, `1764072180,${ends},T,I,A,B,,,,`))).toMatchObject([{ connections: 2, answered: 1 }]);
  expect(told(azureNsg, nsg(...nsgParts, `1764072180,${ends},T,I,D,B,,,,`))).toMatchObject([{ connections: 2, answered: 1 }]);
});

test("one long connection that an agent sees in every interval is one", () => {
  const seen = {
    bulkhead: "flows/1",
    observer: "web-1",
    client: "10.0.0.7",
    server: "10.0.0.9",
    protocol: 6,
    port: 443,
    packetsToServer: 1,
    packetsToClient: 1,
  };
  const interval = (at: number, opened: number): string =>
    `${JSON.stringify({ ...seen, opened, from: `2026-11-28T12:00:${at}0Z`, until: `2026-11-28T12:00:${at + 1}0Z` })}\n`;
  const four = [1, 0, 0, 0].map((opened, at) => interval(at, opened)).join("");
  expect(told(agentFlows, four)).toMatchObject([{ connections: 1, answered: 1 }]);
  expect(told(agentFlows, four.replaceAll('"opened":0', '"opened":1'))).toMatchObject([{ connections: 4, answered: 4 }]);
});

test("what is told while it is open counts once with its end, and its bytes count once; without the remark it would be two", () => {
  const fortinet = (action: string, sent: number): string =>
    `date=2026-11-25 time=12:00:00 devname="fw" type="traffic" subtype="forward" sessionid=7 srcip=10.0.0.7 srcport=40123 dstip=10.0.0.9 dstport=443 proto=6 action="${action}" sentbyte=${sent} rcvdbyte=${sent * 2} sentdelta=1 rcvddelta=1\n`;
  const decoder = formatOf("fortinet")!.decoder({ file: "fw.log" });
  const utf8 = new TextEncoder();
  const decoded = [
    ...decoder.push(utf8.encode(fortinet("accept", 100))),
    ...(decoder.rest?.() ?? []),
    ...(decoder.rest?.() ?? []),
    ...decoder.push(utf8.encode(fortinet("close", 700))),
    ...decoder.end(),
  ];
  const records = decoded.flatMap((one) => (one.kind === "connection" ? [one.connection] : []));
  expect(records.map(({ record, bytesToServer, note }) => [record, bytesToServer, note?.endsWith("ends") ?? false])).toEqual([
    [1, 100, false],
    [1, 600, true],
  ]);
  expect(conversationsOf(records)).toMatchObject([{ connections: 1, bytesToClient: 1400 }]);
  expect(conversationsOf(records.map((one) => ({ ...one, note: null })))).toMatchObject([{ connections: 2 }]);
});
