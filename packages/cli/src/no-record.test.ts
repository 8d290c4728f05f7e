import { instantOf } from "@bulkhead/core/base/instant";
import { expect, test } from "vitest";
import { noRecord } from "./no-record.ts";

const at = (text: string): number => instantOf(text)!;
const sources = [
  {
    source: "zeek-conn",
    file: "conn.log",
    observer: "core",
    records: 425,
    first: at("2026-11-25T08:00:00Z"),
    last: at("2026-11-25T09:00:00Z"),
  },
  { source: "pcap", file: "a.pcap", observer: null, records: 1, first: null, last: null },
];

test("where no record is what was asked, that is said in the words of the asking, and what would be next", () => {
  expect(noRecord({ client: "10.9.9.9", service: "tcp/1" }, sources)).toBe(
    "none of 426 records has --client 10.9.9.9 --service tcp/1\nnext: `bulkhead flows` lists them all; leave a flag out to see more\n",
  );
  expect(noRecord({}, [])).toBe("nothing was ingested yet\nnext: `bulkhead ingest PATH…` reads captures and flow logs\n");
  expect(noRecord({ limit: 0 }, sources)).toContain("--limit 0 asks for none");
});

test("a format, an observer and a time that nothing has are answered with those that there are", () => {
  expect(noRecord({ source: "zeek-con" }, sources)).toContain("did you mean `--source zeek-conn`?");
  expect(noRecord({ source: "netflow" }, sources)).toContain("--source can be pcap, zeek-conn\n");
  expect(noRecord({ observer: "cor" }, sources)).toContain("did you mean `--observer core`?");
  expect(noRecord({ observer: "x" }, sources.slice(1))).toContain("no record names one; leave --observer out");
  const outside = "next: they were seen from 2026-11-25T08:00:00Z to 2026-11-25T09:00:00Z\n";
  expect(noRecord({ since: at("2027-01-01T00:00:00Z") }, sources)).toContain(outside);
  expect(noRecord({ until: at("2026-01-01T00:00:00Z") }, sources)).toContain(outside);
  // The control: within that time something else left nothing.
  expect(noRecord({ since: at("2026-11-25T08:30:00Z") }, sources)).toContain("lists them all");
});
