import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

const header = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n";
const row = (mac: string, lifetime: number, expire: string, state = 0): string =>
  `10.0.1.1,52:54:00:aa:00:${mac},,${lifetime},${Date.parse(`2026-11-25T${expire}:00:00Z`) / 1000},1,0,0,,${state},,0\n`;

test("renewals in the journal are one lease, and a prefix that is delegated is nobody's address", () => {
  expect(told(samples["kea"]![0]!)).toMatchObject({
    workloads: [
      "laptop-1 | - | fqdn=laptop-1.example.gov mac=52:54:00:aa:00:01 | 10.0.1.20[11-25T11:00..11-25T13:00]",
      "mac-52:54:00:aa:00:02 | - | mac=52:54:00:aa:00:02 | 10.0.1.21",
    ],
    problems: [],
  });
  expect(told(samples["kea"]![1]!).workloads).toEqual(["laptop-1 | - | mac=52:54:00:aa:00:01 | 2001:db8::20[11-25T12:00..11-25T13:00]"]);
});

test("a lease that was given back ends then, and one that was declined was never held", () => {
  expect(told(header + row("01", 36_000, "20") + row("01", 0, "12")).workloads[0]).toContain("[11-25T10:00..11-25T12:00]");
  expect(told(header + row("01", 36_000, "20", 1)).workloads).toEqual([]);
});

test("bad rows are told with their line", () => {
  expect(told(`${header}nowhere,,,1,2,1,0,0,,0,,\n10.0.1.1,,,x,2,1,0,0,,0,,\n10.0.1.1,,,10,20,1,0,0,,0,,\n10.0.1.1\n`).problems).toEqual([
    "line 2: `nowhere` is no address",
    "line 3: `valid_lifetime` and `expire` are seconds",
    "line 5: 1 columns, the header names 12",
    "line 4: the lease of `10.0.1.1` names no client",
  ]);
});
