import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

test("Get-VM as JSON and as CSV says who holds which address", () => {
  expect(told(samples["powercli"]![0]!)).toMatchObject({
    workloads: [
      "billing-api-1 | app=billing folder=Finance | class=server fqdn=billing-api-1.example.gov os=Ubuntu Linux (64-bit) | 10.0.2.11",
      "old-1 | folder=Attic | class=server os=Microsoft Windows Server 2008 (64-bit) | -",
    ],
    problems: [],
  });
  expect(told(samples["powercli"]![1]!)).toMatchObject({
    workloads: ["billing-api-1 | folder=Finance | class=server os=Ubuntu Linux (64-bit) | 10.0.2.11"],
    problems: [],
  });
});

test("an export without addresses is told with the command that has them", () => {
  const { workloads, problems } = told('"Name","PowerState","VMHost","Guest"\n"a","PoweredOn","esx1","a:Linux"\n');
  expect(workloads).toEqual(["a | - | class=server os=Linux | -"]);
  expect(problems).toEqual([expect.stringContaining("Get-VM | Select Name,PowerState,VMHost")]);
});
