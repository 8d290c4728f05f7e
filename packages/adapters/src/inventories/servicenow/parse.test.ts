import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

test("configuration items become workloads with the labels that their columns mean; what is retired holds no address", () => {
  expect(told(samples["servicenow"]![0]!)).toMatchObject({
    workloads: [
      "billing-api-1 | app=billing env=Production location=HQ | class=cmdb_ci_linux_server fqdn=billing-api-1.example.gov os=Red Hat owner=team-billing | 10.0.2.11",
      "old-1 | location=HQ | class=cmdb_ci_win_server os=Windows 2008 | -",
    ],
    problems: [],
  });
});

test("an item without a name is told with its line", () => {
  expect(told("name,ip_address,sys_id,sys_class_name\n,10.0.0.1,1,server\nweb-1,10.0.0.999,2,server\n").problems).toEqual([
    "line 2 has no name",
    "line 3: `10.0.0.999` is no address",
  ]);
});
