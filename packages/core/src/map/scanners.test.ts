import { expect, test } from "vitest";
import type { Connection } from "../model/connection.ts";
import { attributionOf, flowsOf } from "../telemetry/attribute.ts";
import { conversationsOf } from "../telemetry/conversations.ts";
import { told } from "../telemetry/testing/told.ts";
import { scannersAmong } from "./scanners.ts";

const held = attributionOf([{ address: "10.0.0.1", from: null, until: null, holders: ["host"] }]);
const flowsFrom = (records: readonly Connection[]) => flowsOf(conversationsOf(records), held);
const scanners = (records: readonly Partial<Connection>[]) =>
  scannersAmong(flowsFrom(records.map((record, at) => told({ clientPort: 20_000 + at, ...record }))), () => "").map(({ name, servers, services }) => [
    name,
    servers,
    services,
  ]);
const count = (most: number): readonly number[] => Array.from({ length: most }, (_, at) => at + 1);

test("who knocks at five services of machine after machine is a scanner, wherever it has an address", () => {
  const wide = (client: string) =>
    count(24).flatMap((n) => [22, 80, 445, 3389, 5432].map((serverPort) => ({ client, server: `10.9.0.${n}`, serverPort, answered: serverPort === 22 })));
  expect(scanners(wide("10.0.0.1"))).toEqual([["host", 24, 5]]);
  expect(scanners(wide("192.168.7.7"))).toEqual([["192.168.7.7", 24, 5]]);
});

test("who tries a thousand ports of one machine is a scanner too", () => {
  expect(scanners(count(1000).map((serverPort) => ({ serverPort, answered: serverPort % 300 === 0 })))).toEqual([["host", 1, 1000]]);
});

test("who tries one port of machine after machine is a scanner too", () => {
  expect(scanners(count(40).map((n) => ({ server: `10.9.0.${n}`, serverPort: 445, answered: n < 5 })))).toEqual([["host", 40, 1]]);
});

test("monitoring is none, though it reaches everybody and some machines are down", () => {
  expect(scanners(count(60).flatMap((n) => [22, 9100, 161].map((serverPort) => ({ server: `10.9.0.${n}`, serverPort, answered: n > 8 }))))).toEqual([]);
});

test("whoever browses the whole internet is none, answered or not", () => {
  expect(
    scanners(count(200).flatMap((n) => [80, 443, 8080, 995].map((serverPort) => ({ server: `93.184.216.${n}`, serverPort, answered: n % 2 === 0 })))),
  ).toEqual([]);
});

test("names, DHCP, announcements, logs and traps are no tries, though nobody answers", () => {
  const quiet = [67, 68, 137, 138, 162, 514, 1900, 5353, 5355].flatMap((serverPort) =>
    count(30).map((n) => ({ server: `10.9.0.${n}`, serverPort, protocol: "udp", answered: false })),
  );
  const errors = count(30).map((n) => ({ server: `10.9.0.${n}`, protocol: "icmp", icmpType: 3, serverPort: null, clientPort: null, answered: false }));
  expect(scanners([...quiet, ...errors])).toEqual([]);
});

test("who opened what nobody could tell is no reason to accuse anybody", () => {
  const replies = count(400).map((n) => ({ server: "10.9.0.1", serverPort: n, answered: false, direction: "unknown" as const }));
  expect(flowsFrom(replies.map(told)).length).toBeGreaterThan(0);
  expect(scanners(replies.map((reply) => ({ ...reply, client: "10.9.0.2", clientPort: reply.serverPort })))).toEqual([]);
});
