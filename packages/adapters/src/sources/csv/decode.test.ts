import { expect, test } from "vitest";
import { connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { csvFlows, type CsvMapping } from "./decode.ts";
import { rowOf } from "./row.ts";

const mapping: CsvMapping = {
  columns: {
    client: "src ip",
    server: "dst ip",
    serverPort: "dport",
    protocol: "proto",
    first: "time",
    bytesToServer: "sent",
    verdict: "action",
    rule: "rule",
  },
  delimiter: ",",
  time: "rfc3339",
  protocol: null,
  direction: "stated",
};
const header = '"src ip","dst ip",dport,proto,time,sent,action,rule\n';

test("a mapping says which column is what, in any order, with quotes as RFC 4180 has them", () => {
  const text = `${header}10.0.0.7,10.0.0.9,443,TCP,2026-11-25T12:00:00Z,840,Allowed,"web ""shop"", read"\r\n`;
  expect(connectionsBy(csvFlows(mapping), text)).toMatchObject([
    {
      source: "csv",
      record: 1,
      client: "10.0.0.7",
      clientPort: null,
      server: "10.0.0.9",
      serverPort: 443,
      protocol: "tcp",
      first: 1_795_608_000_000_000,
      last: null,
      bytesToServer: 840,
      bytesToClient: null,
      direction: "stated",
      answered: null,
      verdict: "allowed",
      rule: 'web "shop", read',
    },
  ]);
});

test("times are read in the unit that the mapping names", () => {
  const row = (time: string): string => `${header}10.0.0.7,10.0.0.9,443,6,${time},,,\n`;
  const times = { unix: "1795608000.25", "unix-ms": "1795608000250", "unix-us": "1795608000250000" } as const;
  for (const time of ["unix", "unix-ms", "unix-us"] as const)
    expect(connectionsBy(csvFlows({ ...mapping, time }), row(times[time]))).toMatchObject([{ first: 1_795_608_000_250_000 }]);
  for (const time of ["unix", "unix-ms", "unix-us"] as const)
    expect(rejectsBy(csvFlows({ ...mapping, time }), row("9999999999999999"))).toMatchObject([{ reason: "bad-time", line: 2 }]);
});

test("an empty cell is null, a wrong one is rejected", () => {
  const rows = [
    "10.0.0.7,10.0.0.9,,udp,,,,",
    "web-1,10.0.0.9,1,tcp,,,,",
    "10.0.0.7,10.0.0.9,x,tcp,,,,",
    "10.0.0.7,10.0.0.9,1,tcp,soon,,,",
    "10.0.0.7,10.0.0.9,1,tcp,,-1,,",
    '"10.0.0.7',
    "10.0.0.7,10.0.0.9,1,quic,,,,",
  ];
  expect(connectionsBy(csvFlows(mapping), header + rows.join("\n"))).toMatchObject([{ serverPort: null, first: null, bytesToServer: null, verdict: null }]);
  expect(rejectsBy(csvFlows(mapping), header + rows.join("\n")).map(({ reason }) => reason)).toEqual([
    "bad-address",
    "bad-port",
    "bad-time",
    "bad-number",
    "quotes",
    "bad-protocol",
  ]);
});

test("a column that the mapping names and the header lacks is said once", () => {
  expect(rejectsBy(csvFlows(mapping), "src ip,dst ip,proto\n10.0.0.7,10.0.0.9,tcp\n")).toMatchObject([{ reason: "no-column", line: 1 }]);
});

test("quoted cells keep delimiters and doubled quotes", () => {
  expect(rowOf('a,"b,""c""",,"",d', ",")).toEqual(["a", 'b,"c"', "", "", "d"]);
  expect(rowOf('a,"b', ",")).toBeNull();
});
