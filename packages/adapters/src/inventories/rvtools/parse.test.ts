import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

test("vInfo gives machines with their attributes; templates are none, and what is off holds no address", () => {
  expect(told(samples["rvtools"]![0]!)).toMatchObject({
    workloads: [
      "Billing API 1 | app=billing cluster=c1 datacenter=east env=prod folder=Finance | class=server fqdn=billing-api-1.example.gov os=Red Hat Enterprise Linux 9 (64-bit) owner=team-billing | 10.0.2.11",
      "billing-db-1 | app=billing cluster=c1 datacenter=east env=prod folder=Finance | class=server fqdn=billing-db-1 | -",
    ],
    problems: [],
  });
});

test("vNetwork gives every address of every card, whatever the country's delimiter", () => {
  expect(told(samples["rvtools"]![1]!).workloads).toEqual(["Billing API 1 | - | class=server mac=00:50:56:aa:00:01 | 10.0.2.11 10.0.3.11 2001:db8::11"]);
});

test("a machine with two cards has both hardware addresses, and that is no contradiction", () => {
  const text = "VM,Powerstate,VM UUID,Mac Address,IPv4 Address\nweb,poweredOn,u1,00:50:56:aa:00:01,10.0.0.1\nweb,poweredOn,u1,00:50:56:aa:00:02,10.0.0.2\n";
  expect(told(text)).toMatchObject({ workloads: ["web | - | class=server mac=00:50:56:aa:00:01 00:50:56:aa:00:02 | 10.0.0.1 10.0.0.2"], problems: [] });
});

test("two machines with one name stay two", () => {
  const text = "VM,Powerstate,VM UUID,Primary IP Address\nweb,poweredOn,u1,10.0.0.1\nweb,poweredOn,u2,10.0.0.2\nweb,poweredOn,u1,10.0.0.3\n";
  expect(
    told(text)
      .workloads.map((line) => line.split(" | "))
      .map(([id, , , addresses]) => [id, addresses]),
  ).toEqual([
    ["web", "10.0.0.1 10.0.0.3"],
    ["web (u2)", "10.0.0.2"],
  ]);
});

test("the workbook itself is refused with what to do", () => {
  expect(told("PK\u0003\u0004\u0014\u0000rest").problems).toEqual([expect.stringContaining("save each sheet as CSV")]);
});
