import { expect, test } from "vitest";
import { connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { azureVnet } from "./decode.ts";

const read = (...tuples: readonly string[]): string =>
  JSON.stringify({
    records: [
      { flowLogVersion: 4, macAddress: "00224871C205", flowRecords: { flows: [{ aclID: "a", flowGroups: [{ rule: "AllowShop", flowTuples: tuples }] }] } },
    ],
  });

test("a tuple has its time in milliseconds, its protocol as a number, and says whether it was encrypted", () => {
  expect(
    connectionsBy(
      azureVnet,
      read(
        "1764072000599,10.0.0.7,10.0.0.9,40123,443,6,O,B,X,0,0,0,0",
        "1764072000606,10.0.0.7,10.0.0.9,40123,443,6,O,E,NX_HW_NOT_SUPPORTED,3,767,2,1580",
        "1764072000700,10.0.0.7,10.0.0.9,0,0,1,I,D,NX,0,0,0,0",
        "1764072000800,10.0.0.7,10.0.0.9,0,0,47,I,C,NX,1,99,0,0",
      ),
    ),
  ).toMatchObject([
    {
      first: 1_764_072_000_599_000,
      protocol: "tcp",
      clientPort: 40_123,
      packetsToServer: null,
      verdict: "allowed",
      rule: "AllowShop",
      note: "begins; encrypted",
    },
    {
      packetsToServer: 3,
      bytesToServer: 767,
      packetsToClient: 2,
      bytesToClient: 1580,
      answered: true,
      note: "ends; not encrypted: the hardware does not support it",
    },
    { protocol: "icmp", clientPort: null, serverPort: null, verdict: "denied", answered: false, observer: "00224871C205" },
    { protocol: "47", serverPort: null, packetsToServer: 1, answered: null },
  ]);
});

test("a state that is none of the four is no verdict to guess", () => {
  expect(rejectsBy(azureVnet, read("1764072000599,10.0.0.7,10.0.0.9,40123,443,6,O,Q,NX,0,0,0,0"))).toMatchObject([
    { reason: "bad-verdict", record: 1, line: 1 },
  ]);
});
