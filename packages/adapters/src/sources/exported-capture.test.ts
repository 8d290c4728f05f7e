import { expect, test } from "vitest";
import { fromCapture } from "./exported-capture.ts";
import { message10, message5, set, template10 } from "./netflow/testing/messages.ts";
import { ipfix, netflow } from "./netflow/decode.ts";
import { be16, classicCapture, ethernet, icmp, ip, type Stamped, udp } from "./pcap/testing/packets.ts";
import { sflow } from "./sflow/decode.ts";
import { sflowSamples } from "./sflow/testing/samples.ts";
import { connectionsBy, decodedBy } from "./testing/decoded-by.ts";

const sent = (from: string, payload: Uint8Array) =>
  ethernet(ip({ from, to: from.includes(":") ? "2001:db8::99" : "192.0.2.99", protocol: 17 }, udp([50_000, 2055], [...payload])));
const flow = { from: "10.0.0.7", to: "10.0.0.9", ports: [40_123, 443] } as const;
const capture = (...packets: readonly (readonly number[])[]): Uint8Array => classicCapture(packets.map((packet, at): Stamped => [at, packet]));

test("exports are read from a capture of them, when they are asked for: each from who sent it, templates apart", () => {
  const template = message10([template10(256, "8:4 12:4 4:1")]);
  const records = message10([set(256, [10, 0, 0, 7, 10, 0, 0, 9, 17])]);
  const bytes = capture(
    sent("192.0.2.1", template),
    sent("192.0.2.1", records),
    sent("192.0.2.2", records),
    sent("2001:db8::1", message5([flow, flow])),
    ethernet(ip({ from: "192.0.2.1", to: "192.0.2.99", protocol: 1 }, icmp(8))),
    ethernet(ip({ from: "192.0.2.1", to: "192.0.2.99", protocol: 17 }, [...be16(53), ...be16(53), ...be16(30), 0, 0, ...Array<number>(22).fill(7)])),
  );
  const format = fromCapture(ipfix, bytes, "export.pcap")!;
  expect(connectionsBy(format, bytes).map(({ observer, record, server }) => `${observer} ${record} ${server}`)).toEqual([
    "192.0.2.1 1 10.0.0.9",
    "2001:db8::1 2 10.0.0.9",
    "2001:db8::1 3 10.0.0.9",
  ]);
  for (const pieceBytes of [1, 7, 100]) expect(decodedBy(format, bytes, pieceBytes)).toEqual(decodedBy(format, bytes));
});

test("sFlow gets its times from the capture", () => {
  const bytes = capture(sent("192.0.2.1", sflowSamples[0]!));
  expect(connectionsBy(fromCapture(sflow, bytes, "x")!, bytes)[0]).toMatchObject({ observer: "192.0.2.9", first: 1_000_000_000_000_000 });
});

test("what is no capture is read as it is, and a capture that nobody asked to look into is a capture", () => {
  expect(fromCapture(netflow, message5([flow]), "x")).toBeNull();
  expect(fromCapture({ name: "zeek-conn" }, capture(), "x")).toBeNull();
});
