import { expect, test } from "vitest";
import { seenCountsOf, seenLines } from "./seen-counts.ts";

const times = { observer: "web-1", from: "2026-11-25T12:00:00Z", until: "2026-11-25T12:00:10Z" };
const set = (name: string, concat: readonly unknown[], packets: number) => ({
  set: { name, elem: [{ elem: { val: { concat }, counter: { packets, bytes: packets * 60 } } }] },
});
const total = (name: string, packets: number) => ({ set: { name, elem: [{ elem: { val: 2, counter: { packets, bytes: 0 } } }] } });
const key = ["10.0.0.9", "10.0.0.7", 6, 80];
const reading = (opened: number, asked: number, handle = 4) =>
  seenCountsOf(
    JSON.stringify({
      nftables: [
        { table: { handle } },
        set("opened4", key, opened),
        set("asked4", key, asked),
        set("answered4", key, asked),
        total("total", 9),
        total("kept", 7),
      ],
    }),
  )!;
const told = (text: string): readonly Record<string, unknown>[] =>
  text
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("counters go on for ever, records tell what was new", () => {
  expect(told(seenLines(null, reading(2, 10), times))).toMatchObject([{ client: "10.0.0.9", port: 80, opened: 2, packetsToServer: 10, bytesToServer: 600 }]);
  expect(told(seenLines(reading(2, 10), reading(3, 14), times))).toMatchObject([{ opened: 1, packetsToServer: 4, bytesToServer: 240 }]);
  expect(seenLines(reading(2, 10), reading(2, 10), times)).toBe("");
});

test("an element that ran out, or a table made anew, counts from nothing", () => {
  expect(told(seenLines(reading(5, 50), reading(1, 3), times))).toMatchObject([{ opened: 1, packetsToServer: 3 }]);
  expect(told(seenLines(reading(1, 3), reading(5, 50, 9), times))).toMatchObject([{ opened: 5, packetsToServer: 50 }]);
});

test("what found no room is counted", () => {
  expect(reading(1, 1).lost).toBe(2);
});

test("echoes have a type in place of a port, and no answer is told", () => {
  const now = seenCountsOf(JSON.stringify({ nftables: [set("echo6", ["fd00::1", "fd00::2", 128], 3)] }))!;
  expect(told(seenLines(null, now, times))).toMatchObject([{ protocol: 58, port: 128, opened: 3, packetsToClient: null }]);
});

test("what nft prints of a damaged table is not guessed at", () => {
  expect(seenCountsOf("{")).toBeNull();
});
