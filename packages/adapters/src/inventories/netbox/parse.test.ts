import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

const [page = "", devices = "", addresses = "", prefixes = "", vlans = ""] = samples["netbox"]!;

test("the API's devices, machines and addresses become workloads; what is planned holds no address", () => {
  expect(told(page)).toEqual({
    workloads: [
      "sw-1 | app=network cost=12 role=access-switch site=HQ tags=prod | class=device os=IOS XE | 10.0.9.1 10.0.9.2",
      "vm-2 | cluster=c1 | class=server | -",
      // Machines take turns at it, so it is nobody's own.
      "gw.example.gov | - | class=virtual-address fqdn=gw.example.gov | 10.0.9.254",
    ],
    networks: ["prefix | mgmt | 10.0.9.0/24 | role=Management site=HQ status=active vlan=9", "vlan | mgmt | - | status=active vlan=9"],
    problems: [],
  });
});

test("a page that is not the last one is told", () => {
  expect(told(page.replace('"next":null', '"next":"https://netbox.example.gov/api/?offset=50"')).problems).toEqual([
    expect.stringContaining("one page of several"),
  ]);
});

test("lists exported as CSV say the same", () => {
  expect(told(devices).workloads).toEqual(["sw-1 | role=access-switch site=HQ tags=prod core tenant=IT | class=device | 10.0.9.1"]);
  expect(told(addresses).workloads).toEqual(["sw-1 | - | - | 10.0.9.2"]);
  expect(told(prefixes)).toEqual({
    workloads: [],
    networks: ["prefix | mgmt (9) | 10.0.9.0/24 | role=Management site=HQ status=Active tenant=IT vlan=mgmt (9)"],
    problems: ["line 3: `10.0.9.7/24` is no prefix"],
  });
  expect(told(vlans).networks).toEqual(["vlan | mgmt | - | role=Management site=HQ status=Active tenant=IT vlan=9"]);
});

test("a CSV of one's own with the columns of NetBox stays one's own", () => {
  expect(told("id,name,status,role,site,manufacturer,address\nweb-1,x,active,web,HQ,Dell,10.0.0.1\n").workloads).toEqual([
    "web-1 | manufacturer=Dell name=x role=web site=HQ status=active | - | 10.0.0.1",
  ]);
});
