import { expect, test } from "vitest";
import { instantOf, instantText, midnightOf } from "./instant.ts";

test("an instant keeps its microseconds through text", () => {
  expect(instantText(instantOf("2026-11-25T13:00:00.123456+01:00")!)).toBe("2026-11-25T12:00:00.123456Z");
});

test("a day or an hour that does not exist is no instant", () => {
  // JavaScript reads it as the next midnight, RFC 3339 has no such hour.
  expect(instantOf("2026-12-15T24:00:00Z")).toBeUndefined();
  expect(instantOf("2026-12-15T23:59:59Z")).toBeDefined();
  expect(midnightOf("2026-11-31")).toBeUndefined();
  expect(instantOf("2027-02-29T00:00:00Z")).toBeUndefined();
  expect(instantOf("2026-12-15T12:00:00")).toBeUndefined();
});
