import { instantText } from "@bulkhead/core/base/instant";
import { expect, test } from "vitest";
import { ciscoAsa } from "./cisco-asa/decode.ts";
import { type Dated, datedDecoder } from "./dated.ts";
import { whenOf } from "./when.ts";

const line = (time: string): string => `<166>${time} asa-1 %ASA-7-710005: UDP request discarded from 10.0.0.7/50000 to inside:10.0.0.1/161\n`;

/** The times of these lines, read as stated. */
function timesOf(times: readonly string[], dated: Dated): readonly string[] {
  const decoder = datedDecoder(ciscoAsa.decoder({ file: "file", ...(dated.year === undefined ? {} : { year: dated.year }) }), dated);
  const decoded = [...decoder.push(new TextEncoder().encode(times.map(line).join(""))), ...decoder.end()];
  return decoded.flatMap((one) => {
    if (one.kind !== "connection") return [];
    const { first, note } = one.connection;
    return [`${first === null ? "never" : instantText(first)}${note === null ? "" : `, ${note}`}`];
  });
}

test("a time without a year is none until somebody states the year of the first", () => {
  expect(timesOf(["Nov 25 12:00:00"], {})).toEqual(["never"]);
  expect(timesOf(["Nov 25 12:00:00"], { year: 2026 })).toEqual(["2026-11-25T12:00:00Z, time without a zone, read as UTC"]);
});

test("from December to January a year goes by, also where lines of the two stand mixed", () => {
  const times = ["Dec 31 23:59:59", "Jan  1 00:00:01", "Dec 31 23:59:58", "Jan  1 00:00:02", "Feb  1 00:00:00"];
  expect(timesOf(times, { year: 2025, east: 0 }).map((time) => time.slice(0, 10))).toEqual([
    "2025-12-31",
    "2026-01-01",
    "2025-12-31",
    "2026-01-01",
    "2026-02-01",
  ]);
});

test("a zone that is stated moves what names none, and only that", () => {
  const hour = 3_600_000_000;
  expect(timesOf(["Nov 25 2026 12:00:00", "2026-11-25T12:00:00Z"], { east: hour })).toEqual(["2026-11-25T11:00:00Z", "2026-11-25T12:00:00Z"]);
});

test("times are read in every form that logs have, and others are none", () => {
  const read = (text: string): string => {
    const { at, isZoned } = whenOf(text);
    return at === null ? "never" : `${instantText(at)}${isZoned ? "" : " without a zone"}`;
  };
  for (const text of [
    "2026-11-25T12:00:00Z",
    "2026-11-25 13:00:00 +0100",
    "2026-11-25T13:00:00+01:00",
    "Nov 25 2026 12:00:00 UTC",
    "1795608000",
    "1795608000000",
    "1795608000000000",
    "1795608000000000000",
    "1795608000.0",
  ])
    expect(read(text), text).toBe("2026-11-25T12:00:00Z");
  for (const text of ["2026/11/25 12:00:00", "Nov 25 2026 12:00:00", "Wed Nov 25 12:00:00 2026", "2026-11-25T12:00:00"])
    expect(read(text), text).toBe("2026-11-25T12:00:00Z without a zone");
  for (const text of ["", "yesterday", "Nov 25 12:00:00", "2026-13-25T12:00:00Z", "2026-11-25", "12:00:00", "Foo 25 2026 12:00:00", "99999999999999999999"])
    expect(read(text), text).toBe("never");
});
