import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

test("a lease runs from when the file was written until its expiry; 0 is never", () => {
  expect(told(samples["dnsmasq"]![0]!)).toMatchObject({
    workloads: [
      "laptop-1 | - | mac=52:54:00:aa:00:01 | 10.0.1.20[11-25T12:00..11-25T16:00] 2001:db8::20[11-25T12:00..11-25T16:00]",
      "mac-52:54:00:aa:00:02 | - | mac=52:54:00:aa:00:02 | 10.0.1.21[11-25T12:00..]",
    ],
    problems: [],
  });
});

test("an expired lease is held no more, and a broken line is told with its number", () => {
  expect(told("1764057600 52:54:00:aa:00:01 10.0.1.20 laptop-1 *\nrubbish\n")).toMatchObject({
    workloads: [],
    problems: ["line 2: `rubbish` is no lease of dnsmasq"],
  });
});
