import { instantOf } from "@bulkhead/core/base/instant";
import { expect, test } from "vitest";
import { ciscoAsa } from "../sources/cisco-asa/decode.ts";
import { decodedBy } from "../sources/testing/decoded-by.ts";
import { arrived } from "./arrival.ts";

const now = instantOf("2026-11-25T12:00:00Z")!;
const message = "%ASA-6-302014: Teardown TCP connection 8 for outside:203.0.113.9/443 to inside:10.0.0.7/40123 duration 0:00:30 bytes 9 TCP FINs\n";

function heard(before: string): readonly unknown[] {
  return decodedBy(ciscoAsa, before + message).flatMap((one) => {
    const told = arrived(one, now);
    return told.kind === "connection" ? [told.connection.last, told.connection.first, told.connection.note?.replace(/^ended.*together/, "…") ?? null] : [];
  });
}

test("a time without a year or a zone is the time of arrival, and what it lasted stays", () => {
  expect(heard("<166>Nov 25 08:52:35 asa-1 ")).toEqual([now, now, "…; time of arrival"]);
  expect(heard("<166>Nov 25 2026 04:00:01 asa-1 : ")).toEqual([now, now - 30_000_000, "…; time of arrival"]);
});

test("a time with its zone is believed", () => {
  expect(heard("<166>1 2026-11-25T11:59:59Z asa-1 - - - - ")).toEqual([now - 1_000_000, now - 31_000_000, "…"]);
});
