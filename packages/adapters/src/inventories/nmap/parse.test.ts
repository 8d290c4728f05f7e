import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

const scan = samples["nmap"]![0]!;

test("hosts that are up are called by their name, and hold their addresses since they were scanned", () => {
  expect(told(scan)).toMatchObject({
    workloads: [
      "billing-api-1 | - | fqdn=billing-api-1.example.gov mac=00:50:56:aa:00:01 os=Linux 5.0 - 6.2 | 10.0.2.11[11-25T10:01..]",
      "unnamed-10.0.2.77 | - | - | 10.0.2.77[11-25T10:00..]",
    ],
    problems: [],
  });
});

test("XML that is cut, declares entities or nests without end is refused with its line", () => {
  expect(told(scan.slice(0, 700)).problems).toEqual([expect.stringMatching(/^line \d+: /)]);
  expect(told(scan.replace("<!DOCTYPE nmaprun>", '<!DOCTYPE nmaprun [<!ENTITY a "b">]>')).problems).toEqual([
    "line 2: the document declares entities of its own, which are not read",
  ]);
  expect(told(`<?xml version="1.0"?><nmaprun>${"<a>".repeat(5000)}`).problems).toEqual(["line 1: elements nest deeper than 100"]);
});
