import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

test("JSON of both PowerShells is read: addresses as objects or texts, dates as numbers", () => {
  expect(told(samples["windows-dhcp"]![1]!)).toMatchObject({
    workloads: [
      "laptop-1 | - | fqdn=laptop-1.example.gov mac=52:54:00:aa:00:01 | 10.0.1.20[11-25T12:00..11-25T20:00]",
      "mac-52:54:00:aa:00:02 | - | mac=52:54:00:aa:00:02 | 10.0.1.21[11-25T12:00..]",
    ],
    problems: [],
  });
});

test("a local time without a zone is not guessed: the lease stays open, and what to export is said", () => {
  const { workloads, problems } = told(samples["windows-dhcp"]![0]!);
  expect(workloads).toEqual(["laptop-1 | - | fqdn=laptop-1.example.gov mac=52:54:00:aa:00:01 | 10.0.1.20[11-25T12:00..]"]);
  expect(problems).toEqual([expect.stringMatching(/^line 3: `LeaseExpiryTime` .* names no time zone/)]);
});

test("a time with a zone in CSV is read", () => {
  const text =
    '"IPAddress","AddressState","ClientId","HostName","LeaseExpiryTime"\n"10.0.1.20","Active","52-54-00-aa-00-01","","2026-11-25T15:00:00.0000000-05:00"\n';
  expect(told(text)).toMatchObject({ workloads: ["mac-52:54:00:aa:00:01 | - | mac=52:54:00:aa:00:01 | 10.0.1.20[11-25T12:00..11-25T20:00]"], problems: [] });
});
